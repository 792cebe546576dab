using Kennel.Client.Running;
using Kennel.Controllers.Scheduling;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Nodes;

/// <param name="Since">No taint counts from earlier than this: the time that we were away isn't held against pods.</param>
public sealed record EvictObserved(Pod Pod, Node? Node, DateTimeOffset Since, DateTimeOffset Now);

/// <summary>Deletes pods from nodes with NoExecute taints when they don't tolerate them, or not any longer.</summary>
public static class Evict
{
    public static Decision Decide(EvictObserved o)
    {
        if (o.Pod.Metadata.DeletionTimestamp is not null || o.Node is null) return Decision.Nothing;
        DateTimeOffset? due = null;
        var cause = "";
        foreach (var taint in o.Node.Spec?.Taints ?? [])
        {
            if (taint.Effect != Taints.NoExecute) continue;
            if (Stay(o.Pod, taint) is not { } seconds) continue;
            var from = taint.TimeAdded is { } added && added > o.Since ? added : o.Since;
            var at = from.AddSeconds(Math.Max(0, Math.Min(seconds, int.MaxValue)));
            if (due is null || at < due) (due, cause) = (at, taint.Key);
        }
        if (due is not { } when) return Decision.Nothing;
        return when > o.Now ? Decision.Wait($"taint {cause} of node {o.Node.Metadata.Name} to go, or to be evicted", when) : Delete(o);
    }

    /// <summary>The taint is gone, or is tolerated now.</summary>
    public static Decision Cancelled(Pod pod) =>
        new([new Step.Say { Done = new(pod, "TaintManagerEviction", $"Cancelling deletion of Pod {ObjectKey.Of(pod)}") }]);

    static Decision Delete(EvictObserved o)
    {
        var condition = new PodCondition
        {
            Type = Conditions.DisruptionTarget,
            Status = "True",
            Reason = "DeletionByTaintManager",
            Message = "Taint manager: deleting due to NoExecute taint",
        };
        var key = ObjectKey.Of(o.Pod);
        return new(
        [
            new Step.UpdateStatus(o.Pod.With(condition, o.Now)) { Done = new(o.Pod, "TaintManagerEviction", $"Marking for deletion Pod {key}") },
            new Step.Delete(Pod.Resource, key, o.Pod.Metadata.Uid),
        ]);
    }

    /// <summary>How many seconds the pod may stay with this taint; null is for ever. The first toleration that matches counts, as upstream.</summary>
    static long? Stay(Pod pod, Taint taint)
    {
        foreach (var toleration in pod.Spec?.Tolerations ?? []) if (toleration.Tolerates(taint)) return toleration.TolerationSeconds;
        return 0;
    }
}
