using System.Globalization;
using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Controllers.Pods;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;

namespace Kennel.Controllers.StatefulSets;

/// <summary>The phase that makes the wanted pods, lowest ordinal first.</summary>
static class Replicas
{
    /// <returns>Whether the phase blocks: nothing behind it may happen in this round.</returns>
    public static bool Process(Round round)
    {
        for (var i = 0; i < round.Replicas.Length; i++)
            if (Process(round, i) && round.Ordered)
                return true;
        return false;
    }

    static bool Process(Round round, int index)
    {
        var ordinal = round.Start + index;
        if (round.Replicas[index] is not { } pod) return NewReplica.Create(round, ordinal);
        if (pod.IsFinished) return Replace(round, pod);
        if (pod.IsPending && !Pending(round, pod)) return true;
        if (round.Ordered && (pod.IsTerminating || !pod.IsRunningAndReady || !round.IsAvailable(pod))) return round.WaitOn(pod);
        Repair(round, pod);
        if (round.IsDown(pod) || !pod.IsRunningAndReady) round.WaitOn(pod);
        return false;
    }

    /// <summary>Failed or Succeeded: the object has to be gone before the name can live again.</summary>
    static bool Replace(Round round, Member pod)
    {
        var why = $"it is {pod.Pod.Status!.Phase}{(PodTrouble.Of(pod.Pod) is { } trouble ? $" ({trouble})" : "")}";
        if (pod.IsTerminating) return round.Wait($"{pod.Name} to go away: {why} and will be made anew");
        var lane = Lane.Anew(round.Set, pod.Name);
        round.Delete(pod, lane, Backoff.Relapses);
        return round.Wait(round.Setback(lane) is { } setback && setback.Until > round.Observed.Now
            ? string.Create(CultureInfo.InvariantCulture, $"{pod.Name} to be made anew at {setback.Until:HH:mm:ss}: {why}, {setback.Count + 1} times in a row")
            : $"{pod.Name} to go away: {why} and will be made anew");
    }

    /// <summary>A pod that waits for its node gets claims that were lost meanwhile.</summary>
    /// <returns>False when it can't have one yet.</returns>
    static bool Pending(Round round, Member pod)
    {
        if (!NewReplica.MakeClaims(round, pod.Name, creating: false)) return false;
        Claims.Retain(round, pod, condemned: false);
        return true;
    }

    static void Repair(Round round, Member pod)
    {
        if (!pod.IsPending) Claims.Retain(round, pod, condemned: false);
        if (pod.HoldsIdentity && pod.To(round.Set).HasClaims) return;
        var set = round.Set.Metadata.Name;
        round.Do(new Step.Update(NewPod.Repaired(round.Set, pod.Pod, pod.Ordinal))
        {
            Lane = Lane.Of(round, pod.Name),
            Done = new(round.Set, "SuccessfulUpdate", $"Update Pod {pod.Name} in StatefulSet {set} successful"),
            Failed = new(round.Set, "FailedUpdate", $"Update Pod {pod.Name} in StatefulSet {set} failed error: {{0}}", Warning: true),
        });
    }
}
