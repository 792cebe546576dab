using Kennel.Controllers.Pods;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;

namespace Kennel.Controllers.ReplicaSets;

/// <summary>The status: counters of 0 are left out on the wire, those of all pods and of terminating ones excepted.</summary>
static class Counting
{
    const string Failure = "ReplicaFailure";

    public static ReplicaSetStatus Status(Observed o, List<Pod> active, bool deleting)
    {
        int labeled = 0, ready = 0, available = 0;
        foreach (var pod in active)
        {
            if (o.View.Template.Metadata.Labels.AllIn(pod.Metadata.Labels)) labeled++;
            if (!pod.IsReady()) continue;
            ready++;
            if (pod.IsAvailable(o.View.MinReadySeconds, o.Now)) available++;
        }
        return o.View.Status with
        {
            Replicas = active.Count,
            FullyLabeledReplicas = Some(labeled),
            ReadyReplicas = Some(ready),
            AvailableReplicas = Some(available),
            TerminatingReplicas = o.View.CountsTerminating ? Terminating(o) : null,
            ObservedGeneration = o.View.Owner.Metadata.Generation,
            Conditions = Conditions(o, o.View.Replicas - active.Count, deleting),
        };
    }

    /// <summary>The first failure stays as it was said until a round succeeds.</summary>
    static IReadOnlyList<ReplicaSetCondition> Conditions(Observed o, int missing, bool deleting)
    {
        var before = o.View.Status.Conditions;
        var (failing, known) = (o.Problem is not null && missing != 0 && !deleting, before.Any(c => c.Type == Failure));
        if (failing == known) return before;
        return known ? [.. before.Where(c => c.Type != Failure)]
            : [.. before, new() { Type = Failure, Status = "True", Reason = missing > 0 ? "FailedCreate" : "FailedDelete", Message = o.Problem, LastTransitionTime = o.Now }];
    }

    static int Terminating(Observed o)
    {
        var count = 0;
        foreach (var pod in o.Pods) if (ReplicaSets.IsOurs(o, pod) && pod.IsTerminating() && !pod.IsFinished() && o.View.Matches(pod)) count++;
        return count;
    }

    static int? Some(int count) => count == 0 ? null : count;
}
