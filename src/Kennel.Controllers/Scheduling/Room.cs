using System.Collections.Immutable;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Scheduling;

/// <summary>A node with the running totals of its guests. Adding or removing a guest costs the same however many there are.</summary>
public sealed record Room
{
    static readonly ImmutableSortedDictionary<ObjectKey, Guest> _nobody = ImmutableSortedDictionary<ObjectKey, Guest>.Empty;

    static readonly ImmutableSortedDictionary<string, int> _noOwners = ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);

    public required string Name { get; init; }

    /// <summary>Null while pods are known of a node that isn't.</summary>
    public Node? Node { get; init; }

    public Amounts Allocatable { get; init; } = Amounts.None;

    public long MostPods { get; init; }

    public IReadOnlyList<Taint> Taints { get; init; } = [];

    public Amounts Used { get; init; } = Amounts.None;

    public Amounts Weight { get; init; } = Amounts.None;

    public ImmutableSortedDictionary<ObjectKey, Guest> Guests { get; init; } = _nobody;

    /// <summary>How many guests each controller has here.</summary>
    public ImmutableSortedDictionary<string, int> Owners { get; init; } = _noOwners;

    public IReadOnlyDictionary<string, string> Labels => Node?.Metadata.Labels ?? Wire.NoMap<string>();

    public Room On(Node? node) => this with
    {
        Node = node,
        Allocatable = Amounts.Of(node?.Status?.Allocatable),
        MostPods = Amount.Of(node?.Status?.Allocatable, "pods").Value,
        Taints = node is null ? [] : TaintsOf(node),
    };

    public Room With(Guest guest)
    {
        var room = Without(guest.Key);
        return room with
        {
            Guests = room.Guests.Add(guest.Key, guest),
            Used = room.Used.Plus(guest.Demand.Requests),
            Weight = room.Weight.Plus(guest.Demand.Weight),
            Owners = guest.Owner.Length == 0 ? room.Owners : room.Owners.SetItem(guest.Owner, room.Owners.GetValueOrDefault(guest.Owner) + 1),
        };
    }

    public Room Without(ObjectKey key)
    {
        if (!Guests.TryGetValue(key, out var guest)) return this;
        var left = Owners.GetValueOrDefault(guest.Owner) - 1;
        return this with
        {
            Guests = Guests.Remove(key),
            Used = Used.Minus(guest.Demand.Requests),
            Weight = Weight.Minus(guest.Demand.Weight),
            Owners = guest.Owner.Length == 0 ? Owners : left > 0 ? Owners.SetItem(guest.Owner, left) : Owners.Remove(guest.Owner),
        };
    }

    /// <summary>The node's taints, and the one that a node which isn't Ready is about to get.</summary>
    static IReadOnlyList<Taint> TaintsOf(Node node)
    {
        var taints = node.Spec?.Taints ?? [];
        foreach (var condition in node.Status?.Conditions ?? [])
            if (condition is { Type: "Ready", Status: "True" }) return taints;
        return taints.Any(t => t.Key is Scheduling.Taints.NotReady or Scheduling.Taints.Unreachable && t.Effect == Scheduling.Taints.NoSchedule)
            ? taints : [.. taints, new() { Key = Scheduling.Taints.NotReady, Effect = Scheduling.Taints.NoSchedule }];
    }
}
