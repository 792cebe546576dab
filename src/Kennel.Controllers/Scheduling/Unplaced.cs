using Kennel.Controllers.Scheduling.Filters;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Scheduling;

/// <summary>
/// Pods that fit nowhere, with what kind of change could help each: a change wakes those alone that it may help, the most important first
/// and no more than there is room for. A pod that is woken again and again in vain has to wait in between.
/// </summary>
public sealed class Unplaced
{
    /// <summary>So many looks cost nothing: most pods wait for one or two things.</summary>
    const int FreeLooks = 4;

    // Upstream's back-off: from one second to ten.
    const int LongestSeconds = 10;

    readonly SortedDictionary<Turn, Entry> _all = [];
    readonly Dictionary<ObjectKey, Turn> _turns = [];

    public int Count => _all.Count;

    public bool Has(ObjectKey key) => _turns.ContainsKey(key);

    /// <summary>When a pod may be looked at again; null when at once.</summary>
    public DateTimeOffset? NotBefore(ObjectKey key, DateTimeOffset now) =>
        _turns.TryGetValue(key, out var turn) && _all[turn].NotBefore is var at && at > now ? at : null;

    /// <summary>A look at a pod was in vain.</summary>
    public void Put(Pod pod, Cause causes, DateTimeOffset now)
    {
        var key = ObjectKey.Of(pod);
        var looks = _turns.TryGetValue(key, out var turn) && _all[turn].Uid == pod.Metadata.Uid ? _all[turn].Looks + 1 : 1;
        Remove(key);
        var pause = looks < FreeLooks ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(LongestSeconds, 1 << Math.Min(looks - FreeLooks, 10)));
        turn = new(Guest.PriorityOf(pod), pod.Metadata.CreationTimestamp ?? DateTimeOffset.MinValue, key);
        _turns[key] = turn;
        _all[turn] = new(pod, causes, looks, now + pause);
    }

    public bool Remove(ObjectKey key) => _turns.Remove(key, out var turn) && _all.Remove(turn);

    /// <summary>Those that one of these kinds of change could help.</summary>
    public List<ObjectKey> With(Cause causes) => [.. _all.Where(e => (e.Value.Causes & causes) != Cause.None).Select(e => e.Key.Key)];

    /// <summary>Those that this room could take together.</summary>
    public List<ObjectKey> Fitting(Room room, Cause causes)
    {
        var keys = new List<ObjectKey>();
        if (room.Node is null) return keys;
        foreach (var (turn, entry) in _all)
        {
            if (room.Guests.Count >= room.MostPods) break;
            if ((entry.Causes & causes) == Cause.None || NodeFilters.Fixed(entry.Pod, room) is not null || !NodeFilters.Fits(entry.Guest.Demand, room)) continue;
            keys.Add(turn.Key);
            room = room.With(entry.Guest);
        }
        return keys;
    }

    /// <summary>Higher priority first, then earlier created.</summary>
    readonly record struct Turn(int Priority, DateTimeOffset Created, ObjectKey Key) : IComparable<Turn>
    {
        public int CompareTo(Turn other) =>
            Priority != other.Priority ? other.Priority.CompareTo(Priority)
            : Created != other.Created ? Created.CompareTo(other.Created)
            : Key.CompareTo(other.Key);
    }

    sealed record Entry(Pod Pod, Cause Causes, int Looks, DateTimeOffset NotBefore)
    {
        public string? Uid => Pod.Metadata.Uid;

        public Guest Guest { get; } = Guest.Of(Pod, "");
    }
}
