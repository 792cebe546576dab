namespace Kennel.Controllers.StatefulSets;

/// <summary>The phase that takes away pods outside the wanted range, highest ordinal first.</summary>
static class Condemned
{
    /// <returns>Whether the phase blocks.</returns>
    public static bool Process(Round round)
    {
        round.IsTakingAway = true;
        foreach (var pod in round.Condemned) Claims.Retain(round, pod, condemned: true);
        foreach (var pod in round.Condemned)
            if (Process(round, pod) && round.Ordered)
                return true;
        round.IsTakingAway = false;
        return false;
    }

    static bool Process(Round round, Member pod)
    {
        if (pod.IsTerminating) return round.WaitOn(pod);
        if (round.Ordered && !(pod.IsRunningAndReady && round.IsAvailable(pod)) && Below(round) is var first && first != pod)
            return round.Wait(first is { IsFinished: true }
                ? $"{first.Name} to be deleted by hand: it is {first.Pod.Status!.Phase} and will never be Ready, and until then {pod.Name} can't be taken away"
                : $"{first?.Name ?? "all wanted pods"} to become Ready before {pod.Name} can be taken away{(first is null ? "" : Round.Why(first))}");
        round.Delete(pod);
        return round.Wait($"{pod.Name} to go away: it is scaled away");
    }

    /// <summary>The one pod that may go although it is unhealthy, since nothing below it can become healthy first; null when that is one that isn't there.</summary>
    static Member? Below(Round round)
    {
        foreach (var pod in round.Replicas) if (round.IsDown(pod)) return pod;
        return round.Condemned.FindLast(p => round.IsDown(p));
    }
}
