using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Nodes;

/// <summary>Pods that have ended, in the order in which they are removed when there are too many: evicted ones first, then the oldest.</summary>
public sealed class FinishedPods(int keeps)
{
    /// <summary>As upstream.</summary>
    public const int Keeps = 12_500;

    readonly SortedSet<Turn> _all = [];
    readonly Dictionary<ObjectKey, Turn> _turns = [];

    /// <summary>A pod as it is now; null when it is gone.</summary>
    /// <returns>Those that are too many now.</returns>
    public IReadOnlyList<ObjectKey> Seen(ObjectKey key, Pod? pod)
    {
        if (_turns.Remove(key, out var before)) _all.Remove(before);
        if (pod?.Status is not { Phase: "Succeeded" or "Failed" } status) return [];
        var turn = new Turn(status is not { Phase: "Failed", Reason: "Evicted" }, pod.Metadata.CreationTimestamp ?? DateTimeOffset.MinValue, key);
        _turns[key] = turn;
        _all.Add(turn);
        return [.. _all.Take(_all.Count - keeps).Select(t => t.Key)];
    }

    public bool TooMany(ObjectKey key) => _turns.TryGetValue(key, out var turn) && _all.Take(_all.Count - keeps).Contains(turn);

    readonly record struct Turn(bool Ended, DateTimeOffset Created, ObjectKey Key) : IComparable<Turn>
    {
        public int CompareTo(Turn other) =>
            Ended != other.Ended ? Ended.CompareTo(other.Ended)
            : Created != other.Created ? Created.CompareTo(other.Created)
            : Key.CompareTo(other.Key);
    }
}
