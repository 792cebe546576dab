using Kennel.Objects;

namespace Kennel.Client.Caching;

/// <summary>
/// The cache of one kind. Reads take one immutable snapshot and never wait; a write makes the next snapshot in O(log n) and then tells the
/// subscribers, in order. Invariant: a subscriber that is told of a change finds it (or a later one) in the cache.
/// </summary>
public sealed class Cache<T> : Cache, ICache<T> where T : class, IObject<T>
{
    readonly Lock _writing = new();
    readonly List<TaskCompletionSource> _unsynced = [];
    volatile Snapshot<T> _now = Snapshot<T>.Empty;
    Action<T?, T?>? _changed;
    Action<ObjectKey?>? _advanced;

    public override ResourceId Resource => T.Resource;

    public override bool Synced => _now.Synced;

    public override long Revision => _now.Revision;

    public override async Task WhenSynced(CancellationToken cancel)
    {
        // Each who waits has a task of his own: WhenAny or WaitAsync over a shared one would leave a simulation's thread.
        var synced = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var _ = cancel.Register(() => synced.TrySetCanceled(cancel));
        lock (_writing)
        {
            if (Synced) return;
            _unsynced.Add(synced);
        }
        await synced.Task;
    }

    public T? Get(ObjectKey key) => _now.Get(key);

    public override IObject? Find(ObjectKey key) => Get(key);

    public IEnumerable<T> All() => _now.All();

    public IEnumerable<T> In(string space) => _now.Spaces.TryGetValue(space, out var names) ? names.Values : [];

    public IEnumerable<T> ControlledBy(string uid) => _now.Tables[Snapshot<T>.Controllers].Find(uid);

    public IEnumerable<T> OrphansIn(string space) => _now.Tables[Snapshot<T>.Orphans].Find(space);

    public IEnumerable<T> ByIndex(string name, string value) => _now.Tables[name].Find(value);

    public void Index(string name, Func<T, IEnumerable<string>> keys)
    {
        lock (_writing) _now = _now.With(name, keys);
    }

    /// <summary>Calls <paramref name="changed"/> with (before, after) for every change from now on, in order, on the feeding thread; it must be quick.</summary>
    public void Subscribe(Action<T?, T?> changed)
    {
        lock (_writing) _changed += changed;
    }

    public override void OnAdvance(Action<ObjectKey?> advanced)
    {
        lock (_writing) _advanced += advanced;
    }

    /// <summary>Takes in an object as it is now.</summary>
    public void Put(T item) => Change(ObjectKey.Of(item), item, RevisionOf(item.Metadata.ResourceVersion));

    /// <summary>Takes in that an object is gone; <paramref name="item"/> carries the revision of the deletion.</summary>
    public void Remove(T item) => Change(ObjectKey.Of(item), null, RevisionOf(item.Metadata.ResourceVersion));

    /// <summary>Nothing of this kind has changed up to a revision.</summary>
    public void Reach(long revision)
    {
        lock (_writing)
        {
            if (revision <= _now.Revision) return;
            _now = _now with { Revision = revision };
            _advanced?.Invoke(null);
        }
    }

    /// <summary>Takes in a whole list; subscribers are told of the differences only.</summary>
    public void Replace(IReadOnlyList<T> items, long revision)
    {
        lock (_writing)
        {
            var before = _now;
            _now = before.Fill(items, revision);
            Tell(before, _now);
            _advanced?.Invoke(null);
            foreach (var synced in _unsynced) synced.TrySetResult();
            _unsynced.Clear();
        }
    }

    void Change(ObjectKey key, T? item, long revision)
    {
        lock (_writing)
        {
            var old = _now.Get(key);
            _now = _now.Change(key, old, item, Math.Max(revision, _now.Revision));
            Tell(old, item);
            _advanced?.Invoke(key);
        }
    }

    void Tell(Snapshot<T> before, Snapshot<T> after)
    {
        if (_changed is null) return;
        foreach (var old in before.All()) if (after.Get(ObjectKey.Of(old)) is null) _changed(old, null);
        foreach (var item in after.All())
        {
            var old = before.Get(ObjectKey.Of(item));
            if (old is null || old.Metadata.ResourceVersion != item.Metadata.ResourceVersion || old.Metadata.Uid != item.Metadata.Uid) Tell(old, item);
        }
    }

    /// <summary>Another object under the same name is two changes: who waits for one to go must hear of it, even if the watch missed the moment between.</summary>
    void Tell(T? old, T? item)
    {
        if (old is null || item is null || old.Metadata.Uid == item.Metadata.Uid)
        {
            if (old is not null || item is not null) _changed?.Invoke(old, item);
            return;
        }
        _changed?.Invoke(old, null);
        _changed?.Invoke(null, item);
    }
}
