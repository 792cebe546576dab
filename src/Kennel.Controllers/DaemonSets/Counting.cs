using Kennel.Controllers.Pods;
using Kennel.Objects.Apps;

namespace Kennel.Controllers.DaemonSets;

/// <summary>The status. A node counts by the most senior of its pods.</summary>
static class Counting
{
    public static DaemonSetStatus Status(Roster roster, int collisions)
    {
        int current = 0, misplaced = 0, ready = 0, updated = 0, available = 0;
        foreach (var (node, place) in roster.Places)
        {
            if (roster.On(node) is not [var pod, ..]) continue;
            if (!place.Run)
            {
                misplaced++;
                continue;
            }
            current++;
            if (roster.IsUpdated(pod)) updated++;
            if (!pod.IsReady()) continue;
            ready++;
            if (roster.IsAvailable(pod)) available++;
        }
        return (roster.Set.Status ?? DaemonSetStatus.Empty) with
        {
            ObservedGeneration = roster.Set.Metadata.Generation,
            DesiredNumberScheduled = roster.Wanted,
            CurrentNumberScheduled = current,
            NumberMisscheduled = misplaced,
            NumberReady = ready,
            UpdatedNumberScheduled = Some(updated),
            NumberAvailable = Some(available),
            NumberUnavailable = Some(roster.Wanted - available),
            CollisionCount = Some(collisions),
        };
    }

    static int? Some(int count) => count == 0 ? null : count;
}
