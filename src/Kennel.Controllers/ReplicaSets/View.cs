using Kennel.Objects;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;

using Kennel.Objects.Selectors;

namespace Kennel.Controllers.ReplicaSets;

/// <summary>What a ReplicaSet and a ReplicationController have in common. The older kind is read and written in the words of the newer one.</summary>
/// <param name="CountsTerminating">Its status tells how many pods are on their way out: that of a ReplicaSet does.</param>
/// <param name="With">The owner with another status.</param>
public sealed record View(
    IObject Owner, int Replicas, int MinReadySeconds, Objects.Meta.LabelSelector Selector, PodTemplateSpec Template, ReplicaSetStatus Status, bool CountsTerminating,
    Func<ReplicaSetStatus, IObject> With)
{
    public static View? Of(ReplicaSet set) => set.Spec is not { } spec ? null : new(
        set, spec.Replicas ?? 1, spec.MinReadySeconds ?? 0, spec.Selector, spec.Template ?? PodTemplateSpec.Empty,
        set.Status ?? ReplicaSetStatus.Empty, CountsTerminating: true, status => set with { Status = status });

    public static View? Of(ReplicationController owner) => owner.Spec is not { Selector.Count: > 0 } spec ? null : new(
        owner, spec.Replicas ?? 1, spec.MinReadySeconds ?? 0, new() { MatchLabels = spec.Selector }, spec.Template ?? PodTemplateSpec.Empty,
        Newer(owner.Status ?? ReplicationControllerStatus.Empty), CountsTerminating: false, status => owner with { Status = Older(status) });

    public bool Matches(Pod pod) => Selector.Matches(pod.Metadata.Labels);

    /// <summary><see cref="Matches"/> for many pods: what can be is prepared once.</summary>
    public Func<Pod, bool> Matcher()
    {
        if (Selector.MatchExpressions.Count > 0) return Matches;
        KeyValuePair<string, string>[] labels = [.. Selector.MatchLabels];
        return pod => HasAll(pod, labels);
    }

    public static bool HasAll(Pod pod, KeyValuePair<string, string>[] labels)
    {
        foreach (var (key, value) in labels) if (!pod.Metadata.Labels.TryGetValue(key, out var found) || found != value) return false;
        return true;
    }

    static ReplicaSetStatus Newer(ReplicationControllerStatus s) => new()
    {
        Replicas = s.Replicas,
        FullyLabeledReplicas = s.FullyLabeledReplicas,
        ReadyReplicas = s.ReadyReplicas,
        AvailableReplicas = s.AvailableReplicas,
        ObservedGeneration = s.ObservedGeneration,
        Conditions = [.. s.Conditions.Select(c => new ReplicaSetCondition { Type = c.Type, Status = c.Status, Reason = c.Reason, Message = c.Message, LastTransitionTime = c.LastTransitionTime })],
    };

    static ReplicationControllerStatus Older(ReplicaSetStatus s) => new()
    {
        Replicas = s.Replicas,
        FullyLabeledReplicas = s.FullyLabeledReplicas,
        ReadyReplicas = s.ReadyReplicas,
        AvailableReplicas = s.AvailableReplicas,
        ObservedGeneration = s.ObservedGeneration,
        Conditions = [.. s.Conditions.Select(c => new ReplicationControllerCondition { Type = c.Type, Status = c.Status, Reason = c.Reason, Message = c.Message, LastTransitionTime = c.LastTransitionTime })],
    };
}
