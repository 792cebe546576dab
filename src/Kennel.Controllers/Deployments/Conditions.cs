using Kennel.Objects.Apps;

namespace Kennel.Controllers.Deployments;

/// <summary>The conditions Available, Progressing and ReplicaFailure, as upstream words them (<c>kubectl rollout status</c> reads them).</summary>
static class Conditions
{
    public const string Progressing = "Progressing";
    const string Complete = "NewReplicaSetAvailable";
    const string TimedOut = "ProgressDeadlineExceeded";
    const string Paused = "DeploymentPaused";

    public static DeploymentStatus Of(Fleet fleet, DeploymentStatus status, string? problem)
    {
        var now = fleet.Observed.Now;
        var enough = (status.AvailableReplicas ?? 0) >= fleet.Bounds.Least;
        status = Set(status, "Available", enough ? "True" : "False", enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
            enough ? "Deployment has minimum availability." : "Deployment does not have minimum availability.", now);
        status = Progress(fleet, status, problem, now);
        var failing = fleet.All.Reverse().SelectMany(s => s.Status?.Conditions ?? []).FirstOrDefault(c => c is { Type: "ReplicaFailure", Status: "True" });
        return failing is null ? Without(status, "ReplicaFailure") : Set(status, "ReplicaFailure", "True", failing.Reason ?? "", failing.Message ?? "", now);
    }

    /// <summary>When the deadline of a rollout that stands still runs out; null when it doesn't.</summary>
    public static DateTimeOffset? Deadline(Deployment deployment, DeploymentStatus status) =>
        HasDeadline(deployment) && deployment.Spec!.Paused != true && Find(status, Progressing) is { LastUpdateTime: { } since, Reason: not (Complete or TimedOut) }
            ? since.AddSeconds(deployment.Spec.ProgressDeadlineSeconds!.Value) : null;

    public static DeploymentCondition? Find(DeploymentStatus? status, string type) => status?.Conditions.FirstOrDefault(c => c.Type == type);

    static DeploymentStatus Progress(Fleet fleet, DeploymentStatus status, string? problem, DateTimeOffset now)
    {
        var deployment = fleet.Deployment;
        if (!HasDeadline(deployment)) return Without(status, Progressing);
        var present = Find(status, Progressing);
        if (deployment.Spec!.Paused == true)
            return present?.Reason is TimedOut ? status : Set(status, Progressing, "Unknown", Paused, "Deployment is paused", now);
        if (present?.Reason == Paused) return Set(status, Progressing, "Unknown", "DeploymentResumed", "Deployment is resumed", now);
        if (fleet.Newest is null && problem is not null) return Set(status, Progressing, "False", "ReplicaSetCreateError", $"Failed to create new replica set: {problem}", now);
        if (fleet.Newest is null) return Bounds.IsRecreate(deployment) && fleet.OldPods.Any() ? status : Begun(status, NewReplicaSet.Name(deployment, status.CollisionCount ?? 0), now);
        if ((status.Replicas ?? 0) == (status.UpdatedReplicas ?? 0) && present?.Reason == Complete) return status;
        var what = $"ReplicaSet \"{fleet.Newest.Metadata.Name}\"";
        if (Counting.IsComplete(deployment, status, fleet.Bounds.Replicas)) return Set(status, Progressing, "True", Complete, $"{what} has successfully progressed.", now);
        if (HasMoved(deployment.Status, status)) return Moved(status, present, $"{what} is progressing.", now);
        if (present is null or { Reason: Complete }) return Set(status, Progressing, "True", "FoundNewReplicaSet", $"Found new replica set \"{fleet.Newest.Metadata.Name}\"", now);
        return Deadline(deployment, status) <= now ? Set(status, Progressing, "False", TimedOut, $"{what} has timed out progressing.", now) : status;
    }

    static DeploymentStatus Begun(DeploymentStatus status, string name, DateTimeOffset now) =>
        Set(status, Progressing, "True", "NewReplicaSetCreated", $"Created new replica set \"{name}\"", now);

    static bool HasMoved(DeploymentStatus? old, DeploymentStatus now) =>
        (now.UpdatedReplicas ?? 0) > (old?.UpdatedReplicas ?? 0)
        || (now.Replicas ?? 0) - (now.UpdatedReplicas ?? 0) < (old?.Replicas ?? 0) - (old?.UpdatedReplicas ?? 0)
        || (now.ReadyReplicas ?? 0) > (old?.ReadyReplicas ?? 0)
        || (now.AvailableReplicas ?? 0) > (old?.AvailableReplicas ?? 0);

    /// <summary>Progress renews lastUpdateTime even when nothing else about the condition changes: the deadline counts from it.</summary>
    static DeploymentStatus Moved(DeploymentStatus status, DeploymentCondition? present, string message, DateTimeOffset now) =>
        Put(status, new()
        {
            Type = Progressing, Status = "True", Reason = "ReplicaSetUpdated", Message = message, LastUpdateTime = now,
            LastTransitionTime = present is { Status: "True" } ? present.LastTransitionTime : now,
        });

    static DeploymentStatus Set(DeploymentStatus status, string type, string value, string reason, string message, DateTimeOffset now)
    {
        var present = Find(status, type);
        if (present is not null && present.Status == value && present.Reason == reason) return status;
        return Put(status, new()
        {
            Type = type, Status = value, Reason = reason, Message = message, LastUpdateTime = now,
            LastTransitionTime = present?.Status == value ? present.LastTransitionTime : now,
        });
    }

    static DeploymentStatus Put(DeploymentStatus status, DeploymentCondition condition) =>
        status with { Conditions = [.. status.Conditions.Where(c => c.Type != condition.Type), condition] };

    static DeploymentStatus Without(DeploymentStatus status, string type) =>
        Find(status, type) is null ? status : status with { Conditions = [.. status.Conditions.Where(c => c.Type != type)] };

    static bool HasDeadline(Deployment deployment) => deployment.Spec!.ProgressDeadlineSeconds is not (null or int.MaxValue);
}
