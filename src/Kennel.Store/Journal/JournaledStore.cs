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
    private readonly WriteQueue _queue = new();
    private readonly ITimer _upkeep;
    private readonly Thread _writer;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _disposed;

    public JournaledStore(IJournal journal, TimeProvider time)
    {
        _journal = journal;
        _watchers = new Watchers(time, Recovery.State(journal.Load()));
        _committer = new Committer(journal, _watchers, new Retention(time));
        _upkeep = time.CreateTimer(static queue => ((WriteQueue)queue!).Poke(), _queue, Retention.Every, Retention.Every);
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
        await _stopped.Task;
        _watchers.Dispose();
        _journal.Dispose();
    }

    private void Run()
    {
        var batch = new List<PendingWrite>();
        while (_queue.Take(batch))
        {
            _committer.Commit(batch);
            var more = _committer.Behind || (batch.Count == 0 && _journal.Tidy());
            if (more) _queue.Poke();
        }

        _stopped.SetResult();
    }
}
