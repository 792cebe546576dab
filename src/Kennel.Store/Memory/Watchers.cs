namespace Kennel.Store.Memory;

/// <summary>
/// The published state, and who waits for more. Watchers read from the shared history; the writer only wakes those whose prefix a
/// change is under. Everybody else hears of the new revision by a progress mark, at most one a second.
/// </summary>
internal sealed class Watchers : IDisposable
{
    /// <summary>Bookmarks are made from these marks, one a minute: a second is soon enough, and a thousand idle watchers cost nothing.</summary>
    public static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Topic> _topics = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Topic>.AlternateLookup<ReadOnlySpan<char>> _byPrefix;
    private readonly SortedDictionary<int, int> _lengths = [];
    private readonly ITimer _progress;
    private volatile State _published;
    private bool _armed;
    private bool _closed;

    public Watchers(TimeProvider time, State state)
    {
        _published = state;
        _byPrefix = _topics.GetAlternateLookup<ReadOnlySpan<char>>();
        _progress = time.CreateTimer(static self => ((Watchers)self!).MarkProgress(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public State Published => _published;

    /// <summary>Makes a state the current one. Only the writer calls it.</summary>
    public void Publish(State next, IReadOnlyList<Change> changes)
    {
        lock (_gate)
        {
            _published = next;
            if (_topics.Count == 0 || changes.Count == 0) return;
            foreach (var change in changes) Wake(change.Entry);
            if (_armed || _closed) return;
            _armed = true;
            _progress.Change(ProgressEvery, Timeout.InfiniteTimeSpan);
        }
    }

    public Watcher Add(string prefix)
    {
        lock (_gate)
        {
            if (!_topics.TryGetValue(prefix, out var topic))
            {
                _topics.Add(prefix, topic = new Topic(prefix));
                _lengths[prefix.Length] = _lengths.GetValueOrDefault(prefix.Length) + 1;
            }

            topic.Watchers++;
            return new Watcher(this, topic);
        }
    }

    public void Remove(Topic topic)
    {
        lock (_gate)
        {
            if (--topic.Watchers > 0) return;
            _topics.Remove(topic.Prefix);
            if (--_lengths[topic.Prefix.Length] == 0) _lengths.Remove(topic.Prefix.Length);
        }
    }

    /// <summary>Starts a wait for a change with this revision or a later one.</summary>
    public ValueTask<Wake> Wait(Watcher watcher, long next)
    {
        lock (_gate)
        {
            if (_closed || watcher.Cancelled) return new(new Wake(WakeReason.Closed, next));
            return _published.Revision >= next ? new(new Wake(WakeReason.Changes, next)) : watcher.Start(next);
        }
    }

    public void Cancel(Watcher watcher)
    {
        lock (_gate)
        {
            watcher.Cancelled = true;
            if (!watcher.Waiting) return;
            watcher.Topic.Remove(watcher);
            watcher.End(new Wake(WakeReason.Closed, 0));
        }
    }

    /// <summary>Ends all watches.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            foreach (var topic in _topics.Values) topic.End(long.MaxValue, WakeReason.Closed);
        }

        _progress.Dispose();
    }

    private void Wake(Entry changed)
    {
        foreach (var length in _lengths.Keys)
        {
            if (length > changed.Key.Length) return;
            if (_byPrefix.TryGetValue(changed.Key.AsSpan(0, length), out var topic)) topic.End(changed.Modified, WakeReason.Changes);
        }
    }

    private void MarkProgress()
    {
        lock (_gate)
        {
            _armed = false;
            if (_closed) return;
            foreach (var topic in _topics.Values) topic.End(_published.Revision, WakeReason.Progress);
        }
    }
}
