using Kennel.Objects.Core;

namespace Kennel.Controllers.Scheduling;

/// <summary>How good a node is that fits: more is better.</summary>
public static class Score
{
    // Weights as upstream has them for these rules.
    const long LeastUsed = 1;
    const long Spread = 2;
    const long Preferred = 2;
    const long Untainted = 3;

    public static long Of(Pod pod, string owner, Demand demand, Room room) =>
        LeastUsed * Free(demand, room)
        + Spread * (owner.Length == 0 ? 0 : 100 / (1 + room.Owners.GetValueOrDefault(owner)))
        + Preferred * Affinity(pod, room)
        - Untainted * Unwanted(pod, room);

    /// <summary>How much stays free of processor and memory with the pod on it, 0 to 100.</summary>
    static long Free(Demand demand, Room room) =>
        (Part(room.Allocatable.Cpu, room.Weight.Cpu + demand.Weight.Cpu) + Part(room.Allocatable.Memory, room.Weight.Memory + demand.Weight.Memory)) / 2;

    static long Part(long all, long used) => all <= 0 || used >= all ? 0 : (long)((Int128)(all - used) * 100 / all);

    static long Affinity(Pod pod, Room room)
    {
        var terms = pod.Spec?.Affinity?.NodeAffinity?.PreferredDuringSchedulingIgnoredDuringExecution ?? [];
        long sum = 0;
        foreach (var term in terms) if (NodeMatch.Matches(term.Preference, room.Name, room.Labels)) sum += term.Weight;
        return Math.Min(sum, 100);
    }

    static long Unwanted(Pod pod, Room room)
    {
        long count = 0;
        foreach (var taint in room.Taints) if (taint.Effect == Taints.PreferNoSchedule && !taint.Tolerated(pod.Spec!.Tolerations)) count++;
        return Math.Min(count * 100, 100);
    }
}
