namespace Kennel.Store.Sqlite;

/// <summary>
/// What is in the file: one append-only table of changes. A write is one row at its end; a forgotten one is deleted by its revision.
/// So no index is needed: the current state is the newest row of every key, and memory knows which rows those are.
/// </summary>
internal static class Schema
{
    private const long Version = 1;

    /// <summary>Settings of the file; they must stand before its first table.</summary>
    private const string Settings = """
        PRAGMA auto_vacuum = INCREMENTAL;
        PRAGMA journal_mode = WAL
        """;

    /// <summary>
    /// Settings of the connection. FULL: a commit returns when the log is on the disk. The log is written back every 4 MiB, and is
    /// cut to 16 MiB if a burst made it longer.
    /// </summary>
    private const string Session = """
        PRAGMA synchronous = FULL;
        PRAGMA wal_autocheckpoint = 1000;
        PRAGMA journal_size_limit = 16777216
        """;

    private const string Tables = """
        BEGIN IMMEDIATE;
        CREATE TABLE changes (revision INTEGER PRIMARY KEY, created INTEGER NOT NULL, deleted INTEGER NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL);
        CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        INSERT INTO meta VALUES ('compacted', 1);
        PRAGMA user_version = 1;
        COMMIT
        """;

    /// <param name="alone">Nobody else may look at the file meanwhile, and no shared memory is needed for it.</param>
    public static void Prepare(Connection connection, string path, bool alone)
    {
        if (alone) connection.Run("PRAGMA locking_mode = EXCLUSIVE");
        RunAll(connection, Session);
        var version = connection.Run("PRAGMA user_version");
        if (version > Version)
            throw new StoreUnavailableException($"{path} was written by a newer kennel (format {version}, this one knows {Version}): start that one");
        if (version > 0) return; // the settings of the file would be written again, and a disk may be full
        RunAll(connection, Settings);
        RunAll(connection, Tables);
    }

    private static void RunAll(Connection connection, string sql)
    {
        foreach (var statement in sql.Split(';')) connection.Run(statement.Trim());
    }
}
