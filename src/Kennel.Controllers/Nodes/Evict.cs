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
    /// <summary>How long a pod stays on a lost node when it doesn't say, as upstream's admission gives it.</summary>
    const long DefaultSeconds = 300;

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

    /// <summary>How many seconds the pod may stay with this taint; null is for ever.</summary>
    static long? Stay(Pod pod, Taint taint)
    {
        long? least = null;
        var tolerated = false;
        foreach (var toleration in pod.Spec?.Tolerations ?? [])
        {
            if (!toleration.Tolerates(taint)) continue;
            tolerated = true;
            if (toleration.TolerationSeconds is { } seconds && (least is null || seconds < least)) least = seconds;
        }
        if (tolerated) return least;
        return taint.Key is Taints.NotReady or Taints.Unreachable ? DefaultSeconds : 0;
    }
}
