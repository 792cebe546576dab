using Kennel.Store.Memory;

namespace Kennel.Store.Journal;

/// <summary>
/// The memory index with a journal under it: reads and watches come from memory, a write returns when the journal has it. One thread
/// of its own writes, because a disk blocks: all writes that came while it waited for the disk go into the next commit together.
/// </summary>
internal sealed class JournaledStore : IStore
{
    private readonly IJournal _journal;
    private readonly Watchers _watchers;
    private readonly Committer _committer;
    private readonly WriteQueue _queue;
    private readonly ITimer _upkeep;
    private readonly Thread? _writer;
    private readonly List<PendingWrite> _batch = [];
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _disposed;

    /// <param name="due">
    /// Null starts the writer's thread. Otherwise nobody writes but <see cref="Step"/>, and this is called when there is something for it: a
    /// simulation has no second thread, and its disk takes virtual time.
    /// </param>
    public JournaledStore(IJournal journal, TimeProvider time, Action? due = null)
    {
        _journal = journal;
        _queue = new WriteQueue(due);
        _watchers = new Watchers(time, Recovery.State(journal.Load()));
        _committer = new Committer(journal, _watchers, new Retention(time));
        _upkeep = time.CreateTimer(static queue => ((WriteQueue)queue!).Poke(), _queue, Retention.Every, Retention.Every);
        if (due is not null) return;
        _writer = new Thread(Run) { Name = "store writer", IsBackground = true };
        _writer.Start();
    }

    public long Revision => _watchers.Published.Revision;

    public long Compacted => _watchers.Published.Compacted;

    public ValueTask<Entry?> Get(string key, CancellationToken cancel = default) => new(_watchers.Published.Keys.Find(key));

    public ValueTask<Page> Range(RangeQuery query, CancellationToken cancel = default) => new(_watchers.Published.Range(query));

    public async ValueTask<WriteOutcome> Write(Write write, CancellationToken cancel = default)
    {
        Stamp.Check(write);
        var pending = new PendingWrite(write);
        await _queue.Add(pending, cancel);
        return await pending.Done;
    }

    public IAsyncEnumerable<Batch> Watch(string prefix, long after, CancellationToken cancel = default) =>
        Watcher.Watch(_watchers, prefix, after, cancel);

    public async ValueTask Compact(long revision, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(revision, Revision);
        while (Compacted < revision)
        {
            var pending = new PendingWrite(null, revision);
            await _queue.Add(pending, cancel);
            await pending.Done;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        await _upkeep.DisposeAsync();
        _queue.Close();
        if (_writer is not null) await _stopped.Task;
        else while (Step()) { }
        _watchers.Dispose();
        _journal.Dispose();
    }

    /// <summary>Commits one batch of what waits; false when nothing does.</summary>
    public bool Step()
    {
        if (!_queue.Take(_batch, wait: false)) return false;
        Commit();
        return true;
    }

    private void Run()
    {
        while (_queue.Take(_batch)) Commit();
        _stopped.SetResult();
    }

    private void Commit()
    {
        _committer.Commit(_batch);
        var more = _committer.Behind || (_batch.Count == 0 && _journal.Tidy());
        if (more) _queue.Poke();
    }
}
