using Kennel.Controllers.Pods;
using Kennel.Objects.Apps;

namespace Kennel.Controllers.ReplicaSets;

/// <summary>The status: counters of 0 are left out on the wire, those of all pods and of terminating ones excepted.</summary>
static class Counting
{
    const string Failure = "ReplicaFailure";

    public static ReplicaSetStatus Status(Observed o, Census census, bool deleting)
    {
        int labeled = 0, ready = 0, available = 0;
        foreach (var pod in census.Active)
        {
            if (census.IsFullyLabeled(pod)) labeled++;
            if (!pod.IsReady()) continue;
            ready++;
            if (pod.IsAvailable(o.View.MinReadySeconds, o.Now)) available++;
        }
        return o.View.Status with
        {
            Replicas = census.Active.Count,
            FullyLabeledReplicas = Some(labeled),
            ReadyReplicas = Some(ready),
            AvailableReplicas = Some(available),
            TerminatingReplicas = o.View.CountsTerminating ? census.Terminating : null,
            ObservedGeneration = o.View.Owner.Metadata.Generation,
            Conditions = Conditions(o, o.View.Replicas - census.Active.Count, deleting),
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

    static int? Some(int count) => count == 0 ? null : count;
}
