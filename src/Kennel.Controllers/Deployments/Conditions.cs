using Kennel.Objects.Apps;

namespace Kennel.Controllers.Deployments;

/// <summary>The conditions of a Deployment: reading, and setting as upstream does (a condition that says the same stays as it is, message and times).</summary>
static class Conditions
{
    public const string Available = "Available";
    public const string Progressing = "Progressing";
    public const string Failure = "ReplicaFailure";

    public static DeploymentCondition? Find(DeploymentStatus? status, string type) => status?.Conditions.FirstOrDefault(c => c.Type == type);

    public static DeploymentStatus Set(DeploymentStatus status, string type, string value, string reason, string message, DateTimeOffset now)
    {
        var present = Find(status, type);
        return present is not null && present.Status == value && present.Reason == reason ? status : Put(status, type, value, reason, message, now, now);
    }

    /// <summary>Sets a condition anew; the time of its last transition stays when its value does.</summary>
    public static DeploymentStatus Put(DeploymentStatus status, string type, string value, string reason, string message, DateTimeOffset updated, DateTimeOffset? changed)
    {
        var present = Find(status, type);
        DeploymentCondition condition = new()
        {
            Type = type, Status = value, Reason = reason, Message = message, LastUpdateTime = updated,
            LastTransitionTime = present?.Status == value ? present.LastTransitionTime : changed,
        };
        return status with { Conditions = [.. status.Conditions.Where(c => c.Type != type), condition] };
    }

    public static DeploymentStatus Without(DeploymentStatus status, string type) =>
        Find(status, type) is null ? status : status with { Conditions = [.. status.Conditions.Where(c => c.Type != type)] };

    /// <summary>Enough pods serve.</summary>
    public static DeploymentStatus WithAvailability(DeploymentStatus status, int least, DateTimeOffset now) => (status.AvailableReplicas ?? 0) >= least
        ? Set(status, Available, "True", "MinimumReplicasAvailable", "Deployment has minimum availability.", now)
        : Set(status, Available, "False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability.", now);

    /// <summary>What a set says of pods that can't be made or deleted: that of the newest goes before that of the others.</summary>
    public static DeploymentStatus WithFailure(DeploymentStatus status, Fleet fleet)
    {
        var said = new[] { fleet.Newest }.Concat(fleet.All).SelectMany(s => s?.Status?.Conditions ?? []).FirstOrDefault(c => c.Type == Failure);
        if (said is null) return Without(status, Failure);
        var present = Find(status, Failure);
        if (present?.Status == said.Status && present?.Reason == said.Reason) return status;
        return Put(status, Failure, said.Status, said.Reason ?? "", said.Message ?? "", said.LastTransitionTime ?? fleet.Observed.Now, said.LastTransitionTime);
    }
}
