using System.Globalization;

namespace Kennel.Store.Sqlite;

/// <summary>
/// One process a data directory. The operating system holds the lock (flock) and lets it go when the process ends, however it ends;
/// the file beside it only tells who it is.
/// </summary>
internal sealed class DirectoryLock : IDisposable
{
    /// <summary>How the systems say that somebody else has the lock (Linux, macOS, Windows).</summary>
    private const int WouldBlock = 11, WouldBlockOnMac = 35, SharingViolation = unchecked((int)0x80070020);

    private readonly FileStream _file;

    private DirectoryLock(FileStream file) => _file = file;

    /// <exception cref="StoreUnavailableException">Another process has the directory.</exception>
    public static DirectoryLock Take(string directory)
    {
        var owner = Path.Combine(directory, "store.pid");
        FileStream file;
        try
        {
            // sharing nothing is an exclusive flock on Unix; children don't inherit it (O_CLOEXEC)
            file = new FileStream(Path.Combine(directory, "store.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.HResult is WouldBlock or WouldBlockOnMac or SharingViolation)
        {
            throw new StoreUnavailableException($"the data directory {directory} is in use by another kennel (pid {Owner(owner)}): stop that one, or give this one a directory of its own", e);
        }

        Tell(owner);
        return new DirectoryLock(file);
    }

    public void Dispose() => _file.Dispose();

    private static void Tell(string path)
    {
        try
        {
            File.WriteAllText(path, Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
        }
        catch (IOException)
        {
            // a full disk: the lock is held all the same
        }
    }

    private static string Owner(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (IOException)
        {
            return "unknown";
        }
    }
}
