using Kennel.Store;

namespace Kennel.Server.Reading;

/// <summary>
/// What was deleted a moment ago. kubectl, waiting for a deletion, looks at the object, then lists its name at any revision, then watches; an object
/// that comes back under its name between the look and the list would keep it waiting for ever. A list at any revision may tell of the past: for this
/// moment it tells of the time just before the deletion, so that the watch behind it has the deletion to tell. Upstream has the same gap, but takes
/// longer to replace a pod than kubectl to get from one call to the next.
/// </summary>
sealed class RecentDeletions(TimeProvider time)
{
    /// <summary>Much longer than from one call of a client to its next, even on a busy machine.</summary>
    static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(500);

    const int Most = 1024; // a mass deletion is waited for by nobody name by name

    readonly Lock _gate = new();
    readonly Dictionary<string, Deleted> _byKey = new(StringComparer.Ordinal);
    readonly Queue<Deleted> _order = [];

    /// <param name="Last">As it was before.</param>
    /// <param name="Revision">Of the deletion.</param>
    public sealed record Deleted(Entry Last, long Revision, long At);

    public void Add(Entry last, long revision)
    {
        var deleted = new Deleted(last, revision, time.GetTimestamp());
        lock (_gate)
        {
            while (_order.TryPeek(out var oldest) && (_order.Count >= Most || time.GetElapsedTime(oldest.At, deleted.At) > s_moment))
            {
                _order.Dequeue();
                if (_byKey.GetValueOrDefault(oldest.Last.Key) == oldest) _byKey.Remove(oldest.Last.Key);
            }
            _byKey[last.Key] = deleted;
            _order.Enqueue(deleted);
        }
    }

    /// <summary>What stood there, when it was deleted a moment ago.</summary>
    public Deleted? Of(string key)
    {
        lock (_gate) return _byKey.TryGetValue(key, out var deleted) && time.GetElapsedTime(deleted.At) <= s_moment ? deleted : null;
    }
}
