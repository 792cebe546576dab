using System.Collections.Immutable;
using System.Globalization;

namespace Kennel.Controllers.Scheduling;

/// <summary>Chooses the node for one pod: the best of those that nothing speaks against.</summary>
public static class Place
{
    public static Placement Decide(SchedulingObserved o)
    {
        var claims = ClaimCheck.Of(o);
        var nodes = o.Rooms.Count(r => r.Node is not null);
        if (nodes == 0) return new(null, [], "no nodes available to schedule pods");
        if (claims.Refusal is { } refusal)
        {
            var whole = $"0/{nodes} nodes are available: {refusal}.";
            return IsYoung(o) ? new(null, [], Early: refusal) : new(null, [], whole);
        }
        return Best(o, claims, nodes);
    }

    static Placement Best(SchedulingObserved o, ClaimCheck claims, int nodes)
    {
        var demand = Demand.Of(o.Pod);
        var owner = Guest.OwnerOf(o.Pod);
        var neighbours = HasNeighbourRules(o) ? new Neighbours(o) : null;
        var reasons = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var why = new List<string>();
        Room? best = null;
        (long Score, int Guests) rank = default;
        ImmutableArray<VolumePlan> plans = [];
        foreach (var room in o.Rooms)
        {
            if (room.Node is null) continue;
            why.Clear();
            var volumes = Object(o, demand, claims, neighbours, room, why);
            foreach (var reason in why) reasons[reason] = reasons.GetValueOrDefault(reason) + 1;
            if (why.Count > 0) continue;
            var score = (Score.Of(o.Pod, owner, demand, room), -room.Guests.Count);
            if (best is not null && score.CompareTo(rank) <= 0) continue;
            (best, rank, plans) = (room, score, volumes);
        }
        return best is not null ? new(best.Name, plans) : new(null, [], Refusal(reasons, nodes));
    }

    /// <summary>The first rule that objects says why; too little of several resources is said of each.</summary>
    static ImmutableArray<VolumePlan> Object(SchedulingObserved o, Demand demand, ClaimCheck claims, Neighbours? neighbours, Room room, List<string> why)
    {
        ImmutableArray<VolumePlan> volumes = [];
        var first = NodeFilters.Unschedulable(o.Pod, room)
            ?? NodeFilters.Tainted(o.Pod, room)
            ?? NodeFilters.Affinity(o.Pod, room)
            ?? NodeFilters.Ports(demand, room);
        if (first is null) NodeFilters.Resources(demand, room, why);
        if (first is null && why.Count == 0) first = claims.On(room, out volumes) ?? neighbours?.Objection(room);
        if (first is not null) why.Add(first);
        return volumes;
    }

    static string Refusal(SortedDictionary<string, int> reasons, int nodes)
    {
        var counted = reasons.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Value} {r.Key}")).Order(StringComparer.Ordinal);
        return $"0/{nodes} nodes are available: {string.Join(", ", counted)}.";
    }

    static bool HasNeighbourRules(SchedulingObserved o) =>
        o.Refusing.Count > 0 || o.Pod.Spec?.TopologySpreadConstraints.Count > 0
        || o.Pod.Spec?.Affinity is { PodAffinity: not null } or { PodAntiAffinity: not null };

    /// <summary>A claim made together with its pod may still be on its way to us; a second is enough.</summary>
    static bool IsYoung(SchedulingObserved o) =>
        o.Pod.Metadata.CreationTimestamp is { } created && o.Now - created < TimeSpan.FromSeconds(2);
}
