using System.Collections.Immutable;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Scheduling;

/// <summary>A pod on a node, or promised to one: what the scheduler has to remember of it.</summary>
/// <param name="Owner">Uid of its controller, or empty.</param>
/// <param name="Reserved">Names of volumes that were promised to its claims and aren't written yet.</param>
public sealed record Guest(
    ObjectKey Key,
    string Node,
    string Owner,
    Demand Demand,
    IReadOnlyDictionary<string, string> Labels,
    PodAntiAffinity? Refuses,
    bool Terminating,
    ImmutableArray<string> Reserved)
{
    public static Guest Of(Pod pod, string node, ImmutableArray<string> reserved = default) => new(
        ObjectKey.Of(pod),
        node,
        OwnerOf(pod),
        Demand.Of(pod),
        pod.Metadata.Labels,
        pod.Spec?.Affinity?.PodAntiAffinity is { RequiredDuringSchedulingIgnoredDuringExecution.Count: > 0 } refuses ? refuses : null,
        pod.Metadata.DeletionTimestamp is not null,
        reserved.IsDefault ? [] : reserved);

    public static string OwnerOf(Pod pod)
    {
        foreach (var owner in pod.Metadata.OwnerReferences) if (owner.Controller == true) return owner.Uid;
        return "";
    }
}
