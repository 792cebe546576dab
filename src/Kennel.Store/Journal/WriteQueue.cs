namespace Kennel.Store.Journal;

/// <summary>Writes on their way to the one writer thread; bounded in number and in bytes: whoever is too many waits outside.</summary>
/// <param name="due">Called when there is something to take, for a writer that doesn't sleep in <see cref="Take"/>; null for one that does.</param>
internal sealed class WriteQueue(Action? due = null)
{
    /// <summary>Some tenths of a second of work; an API server has fewer requests in flight.</summary>
    private const int MostWaiting = 4096;

    /// <summary>Bounds the memory that waiting values hold.</summary>
    private const int MostWaitingBytes = 64 << 20;

    /// <summary>A transaction of so many writes takes milliseconds, so that none waits long for its group.</summary>
    private const int MostBatched = 512;

    private const int MostBatchedBytes = 4 << 20;

    private readonly object _gate = new(); // a monitor: the writer thread sleeps on it
    private readonly Queue<PendingWrite> _waiting = new();
    private TaskCompletionSource? _room;
    private long _bytes;
    private bool _poked;
    private bool _closed;

    /// <summary>Hands a write over. Waits for room, and only that can be cancelled: afterwards the write happens.</summary>
    public async ValueTask Add(PendingWrite write, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        while (!Took(write, out var room)) await room.WaitAsync(cancel);
        due?.Invoke();
    }

    /// <summary>Lets the writer thread take an empty batch, to look for other work.</summary>
    public void Poke()
    {
        lock (_gate)
        {
            _poked = true;
            Monitor.Pulse(_gate);
        }

        due?.Invoke();
    }

    /// <summary>No more writes are taken; those that wait are still handed out.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.Pulse(_gate);
        }

        due?.Invoke();
    }

    /// <summary>Blocks until there are writes (or a poke) and moves them into the batch; false when the queue is closed and empty.</summary>
    /// <param name="wait">Otherwise false too when there is nothing now.</param>
    public bool Take(List<PendingWrite> batch, bool wait = true)
    {
        batch.Clear();
        lock (_gate)
        {
            while (wait && _waiting.Count == 0 && !_poked && !_closed) Monitor.Wait(_gate);
            var bytes = 0L;
            while (batch.Count < MostBatched && bytes < MostBatchedBytes && _waiting.TryDequeue(out var write))
            {
                batch.Add(write);
                bytes += write.Weight;
            }

            _bytes -= bytes;
            _room?.SetResult();
            _room = null;
            var poked = _poked;
            _poked = false;
            return batch.Count > 0 || (poked && !_closed);
        }
    }

    /// <param name="room">When the write wasn't taken: what to wait for before the next try.</param>
    private bool Took(PendingWrite write, out Task room)
    {
        room = Task.CompletedTask;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(IStore));
            if (_waiting.Count >= MostWaiting || (_bytes >= MostWaitingBytes && _waiting.Count > 0))
            {
                room = (_room ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
                return false;
            }

            _waiting.Enqueue(write);
            _bytes += write.Weight;
            if (_waiting.Count == 1) Monitor.Pulse(_gate);
            return true;
        }
    }
}
