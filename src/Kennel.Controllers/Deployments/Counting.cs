using Kennel.Objects.Apps;

namespace Kennel.Controllers.Deployments;

/// <summary>The status of a Deployment, made from the statuses of its sets.</summary>
static class Counting
{
    public static DeploymentStatus Status(Fleet fleet, int collisions)
    {
        var available = fleet.All.Sum(Fleet.Available);
        return new()
        {
            ObservedGeneration = fleet.Deployment.Metadata.Generation,
            Replicas = Some(fleet.All.Sum(s => s.Status?.Replicas ?? 0)),
            UpdatedReplicas = Some(fleet.Newest?.Status?.Replicas ?? 0),
            ReadyReplicas = Some(fleet.All.Sum(s => s.Status?.ReadyReplicas ?? 0)),
            AvailableReplicas = Some(available),
            UnavailableReplicas = Some(Math.Max(0, fleet.All.Sum(Fleet.Size) - available)),
            TerminatingReplicas = Terminating(fleet),
            CollisionCount = collisions == 0 ? fleet.Deployment.Status?.CollisionCount : collisions,
            Conditions = fleet.Deployment.Status?.Conditions ?? [],
        };
    }

    public static bool IsComplete(Deployment deployment, DeploymentStatus status, int replicas) =>
        (status.UpdatedReplicas ?? 0) == replicas && (status.Replicas ?? 0) == replicas && (status.AvailableReplicas ?? 0) == replicas
        && (status.ObservedGeneration ?? 0) >= (deployment.Metadata.Generation ?? 0);

    /// <summary>Null when a set that has been looked at doesn't tell; one that nobody has looked at yet has none.</summary>
    static int? Terminating(Fleet fleet)
    {
        var sum = 0;
        foreach (var set in fleet.All)
        {
            if (set.Status?.TerminatingReplicas is { } some) sum += some;
            else if ((set.Status?.ObservedGeneration ?? 0) > 0) return null;
        }
        return sum;
    }

    static int? Some(int count) => count == 0 ? null : count;
}
