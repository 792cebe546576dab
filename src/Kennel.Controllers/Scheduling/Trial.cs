using System.Collections.Immutable;
using Kennel.Controllers.Scheduling.Filters;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Scheduling;

/// <summary>One pod against one node after the other: what is the same for all nodes is worked out once.</summary>
public sealed class Trial
{
    readonly ClaimCheck _claims;
    readonly Friends? _friends;
    readonly Spreading? _spreading;

    public Trial(SchedulingObserved o, ClaimCheck claims)
    {
        _claims = claims;
        Pod = o.Pod;
        Ledger = o.Ledger;
        Priority = Guest.PriorityOf(o.Pod);
        Demand = Demand.Of(o.Pod);
        Key = Objects.ObjectKey.Of(o.Pod);
        _friends = Friends.Of(o.Pod, o.Ledger);
        _spreading = Spreading.Of(o.Pod, o.Ledger);
    }

    public Pod Pod { get; }

    public Objects.ObjectKey Key { get; }

    public Ledger Ledger { get; }

    public int Priority { get; }

    public Demand Demand { get; }

    /// <summary>The first rule that objects says why; too little of several resources is said of each.</summary>
    /// <param name="without">Guests that were taken out of this room, to see whether that would help.</param>
    /// <returns>What is to be written for its claims if the pod goes there.</returns>
    public ImmutableArray<VolumePlan> Against(Room room, List<Objection> why, IReadOnlyList<Guest>? without = null)
    {
        var held = Ledger.Nominations.Fill(room, Key, Priority);
        if ((NodeFilters.Fixed(Pod, room) ?? NodeFilters.Ports(Demand, held)) is { } first)
        {
            why.Add(first);
            return [];
        }
        NodeFilters.Resources(Demand, held, why);
        if (why.Count > 0) return [];
        without ??= [];
        var volumes = _claims.On(room, without, out var objection);
        if ((objection ?? _spreading?.Against(room, without) ?? _friends?.Against(room, without)) is { } last) why.Add(last);
        return volumes;
    }
}
