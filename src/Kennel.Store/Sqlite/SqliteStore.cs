using Kennel.Store.Journal;
using Kennel.Store.Sealing;

namespace Kennel.Store.Sqlite;

/// <summary>The embedded engine.</summary>
public static class SqliteStore
{
    /// <summary>The file in the data directory; SQLite keeps its log (<c>-wal</c>, <c>-shm</c>) beside it.</summary>
    public const string FileName = "store.db";

    /// <summary>A store holds secrets: only its owner may read it. (SQLite makes its log with the same mode.)</summary>
    private const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Opens the store in a directory, and makes both if they aren't there.</summary>
    /// <param name="warn">Gets a sentence when something is worse than it could be, such as a missing system library.</param>
    /// <param name="seal">Keeps some values from whoever reads the file; null: all are in it as they are. Is let go with the store.</param>
    /// <exception cref="StoreUnavailableException">The directory is in use, can't be written, or its file is damaged.</exception>
    public static IStore Open(string directory, TimeProvider time, Action<string> warn, Seal? seal = null)
    {
        Library.Load(warn);
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(directory);
            else Directory.CreateDirectory(directory, Mine | UnixFileMode.UserExecute);
            return Open(directory, time, DirectoryLock.Take(directory), seal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException($"the data directory {directory} can't be used: {e.Message}", e);
        }
    }

    private static IStore Open(string directory, TimeProvider time, DirectoryLock held, Seal? seal)
    {
        try
        {
            var path = Path.Combine(directory, FileName);
            if (!File.Exists(path)) Create(path);
            IJournal journal = new SqliteJournal(path, held);
            return Open(seal is null ? journal : new SealedJournal(journal, seal), time);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    internal static IStore Open(IJournal journal, TimeProvider time)
    {
        try
        {
            return new JournaledStore(journal, time);
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    private static void Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = Mine;
        new FileStream(path, options).Dispose();
    }
}
