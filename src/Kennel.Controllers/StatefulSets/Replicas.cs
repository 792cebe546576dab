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
            if (Process(round, round.Start + i, round.Replicas[i]) && round.Ordered)
                return true;
        return false;
    }

    static bool Process(Round round, int ordinal, Pod? pod)
    {
        if (pod is null) return Create(round, ordinal);
        if (pod.IsFinished()) return Replace(round, pod);
        if (pod.IsPending() && !MakeClaims(round, ordinal, creating: false)) return true;
        if (pod.IsTerminating()) return round.WaitOn(pod);
        if ((!pod.IsRunningAndReady() || !round.IsAvailable(pod)) && round.WaitOn(pod) && round.Ordered) return true;
        Repair(round, ordinal, pod);
        return false;
    }

    static bool Create(Round round, int ordinal)
    {
        var (set, name) = (round.Set, Identity.PodName(round.Set, ordinal));
        foreach (var template in Claims.Templates(set))
            if (round.Observed.Claim(Identity.ClaimName(set, template, ordinal)) is { } claim && Claims.IsStale(set, claim, name))
                return round.Wait($"claim {claim.Metadata.Name} to go away: it belongs to a {name} that was scaled away");
        if (!MakeClaims(round, ordinal, creating: true)) return true;
        round.Do(new Step.Create(NewPod.Of(set, RevisionFor(round, ordinal), ordinal))
        {
            Done = new(set, "SuccessfulCreate", $"Create Pod {name} in StatefulSet {set.Metadata.Name} successful"),
            Failed = new(set, "FailedCreate", $"Create Pod {name} in StatefulSet {set.Metadata.Name} failed error: {{0}}", Warning: true),
        });
        return round.Wait($"{name} to become Ready: it is being created");
    }

    /// <summary>Failed or Succeeded: the object has to be gone before the name can live again.</summary>
    static bool Replace(Round round, Pod pod)
    {
        if (!pod.IsTerminating()) round.Delete(pod);
        return round.Wait($"{pod.Name()} to go away: it is {pod.Status!.Phase}{(PodTrouble.Of(pod) is { } trouble ? " (" + trouble + ")" : "")} and will be made anew");
    }

    /// <returns>Whether all claims are there or being made; a claim on its way out stops the pod.</returns>
    static bool MakeClaims(Round round, int ordinal, bool creating)
    {
        var (set, pod) = (round.Set, Identity.PodName(round.Set, ordinal));
        List<Step> steps = [];
        foreach (var template in Claims.Templates(set))
        {
            var claim = round.Observed.Claim(Identity.ClaimName(set, template, ordinal));
            if (claim?.Metadata.DeletionTimestamp is not null)
            {
                if (creating) round.Do(new Step.Say { Done = new(set, "FailedCreate", $"Create Pod {pod} in StatefulSet {set.Metadata.Name} failed error: pvc {claim.Metadata.Name} is being deleted", Warning: true) });
                round.Wait($"claim {claim.Metadata.Name} to go away: it is being deleted, and {pod} needs a new one");
                return false;
            }
            if (claim is null) steps.Add(Make(set, template, ordinal, pod));
        }
        foreach (var step in steps) round.Do(step);
        return true;
    }

    static Step.Create Make(StatefulSet set, PersistentVolumeClaim template, int ordinal, string pod)
    {
        var claim = Claims.New(set, template, ordinal);
        var name = claim.Metadata.Name;
        return new(claim)
        {
            Done = new(set, "SuccessfulCreate", $"Create Claim {name} Pod {pod} in StatefulSet {set.Metadata.Name} success"),
            Failed = new(set, "FailedCreate", $"Create Claim {name} for Pod {pod} in StatefulSet {set.Metadata.Name} failed error: {{0}}", Warning: true),
        };
    }

    static void Repair(Round round, int ordinal, Pod pod)
    {
        round.Do(Claims.Retain(round.Set, pod, ordinal, condemned: false, round.Observed.Claim));
        if (Identity.Holds(pod) && NewPod.HasClaims(round.Set, pod, ordinal)) return;
        var set = round.Set.Metadata.Name;
        round.Do(new Step.Update(NewPod.Repaired(round.Set, pod, ordinal))
        {
            Done = new(round.Set, "SuccessfulUpdate", $"Update Pod {pod.Name()} in StatefulSet {set} successful"),
            Failed = new(round.Set, "FailedUpdate", $"Update Pod {pod.Name()} in StatefulSet {set} failed error: {{0}}", Warning: true),
        });
    }

    /// <summary>While a rollout is under way, pods that it has not reached come back as they were.</summary>
    static ControllerRevision RevisionFor(Round round, int ordinal)
    {
        var strategy = round.Set.Spec!.UpdateStrategy;
        if (strategy?.Type is not (null or "RollingUpdate")) return round.History.Update;
        var kept = strategy?.RollingUpdate is { } rolling ? rolling.Partition ?? 0 : round.Set.Status?.CurrentReplicas ?? 0;
        return ordinal < (long)round.Start + kept ? round.History.Current : round.History.Update;
    }
}
