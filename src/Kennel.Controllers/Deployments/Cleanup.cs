using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Apps;

namespace Kennel.Controllers.Deployments;

/// <summary>Deletes empty old sets beyond the history limit, lowest revision first.</summary>
static class Cleanup
{
    public static IEnumerable<Step> Steps(Fleet fleet)
    {
        if (fleet.Deployment.Spec!.RevisionHistoryLimit is not { } limit || limit == int.MaxValue) return [];
        var old = fleet.Old.Where(s => s.Metadata.DeletionTimestamp is null).OrderBy(s => Marks.RevisionOf(s.Metadata)).ToList();
        return old.Take(Math.Max(0, old.Count - limit)).Where(s => IsEmpty(fleet, s))
            .Select(s => new Step.Delete(ReplicaSet.Resource, ObjectKey.Of(s), s.Metadata.Uid) { MayFail = true });
    }

    static bool IsEmpty(Fleet fleet, ReplicaSet set) =>
        fleet[set] == 0 && set.Spec?.Replicas == 0 && (set.Status?.Replicas ?? 0) == 0 && (set.Metadata.Generation ?? 0) <= (set.Status?.ObservedGeneration ?? 0);
}
