using Kennel.Controllers.Pods;
using Kennel.Objects.Core;

namespace Kennel.Controllers.StatefulSets;

/// <summary>The phase that takes away pods outside the wanted range, highest ordinal first.</summary>
static class Condemned
{
    /// <returns>Whether the phase blocks.</returns>
    public static bool Process(Round round)
    {
        foreach (var (ordinal, pod) in round.Condemned)
            round.Do(Claims.Retain(round.Set, pod, ordinal, condemned: true, round.Observed.Claim));
        var first = FirstUnavailable(round);
        foreach (var (_, pod) in round.Condemned)
            if (Process(round, pod, first) && round.Ordered)
                return true;
        return false;
    }

    static bool Process(Round round, Pod pod, Pod? first)
    {
        if (pod.IsTerminating()) return round.WaitOn(pod);
        if (round.Ordered && pod != first && !(pod.IsRunningAndReady() && round.IsAvailable(pod)))
            return round.Wait(first is { } below && below.IsFinished()
                ? $"{below.Name()} to be deleted by hand: it is {below.Status!.Phase} and will never be Ready, and until then {pod.Name()} can't be taken away"
                : $"{first?.Name()} to become Ready before {pod.Name()} can be taken away{(first is not null && PodTrouble.Of(first) is { } trouble ? ": " + trouble : "")}");
        round.Delete(pod);
        return round.Wait($"{pod.Name()} to go away: it is scaled away");
    }

    /// <summary>The one pod that may go although it is unhealthy: nothing below it can become healthy first.</summary>
    static Pod? FirstUnavailable(Round round) =>
        round.Replicas.FirstOrDefault(p => p is null || p.IsTerminating() || !round.IsAvailable(p))
        ?? round.Condemned.Select(c => c.Pod).LastOrDefault(p => p.IsTerminating() || !round.IsAvailable(p));
}
