using Kennel.Objects.Apps;

namespace Kennel.Controllers.Deployments;

/// <summary>The condition Progressing: how a rollout goes, and whether it goes on at all (<c>kubectl rollout status</c> reads it).</summary>
static class Progress
{
    const string Complete = "NewReplicaSetAvailable";
    const string TimedOut = "ProgressDeadlineExceeded";
    const string Paused = "DeploymentPaused";
    const string CreateError = "ReplicaSetCreateError";

    public static bool HasDeadline(Deployment deployment) => deployment.Spec!.ProgressDeadlineSeconds is not (null or int.MaxValue);

    /// <summary>A paused rollout isn't late, and its time begins anew when it is resumed.</summary>
    public static DeploymentStatus WithPause(DeploymentStatus status, Deployment deployment, DateTimeOffset now)
    {
        var reason = Conditions.Find(status, Conditions.Progressing)?.Reason;
        if (!HasDeadline(deployment) || reason == TimedOut) return status;
        if (deployment.Spec!.Paused == true) return Set(status, "Unknown", Paused, "Deployment is paused", now);
        return reason == Paused ? Set(status, "Unknown", "DeploymentResumed", "Deployment is resumed", now) : status;
    }

    /// <summary>The newest set was made, or could not be.</summary>
    public static DeploymentStatus WithNewest(DeploymentStatus status, Deployment deployment, string name, string? problem, DateTimeOffset now)
    {
        if (!HasDeadline(deployment)) return status;
        return problem is null ? Set(status, "True", "NewReplicaSetCreated", $"Created new replica set \"{name}\"", now)
            : Set(status, "False", CreateError, $"Failed to create new replica set \"{name}\": {problem}", now);
    }

    public static DeploymentStatus Of(Fleet fleet, DeploymentStatus status)
    {
        var (deployment, now) = (fleet.Deployment, fleet.Observed.Now);
        if (!HasDeadline(deployment)) return Conditions.Without(status, Conditions.Progressing);
        if (fleet.Newest is { } newest) status = Known(status, deployment, newest.Metadata.Name ?? "", now);
        var present = Conditions.Find(status, Conditions.Progressing);
        if ((status.Replicas ?? 0) == (status.UpdatedReplicas ?? 0) && present?.Reason == Complete) return status;
        var what = fleet.Newest is { } set ? $"ReplicaSet \"{set.Metadata.Name}\"" : $"Deployment \"{deployment.Metadata.Name}\"";
        if (Counting.IsComplete(deployment, status, fleet.Bounds.Replicas)) return Set(status, "True", Complete, $"{what} has successfully progressed.", now);
        // Renewed even when it says the same: the deadline counts from its last update.
        if (HasMoved(deployment.Status, status)) return Conditions.Put(status, Conditions.Progressing, "True", "ReplicaSetUpdated", $"{what} is progressing.", now, now);
        return Deadline(deployment, status) <= now ? Set(status, "False", TimedOut, $"{what} has timed out progressing.", now) : status;
    }

    /// <summary>When the deadline of a rollout that stands still runs out; null when it doesn't.</summary>
    public static DateTimeOffset? Deadline(Deployment deployment, DeploymentStatus status) =>
        HasDeadline(deployment) && Conditions.Find(status, Conditions.Progressing) is { LastUpdateTime: { } since, Reason: not (Complete or TimedOut) }
            ? since.AddSeconds(deployment.Spec!.ProgressDeadlineSeconds!.Value) : null;

    public static bool IsLate(DeploymentStatus status) => Conditions.Find(status, Conditions.Progressing)?.Reason == TimedOut;

    static DeploymentStatus Known(DeploymentStatus status, Deployment deployment, string newest, DateTimeOffset now) =>
        Conditions.Find(status, Conditions.Progressing)?.Reason switch
        {
            null => Set(status, "True", "FoundNewReplicaSet", $"Found new replica set \"{newest}\"", now),
            CreateError => WithNewest(status, deployment, newest, null, now),
            _ => status,
        };

    static bool HasMoved(DeploymentStatus? old, DeploymentStatus now) =>
        (now.UpdatedReplicas ?? 0) > (old?.UpdatedReplicas ?? 0)
        || (now.Replicas ?? 0) - (now.UpdatedReplicas ?? 0) < (old?.Replicas ?? 0) - (old?.UpdatedReplicas ?? 0)
        || (now.ReadyReplicas ?? 0) > (old?.ReadyReplicas ?? 0)
        || (now.AvailableReplicas ?? 0) > (old?.AvailableReplicas ?? 0);

    static DeploymentStatus Set(DeploymentStatus status, string value, string reason, string message, DateTimeOffset now) =>
        Conditions.Set(status, Conditions.Progressing, value, reason, message, now);
}
