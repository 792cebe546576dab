namespace Kennel.Store.Memory;

/// <summary>The engine without a disk: for tests, simulations and clusters that may be forgotten. Everything completes synchronously.</summary>
public sealed class MemoryStore : IStore
{
    private readonly Lock _gate = new();
    private readonly Retention _retention;
    private readonly Watchers _watchers;
    private readonly ITimer _upkeep;

    public MemoryStore(TimeProvider time)
    {
        _retention = new Retention(time);
        _watchers = new Watchers(time, State.Empty);
        _upkeep = time.CreateTimer(static self => ((MemoryStore)self!).Forget(0), this, Retention.Every, Retention.Every);
    }

    public long Revision => _watchers.Published.Revision;

    public long Compacted => _watchers.Published.Compacted;

    public ValueTask<Entry?> Get(string key, CancellationToken cancel = default) => new(_watchers.Published.Keys.Find(key));

    public ValueTask<Page> Range(RangeQuery query, CancellationToken cancel = default) => new(_watchers.Published.Range(query));

    public ValueTask<WriteOutcome> Write(Write write, CancellationToken cancel = default)
    {
        cancel.ThrowIfCancellationRequested();
        Stamp.Check(write);
        lock (_gate)
        {
            var (next, outcome, change) = _watchers.Published.Apply(write);
            if (change is not null) _watchers.Publish(next.Without(_retention.Floor(next)), [change]);
            return new(outcome);
        }
    }

    public IAsyncEnumerable<Batch> Watch(string prefix, long after, CancellationToken cancel = default) =>
        Watcher.Watch(_watchers, prefix, after, cancel);

    public ValueTask Compact(long revision, CancellationToken cancel = default)
    {
        Forget(revision);
        return default;
    }

    public ValueTask DisposeAsync()
    {
        _watchers.Dispose();
        return _upkeep.DisposeAsync();
    }

    private void Forget(long before)
    {
        lock (_gate)
        {
            var state = _watchers.Published;
            ArgumentOutOfRangeException.ThrowIfGreaterThan(before, state.Revision, nameof(before));
            var floor = Math.Max(before, _retention.Floor(state));
            if (floor > state.Compacted) _watchers.Publish(state.Without(floor), []);
        }
    }
}
