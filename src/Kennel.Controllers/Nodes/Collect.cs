using System.Collections.Immutable;
using Kennel.Client.Running;
using Kennel.Controllers.Pods;
using Kennel.Controllers.Scheduling;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Nodes;

/// <param name="Node">Its node; null when there is none (any more).</param>
/// <param name="MissingSince">Since when its node doesn't exist; null when it does or the pod has none.</param>
/// <param name="Surplus">It has ended, and there are too many of those.</param>
public sealed record CollectObserved(Pod Pod, Node? Node, DateTimeOffset? MissingSince, bool Surplus, DateTimeOffset Now);

/// <summary>
/// Force-deletes pods of which nobody else will say that they have ended: at most one pod of an identity may live, so each way is one in
/// which an operator, or the absence of the node, vouches that the pod doesn't run (SS-243, SS-244).
/// </summary>
public static class Collect
{
    /// <summary>How long a node must be gone: one that is only being registered anew keeps its pods.</summary>
    public static readonly TimeSpan Quarantine = TimeSpan.FromSeconds(40);

    /// <summary>An operator says: this machine is off.</summary>
    public const string OutOfService = "node.kubernetes.io/out-of-service";

    public static Decision Decide(CollectObserved o)
    {
        var pod = o.Pod;
        var leaving = pod.Metadata.DeletionTimestamp is not null;
        if (o.MissingSince is { } since) return Orphan(o, since);
        if (leaving && o.Node is null) return pod.IsDone() ? Decision.Nothing : new(Away(pod, null, o.Now));
        if (leaving && !IsReady(o.Node!)) return Silent(o, o.Node!);
        return o.Surplus ? new(Away(pod, null, o.Now)) : Decision.Nothing;
    }

    public static bool IsReady(Node node) => node.Find(Conditions.Ready)?.Status == "True";

    public static bool IsOutOfService(Node node) => node.Spec?.Taints.Any(t => t.Key == OutOfService) == true;

    static Decision Orphan(CollectObserved o, DateTimeOffset since)
    {
        var (due, node) = (since + Quarantine, o.Pod.Spec!.NodeName!);
        if (o.Now < due) return Decision.Wait($"node {node} to come back: it doesn't exist", due);
        var condition = new PodCondition { Type = Conditions.DisruptionTarget, Status = "True", Reason = "DeletionByPodGC", Message = "PodGC: node no longer exists" };
        return new([new NodeGone(node), .. Away(o.Pod, condition, o.Now)]);
    }

    /// <summary>The pod may still run there, so it stays until somebody who knows says that it doesn't.</summary>
    static Decision Silent(CollectObserved o, Node node)
    {
        var name = node.Metadata.Name!;
        if (IsOutOfService(node)) return new([new NodeOutOfService(name), .. Away(o.Pod, null, o.Now)]);
        return Decision.Wait(
            $"node {name} to confirm that pod {o.Pod.Metadata.Name} has stopped: the node isn't Ready. If the machine is off for good, delete the node or taint it {OutOfService}=nodeshutdown:NoExecute");
    }

    /// <summary>Its end is written first: nobody else will.</summary>
    static ImmutableArray<Step> Away(Pod pod, PodCondition? condition, DateTimeOffset now)
    {
        var delete = new Step.Delete(Pod.Resource, ObjectKey.Of(pod), pod.Metadata.Uid, GraceSeconds: 0);
        if (pod.IsFinished()) return [delete];
        var marked = condition is null ? pod : pod.With(condition, now);
        return [new Step.UpdateStatus(marked with { Status = (marked.Status ?? PodStatus.Empty) with { Phase = "Failed" } }), delete];
    }
}
