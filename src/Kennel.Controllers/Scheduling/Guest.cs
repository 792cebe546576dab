using System.Collections.Immutable;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Scheduling;

/// <summary>A pod on a node, or promised to one: what the scheduler has to remember of it. Not the pod itself, whose statuses would pile up.</summary>
public sealed class Guest
{
    const string DisruptionTarget = "DisruptionTarget";

    public required ObjectKey Key { get; init; }

    public required string Uid { get; init; }

    public required string Node { get; init; }

    public required Demand Demand { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>When it says anything of pods near it.</summary>
    public Affinity? Affinity { get; init; }

    public int Priority { get; init; }

    public DateTimeOffset? Started { get; init; }

    public bool Terminating { get; init; }

    /// <summary>It is going away to make room.</summary>
    public bool Displaced { get; init; }

    /// <summary>Names of volumes that were promised to its claims and aren't written yet.</summary>
    public ImmutableArray<string> Reserved { get; init; } = [];

    public static Guest Of(Pod pod, string node, ImmutableArray<string> reserved = default) => new()
    {
        Key = ObjectKey.Of(pod),
        Uid = pod.Metadata.Uid ?? "",
        Node = node,
        Demand = Demand.Of(pod),
        Labels = pod.Metadata.Labels,
        Affinity = pod.Spec?.Affinity is { PodAffinity: not null } or { PodAntiAffinity: not null } ? pod.Spec.Affinity : null,
        Priority = PriorityOf(pod),
        Started = pod.Status?.StartTime,
        Terminating = pod.Metadata.DeletionTimestamp is not null,
        Displaced = IsDisplaced(pod),
        Reserved = reserved.IsDefault ? [] : reserved,
    };

    public static int PriorityOf(Pod pod) => pod.Spec?.Priority ?? 0;

    /// <summary>Nothing that the scheduler remembers is another.</summary>
    public bool Shows(Pod pod) =>
        Node == pod.Spec?.NodeName
        && Uid == (pod.Metadata.Uid ?? "")
        && Terminating == (pod.Metadata.DeletionTimestamp is not null)
        && Started == pod.Status?.StartTime
        && Displaced == IsDisplaced(pod)
        && (ReferenceEquals(Labels, pod.Metadata.Labels) || Wire.Same(Labels, pod.Metadata.Labels));

    static bool IsDisplaced(Pod pod)
    {
        if (pod.Metadata.DeletionTimestamp is null) return false;
        foreach (var c in pod.Status?.Conditions ?? []) if (c.Type == DisruptionTarget) return c is { Status: "True", Reason: Preemption.Displace.Reason };
        return false;
    }
}
