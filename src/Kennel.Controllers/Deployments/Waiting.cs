using Kennel.Controllers.Pods;
using Kennel.Objects.Apps;

namespace Kennel.Controllers.Deployments;

/// <summary>The sentence that says why a Deployment isn't done yet.</summary>
static class Waiting
{
    public static string? For(Fleet fleet, DeploymentStatus status)
    {
        var (deployment, problem) = (fleet.Deployment, fleet.Observed.Problem is { } why ? ": " + why : "");
        if (deployment.Spec!.Paused == true) return fleet.Newest is null ? "the rollout to be resumed: it is paused" : null;
        if (Bounds.IsRecreate(deployment) && fleet.OldPods.FirstOrDefault() is { } pod) return $"{pod.Name()} to go away: Recreate makes new pods when no old one runs";
        if (Counting.IsComplete(deployment, status, fleet.Bounds.Replicas)) return null;
        if (fleet.Newest is not { } newest) return "its new ReplicaSet to be created" + problem;
        if (Fleet.Available(newest) >= fleet.Bounds.Replicas) return "the old pods to go away" + problem;
        var late = Progress.IsLate(status) ? $" (no progress for more than {deployment.Spec.ProgressDeadlineSeconds}s)" : "";
        return $"{fleet.Bounds.Replicas - Fleet.Available(newest)} of {fleet.Bounds.Replicas} updated pods to become available{late}{Trouble(fleet, newest) ?? problem}";
    }

    static string? Trouble(Fleet fleet, ReplicaSet newest)
    {
        if (newest.Status?.Conditions.FirstOrDefault(c => c.Type == Conditions.Failure) is { } failure) return $": {failure.Reason}: {failure.Message}";
        foreach (var pod in fleet.Observed.Pods(newest.Metadata.Uid ?? ""))
            if (!pod.IsReady() && PodTrouble.Of(pod) is { } trouble) return $": {pod.Name()}: {trouble}";
        return null;
    }
}
