using Kennel.Controllers.Pods;
using Kennel.Controllers.Revisions;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;

namespace Kennel.Controllers.StatefulSets;

/// <summary>The status of a set, made anew from what is there.</summary>
public static class Counting
{
    public static StatefulSetStatus Status(Observed o, History history, IEnumerable<Pod> members)
    {
        var min = o.Set.Spec!.MinReadySeconds ?? 0;
        int replicas = 0, ready = 0, available = 0, current = 0, updated = 0;
        foreach (var pod in members)
        {
            replicas++;
            if (pod.IsRunningAndReady())
            {
                ready++;
                if (pod.IsAvailable(min, o.Now)) available++;
            }
            if (pod.IsTerminating()) continue;
            var revision = pod.Label(Identity.RevisionLabel);
            if (revision == history.Current.Metadata.Name) current++;
            if (revision == history.Update.Metadata.Name) updated++;
        }
        return new()
        {
            ObservedGeneration = o.Set.Metadata.Generation,
            CurrentRevision = history.Current.Metadata.Name,
            UpdateRevision = history.Update.Metadata.Name,
            CollisionCount = history.Collisions,
            Replicas = replicas,
            ReadyReplicas = ready,
            AvailableReplicas = available,
            CurrentReplicas = current,
            UpdatedReplicas = updated,
        };
    }

    /// <summary>A rollout is over when every pod is updated and ready: then the update revision is the current one.</summary>
    public static StatefulSetStatus Completed(StatefulSet set, StatefulSetStatus status) =>
        set.Spec!.UpdateStrategy?.Type is null or "RollingUpdate"
        && status.UpdatedReplicas == status.Replicas && status.ReadyReplicas == status.Replicas && status.Replicas == (set.Spec.Replicas ?? 1)
            ? status with { CurrentReplicas = status.UpdatedReplicas, CurrentRevision = status.UpdateRevision }
            : status;

    /// <summary>Written when a counter or a revision differs; a collision count alone isn't worth a write.</summary>
    public static bool Differs(StatefulSetStatus now, StatefulSetStatus? old) => old is null
        || now.ObservedGeneration > (old.ObservedGeneration ?? 0)
        || now.Replicas != old.Replicas
        || now.ReadyReplicas != (old.ReadyReplicas ?? 0)
        || now.AvailableReplicas != (old.AvailableReplicas ?? 0)
        || now.CurrentReplicas != (old.CurrentReplicas ?? 0)
        || now.UpdatedReplicas != (old.UpdatedReplicas ?? 0)
        || now.CurrentRevision != old.CurrentRevision
        || now.UpdateRevision != old.UpdateRevision;

    /// <summary>As the API shows it: counters of 0 are left out, except replicas and availableReplicas.</summary>
    public static StatefulSetStatus Shown(StatefulSetStatus status) => status with
    {
        ReadyReplicas = Some(status.ReadyReplicas),
        CurrentReplicas = Some(status.CurrentReplicas),
        UpdatedReplicas = Some(status.UpdatedReplicas),
    };

    static int? Some(int? count) => count is 0 ? null : count;
}
