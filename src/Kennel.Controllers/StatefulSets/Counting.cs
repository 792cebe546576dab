using Kennel.Objects;
using Kennel.Objects.Apps;

namespace Kennel.Controllers.StatefulSets;

/// <summary>The status of a set, made anew from what is there.</summary>
static class Counting
{
    public static StatefulSetStatus Status(Round round)
    {
        var (currentRevision, updateRevision) = (round.History.Current.Metadata.Name, round.UpdateRevision);
        int replicas = 0, ready = 0, available = 0, current = 0, updated = 0;
        foreach (var pod in round.Replicas) if (pod is not null) Count(pod);
        foreach (var pod in round.Condemned) Count(pod);
        return new()
        {
            ObservedGeneration = round.Set.Metadata.Generation,
            CurrentRevision = currentRevision,
            UpdateRevision = updateRevision,
            CollisionCount = round.History.Collisions,
            Replicas = replicas,
            ReadyReplicas = ready,
            AvailableReplicas = available,
            CurrentReplicas = current,
            UpdatedReplicas = updated,
        };

        void Count(Member pod)
        {
            replicas++;
            if (pod.IsRunningAndReady)
            {
                ready++;
                if (round.IsAvailable(pod)) available++;
            }
            if (pod.IsTerminating) return;
            if (pod.Revision == currentRevision) current++;
            if (pod.Revision == updateRevision) updated++;
        }
    }

    /// <summary>A rollout is over when every pod is updated and ready, by whatever strategy: then the update revision is the current one.</summary>
    public static StatefulSetStatus Completed(StatefulSet set, StatefulSetStatus status) =>
        status.UpdatedReplicas == status.Replicas && status.ReadyReplicas == status.Replicas && status.Replicas == (set.Spec!.Replicas ?? 1)
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
        || now.UpdateRevision != old.UpdateRevision
        || now.Conditions.Count > 0 && !Wire.Same(now.Conditions, old.Conditions);

    /// <summary>
    /// Whether nothing but the number of pods and their readiness has changed, outside of a rollout: nothing is decided by these, so that several
    /// changes in a row may be told in one write.
    /// </summary>
    public static bool IsTally(StatefulSetStatus now, StatefulSetStatus? old) => old is not null
        && now.ObservedGeneration == old.ObservedGeneration
        && now.CurrentRevision == now.UpdateRevision && now.CurrentRevision == old.CurrentRevision && now.UpdateRevision == old.UpdateRevision
        && now.Conditions.Count == 0;

    /// <summary>As the API shows it: counters of 0 are left out, except replicas and availableReplicas.</summary>
    public static StatefulSetStatus Shown(StatefulSetStatus status) => status with
    {
        ReadyReplicas = Some(status.ReadyReplicas),
        CurrentReplicas = Some(status.CurrentReplicas),
        UpdatedReplicas = Some(status.UpdatedReplicas),
    };

    static int? Some(int? count) => count is 0 ? null : count;
}
