using System.Collections.Immutable;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Scheduling;

/// <summary>A node with the running totals of its guests. Adding or removing a guest costs the same however many there are.</summary>
public sealed record Room
{
    static readonly ImmutableSortedDictionary<ObjectKey, Guest> s_nobody = ImmutableSortedDictionary<ObjectKey, Guest>.Empty;

    public required string Name { get; init; }

    /// <summary>Null while pods are known of a node that isn't.</summary>
    public Node? Node { get; init; }

    public Amounts Allocatable { get; init; } = Amounts.None;

    public long MostPods { get; init; }

    public IReadOnlyList<Taint> Taints { get; init; } = [];

    public Amounts Used { get; init; } = Amounts.None;

    /// <summary>As <see cref="Used"/>, with a little for containers that ask for nothing.</summary>
    public Amounts Weight { get; init; } = Amounts.None;

    /// <summary>How many ports of the node its guests have.</summary>
    public int Ports { get; init; }

    public ImmutableSortedDictionary<ObjectKey, Guest> Guests { get; init; } = s_nobody;

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
            Ports = room.Ports + guest.Demand.Ports.Length,
        };
    }

    public Room Without(ObjectKey key)
    {
        if (!Guests.TryGetValue(key, out var guest)) return this;
        return this with
        {
            Guests = Guests.Remove(key),
            Used = Used.Minus(guest.Demand.Requests),
            Weight = Weight.Minus(guest.Demand.Weight),
            Ports = Ports - guest.Demand.Ports.Length,
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
