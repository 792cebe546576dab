using Kennel.Controllers.Scheduling.Filters;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Scheduling.Scores;

/// <summary>What a pod would like of its node, and what the node would rather not have.</summary>
static class Preferences
{
    public static bool HasAffinity(Pod pod) => pod.Spec?.Affinity?.NodeAffinity?.PreferredDuringSchedulingIgnoredDuringExecution.Count > 0;

    /// <summary>The weights of the preferred terms that the node matches; an empty term matches every node.</summary>
    public static long Affinity(Pod pod, Room room)
    {
        long sum = 0;
        foreach (var term in pod.Spec!.Affinity!.NodeAffinity!.PreferredDuringSchedulingIgnoredDuringExecution)
            if (term.Preference is not { } wish || wish.MatchExpressions.Count + wish.MatchFields.Count == 0 || NodeMatch.Matches(wish, room.Name, room.Labels)) sum += term.Weight;
        return sum;
    }

    /// <summary>How many PreferNoSchedule taints it doesn't tolerate.</summary>
    public static long Untolerated(Pod pod, Room room)
    {
        long count = 0;
        foreach (var taint in room.Taints) if (taint.Effect == Taints.PreferNoSchedule && !taint.Tolerated(pod.Spec!.Tolerations)) count++;
        return count;
    }
}
