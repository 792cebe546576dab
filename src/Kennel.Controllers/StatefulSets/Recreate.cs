using Kennel.Objects.Apps;

namespace Kennel.Controllers.StatefulSets;

/// <summary>The strategy under which all pods of other revisions go first, well or not, and only when none of them is left the new ones come.</summary>
static class Recreate
{
    public const string Condition = "Progressing";

    public static bool IsWanted(StatefulSet set) => set.Spec!.UpdateStrategy?.Type == "Recreate";

    /// <returns>Whether the phase blocks.</returns>
    public static bool Process(Round round)
    {
        var blocks = false;
        foreach (var pod in round.Condemned) blocks |= Process(round, pod);
        for (var i = round.Replicas.Length - 1; i >= 0; i--) if (round.Replicas[i] is { } pod) blocks |= Process(round, pod);
        return blocks;
    }

    static bool Process(Round round, Member pod)
    {
        if (!round.IsOld(pod)) return false;
        if (pod.IsTerminating) return round.WaitOn(pod);
        round.Delete(pod, Lane.Pod(round.Set, pod.Name));
        return round.Wait($"{pod.Name} to go away: all pods are made anew as {round.UpdateRevision} when none of another revision is left");
    }

    /// <summary>The condition that tells how far it is; other strategies have none.</summary>
    public static IReadOnlyList<StatefulSetCondition> Conditions(Round round, bool blocks)
    {
        if (!IsWanted(round.Set)) return [];
        var last = round.Set.Status?.Conditions.FirstOrDefault(c => c.Type == Condition);
        if (blocks) return [Told(round, last, "RecreateInProgress", "All pods of other revisions are deleted before new ones are made")];
        if (Array.TrueForAll(round.Replicas, static p => p is { IsTerminating: false })) return [Told(round, last, "RecreateComplete", "All pods are of the update revision")];
        return last is null ? [] : [last];
    }

    static StatefulSetCondition Told(Round round, StatefulSetCondition? last, string reason, string message) => last?.Reason == reason ? last : new()
    {
        Type = Condition,
        Status = "True",
        Reason = reason,
        Message = message,
        LastTransitionTime = last?.Status == "True" ? last.LastTransitionTime : round.Observed.Now,
    };
}
