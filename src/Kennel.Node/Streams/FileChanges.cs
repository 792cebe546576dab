namespace Kennel.Node.Streams;

/// <summary>
/// Wakes when something happens to a log file. The kernel tells; a look every second goes with it, because a container's end is not an event of
/// its log, and because the machine's number of watches is limited.
/// </summary>
internal sealed class FileChanges : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private readonly FileSystemWatcher? _watcher;
    private readonly SemaphoreSlim _changed = new(0, 1);
    private readonly ITimer _timer;

    public FileChanges(string path, TimeProvider time)
    {
        _watcher = Watch(path);
        _timer = time.CreateTimer(_ => Signal(), null, Period, Period);
    }

    public Task Next(CancellationToken cancel) => _changed.WaitAsync(cancel);

    public void Dispose()
    {
        _watcher?.Dispose();
        _timer.Dispose();
    }

    private FileSystemWatcher? Watch(string path)
    {
        FileSystemWatcher? watcher = null;
        try
        {
            watcher = new FileSystemWatcher(Path.GetDirectoryName(path)!, Path.GetFileName(path))
            {
                NotifyFilter = NotifyFilters.Size | NotifyFilters.LastWrite | NotifyFilters.FileName,
            };
            watcher.Changed += (_, _) => Signal();
            watcher.Created += (_, _) => Signal();
            watcher.Renamed += (_, _) => Signal();
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception refused) when (refused is IOException or ArgumentException)
        {
            watcher?.Dispose();
            return null; // the timer is enough
        }
    }

    private void Signal()
    {
        try
        {
            _changed.Release();
        }
        catch (SemaphoreFullException)
        {
            // one waking is enough
        }
    }
}
