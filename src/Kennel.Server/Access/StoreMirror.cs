using Kennel.Store;

namespace Kennel.Server.Access;

/// <summary>
/// Keeps something up to date with all keys under a prefix. It begins when it is first asked for; from then on it follows the store's changes, which costs nothing while there are none.
/// </summary>
abstract class StoreMirror(IStore store, string prefix)
{
    readonly Lock _gate = new();
    readonly Dictionary<string, long> _known = new(StringComparer.Ordinal);
    long _revision = -1;
    bool _following;

    /// <summary>A key has another value, or none any more. One call at a time.</summary>
    protected abstract void Apply(string key, ReadOnlyMemory<byte>? value);

    /// <summary>Makes sure that the first look has been taken.</summary>
    public ValueTask Begin(CancellationToken cancel) => Volatile.Read(ref _revision) >= 0 ? default : Begun(cancel);

    async ValueTask Begun(CancellationToken cancel)
    {
        await CatchUp(cancel);
        lock (_gate)
        {
            if (_following) return;
            _following = true;
        }
        _ = Follow();
    }

    /// <summary>Takes in everything that is acknowledged by now: what follows may be a moment behind.</summary>
    public async ValueTask CatchUp(CancellationToken cancel)
    {
        if (store.Revision == Volatile.Read(ref _revision)) return;
        var page = await store.Range(new RangeQuery(prefix), cancel);
        lock (_gate)
        {
            if (page.Revision <= _revision) return;
            var gone = _known.Count == 0 ? null : new HashSet<string>(_known.Keys, StringComparer.Ordinal);
            foreach (var entry in page.Entries)
            {
                gone?.Remove(entry.Key);
                Take(entry.Key, entry.Value, entry.Modified);
            }
            foreach (var key in gone ?? []) Take(key, null, page.Revision);
            Volatile.Write(ref _revision, page.Revision);
        }
    }

    async Task Follow()
    {
        try
        {
            while (await FollowOn()) await CatchUp(default);
        }
        finally
        {
            // Whatever ended it: who asks next begins anew, and never reads what nobody keeps up to date.
            lock (_gate)
            {
                _following = false;
                Volatile.Write(ref _revision, -1);
            }
        }
    }

    /// <returns>False when the store is closed; true when it has gone on without us.</returns>
    async Task<bool> FollowOn()
    {
        try
        {
            await foreach (var batch in store.Watch(prefix, Volatile.Read(ref _revision)))
                lock (_gate)
                {
                    if (batch.Revision <= _revision) continue;
                    foreach (var change in batch.Changes)
                        if (change.Entry.Modified > _revision) Take(change.Entry.Key, change.Kind == ChangeKind.Deleted ? null : (ReadOnlyMemory<byte>?)change.Entry.Value, change.Entry.Modified);
                    Volatile.Write(ref _revision, batch.Revision);
                }
            return false;
        }
        catch (CompactedException)
        {
            return true;
        }
    }

    void Take(string key, ReadOnlyMemory<byte>? value, long revision)
    {
        if (_known.TryGetValue(key, out var known) && known >= revision) return;
        if (value is null) _known.Remove(key);
        else _known[key] = revision;
        Apply(key, value);
    }
}
