using Kennel.Client.Caching;
using Kennel.Objects;

namespace Kennel.Client.Running;

/// <summary>
/// Read-your-writes for the keys of one controller: after a round, a key waits until the caches show what it wrote. Without this, a
/// controller that creates a pod and looks again before its cache has heard of it would create another.
/// </summary>
sealed class OwnWrites(Caches caches, TimeProvider time, Action<ObjectKey> wake)
{
    /// <summary>A cache that doesn't catch up in this time is broken: looking at what it has is better than standing still.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly Lock _lock = new();
    readonly Dictionary<ObjectKey, (List<(Cache Cache, Landed Write)> Writes, DateTimeOffset Until)> _open = [];
    readonly Dictionary<(Cache Cache, ObjectKey Object), HashSet<ObjectKey>> _parked = [];
    readonly HashSet<Cache> _heard = [];

    /// <summary>Remembers a write that <paramref name="key"/>'s round has made.</summary>
    public void Remember(ObjectKey key, Landed write)
    {
        if (caches.Find(write.Resource) is not { } cache || write.SeenBy(cache)) return;
        lock (_lock)
        {
            if (!_open.TryGetValue(key, out var open)) _open[key] = open = ([], time.GetUtcNow() + Patience);
            open.Writes.Add((cache, write));
            if (!_heard.Add(cache)) return;
        }
        cache.OnAdvance(changed => Advanced(cache, changed));
    }

    /// <summary>Whether the caches show all writes of a key; if not, the key is woken when they may.</summary>
    /// <param name="until">When to look even if they don't.</param>
    public bool Seen(ObjectKey key, out DateTimeOffset until)
    {
        lock (_lock)
        {
            until = default;
            if (!_open.TryGetValue(key, out var open)) return true;
            until = open.Until;
            if (time.GetUtcNow() >= until) return Forget(key);
            // Parked before the last look: a change that comes in between wakes the key.
            foreach (var (cache, write) in open.Writes) Parked(cache, write.Key).Add(key);
            open.Writes.RemoveAll(w => w.Write.SeenBy(w.Cache));
            return open.Writes.Count == 0 && Forget(key);
        }
    }

    bool Forget(ObjectKey key) => _open.Remove(key) || true;

    HashSet<ObjectKey> Parked(Cache cache, ObjectKey on)
    {
        if (!_parked.TryGetValue((cache, on), out var keys)) _parked[(cache, on)] = keys = [];
        return keys;
    }

    void Advanced(Cache cache, ObjectKey? changed)
    {
        List<ObjectKey> woken = [];
        lock (_lock)
        {
            if (changed is { } one)
            {
                if (_parked.Remove((cache, one), out var keys)) woken.AddRange(keys);
            }
            else
            {
                foreach (var on in _parked.Keys.Where(p => p.Cache == cache).ToList()) if (_parked.Remove(on, out var keys)) woken.AddRange(keys);
            }
        }
        foreach (var key in woken) wake(key);
    }
}
