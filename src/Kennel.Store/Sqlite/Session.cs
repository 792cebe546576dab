using Kennel.Store.Journal;

namespace Kennel.Store.Sqlite;

/// <summary>An open journal file with its prepared statements.</summary>
internal sealed class Session : IDisposable
{
    /// <summary>A file is made smaller when more than a quarter of it, and 4 MiB, are free pages: else writes will use them again.</summary>
    private const int FreeShare = 4, FreePages = 1024;

    /// <summary>Pages a step: some milliseconds, for which writes have to wait.</summary>
    private const string ShrinkStep = "PRAGMA incremental_vacuum(512)";

    private readonly Statement _begin, _commit, _rollback, _insert, _delete, _compacted;

    private Session(Connection connection, string path, bool alone)
    {
        Connection = connection;
        Schema.Prepare(connection, path, alone);
        _begin = connection.Prepare("BEGIN IMMEDIATE");
        _commit = connection.Prepare("COMMIT");
        _rollback = connection.Prepare("ROLLBACK");
        _insert = connection.Prepare("INSERT INTO changes (revision, created, deleted, key, value) VALUES (?, ?, ?, ?, ?)");
        _delete = connection.Prepare("DELETE FROM changes WHERE revision = ?");
        _compacted = connection.Prepare("UPDATE meta SET value = ? WHERE name = 'compacted'");
    }

    public Connection Connection { get; }

    public static Session Open(string path)
    {
        try
        {
            return Open(path, alone: false);
        }
        catch (SqliteError e) when (e.Code == Native.Full)
        {
            // Not even room for the shared memory beside the log. Alone we need none, and what is there can at least be read.
            return Open(path, alone: true);
        }
    }

    public Recovered Load()
    {
        var compacted = Connection.Run("SELECT value FROM meta WHERE name = 'compacted'");
        var rows = new List<JournalRow>();
        using var all = Connection.Prepare("SELECT revision, created, deleted, key, value FROM changes ORDER BY revision");
        while (all.Step())
        {
            var entry = new Entry(all.Text(3), all.Bytes(4).ToArray(), all.Long(1), all.Long(0));
            rows.Add(new JournalRow(entry, all.Long(2) != 0));
        }

        return new Recovered(compacted, rows);
    }

    public void Write(JournalBatch batch, bool compacts)
    {
        _begin.Run();
        try
        {
            foreach (var change in batch.Changes) Insert(change);
            foreach (var revision in batch.Forgotten) _delete.Bind(1, revision).Run();
            if (compacts) _compacted.Bind(1, batch.Compacted).Run();
            _commit.Run();
        }
        finally
        {
            // a commit that went through has left the transaction; on some errors SQLite has rolled back by itself
            if (Connection.InTransaction) _rollback.Run();
        }
    }

    /// <summary>Removes what stands after a revision.</summary>
    public void Forget(long after) => Connection.Run($"DELETE FROM changes WHERE revision > {after}");

    /// <summary>Gives free pages at the end of the file back, some at a time.</summary>
    /// <returns>Whether there are more.</returns>
    public bool Shrink()
    {
        var free = Connection.Run("PRAGMA freelist_count");
        if (free < FreePages || free < Connection.Run("PRAGMA page_count") / FreeShare) return false;
        Connection.Run(ShrinkStep);
        return true;
    }

    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<Statement>)[_begin, _commit, _rollback, _insert, _delete, _compacted]) statement.Dispose();
        Connection.Dispose();
    }

    private static Session Open(string path, bool alone)
    {
        var connection = new Connection(path);
        try
        {
            return new Session(connection, path, alone);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void Insert(Change change)
    {
        var entry = change.Entry;
        _insert.Bind(1, entry.Modified).Bind(2, entry.Created).Bind(3, change.Kind == ChangeKind.Deleted ? 1 : 0).Bind(4, entry.Key)
            .Bind(5, entry.Value.Span).Run();
    }
}
