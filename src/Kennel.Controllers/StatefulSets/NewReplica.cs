using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Controllers.Pods;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;

namespace Kennel.Controllers.StatefulSets;

/// <summary>A pod that is wanted and isn't there: its claims, then the pod itself.</summary>
static class NewReplica
{
    /// <returns>True: the phase blocks until the pod is well.</returns>
    public static bool Create(Round round, int ordinal)
    {
        var (set, name) = (round.Set, Identity.PodName(round.Set, ordinal));
        if (round.Observed.Pod(name) is { } squatter) return round.Wait($"the name {name}: a pod has it that {Owner(squatter)}");
        foreach (var template in Claims.Templates(set))
            if (round.Observed.Claim(Claims.Name(template, name)) is { } claim && Claims.IsStale(set, claim, name))
                return round.Wait($"claim {claim.Metadata.Name} to go away: it belongs to a {name} that was scaled away");
        var lane = Lane.Of(round, name);
        if (!MakeClaims(round, name, creating: true)) return true;
        var create = new Step.Create(NewPod.Of(set, RevisionFor(round, ordinal), ordinal))
        {
            Lane = lane,
            Done = new(set, "SuccessfulCreate", $"Create Pod {name} in StatefulSet {set.Metadata.Name} successful"),
            Failed = new(set, "FailedCreate", $"Create Pod {name} in StatefulSet {set.Metadata.Name} failed error: {{0}}", Warning: true),
        };
        round.Do(create);
        Claims.Retain(round, Claims.Names(set, name), name, null, condemned: false);
        if (round.Setback(lane) is not { Problem: { } problem } setback || !setback.Concerns(create)) return round.Wait($"{name} to become Ready: it is being created");
        round.IsRefused = round.Ordered;
        return round.Wait($"{name} to be created: {problem}");
    }

    static string Owner(Pod squatter) => squatter.Metadata.Controller() is { } owner ? $"{owner.Kind} {owner.Name} controls"
        : squatter.IsTerminating() ? "is terminating" : "the selector doesn't match";

    /// <returns>Whether all claims are there or being made; a claim on its way out stops the pod.</returns>
    public static bool MakeClaims(Round round, string pod, bool creating)
    {
        var set = round.Set;
        foreach (var template in Claims.Templates(set))
            if (round.Observed.Claim(Claims.Name(template, pod)) is { Metadata: { DeletionTimestamp: not null, Name: { } leaving } })
            {
                if (creating) round.Do(new Step.Say { Lane = Lane.Claim(set, leaving), Rest = Backoff.Relapses, Done = new(set, "FailedCreate", $"Create Pod {pod} in StatefulSet {set.Metadata.Name} failed error: pvc {leaving} is being deleted", Warning: true) });
                round.Wait($"claim {leaving} to go away: it is being deleted, and {pod} needs a new one");
                return false;
            }
        foreach (var template in Claims.Templates(set))
            if (round.Observed.Claim(Claims.Name(template, pod)) is null)
                round.Do(Make(set, template, pod) with { Lane = Lane.Of(round, pod) });
        return true;
    }

    static Step.Create Make(StatefulSet set, PersistentVolumeClaim template, string pod)
    {
        var claim = Claims.New(set, template, pod);
        var name = claim.Metadata.Name;
        return new(claim)
        {
            Done = new(set, "SuccessfulCreate", $"Create Claim {name} Pod {pod} in StatefulSet {set.Metadata.Name} success"),
            Failed = new(set, "FailedCreate", $"Create Claim {name} for Pod {pod} in StatefulSet {set.Metadata.Name} failed error: {{0}}", Warning: true),
        };
    }

    /// <summary>While a rollout is under way, pods that it has not reached come back as they were.</summary>
    static ControllerRevision RevisionFor(Round round, int ordinal)
    {
        if (!Rollout.IsRolling(round.Set)) return round.History.Update;
        var rolling = round.Set.Spec!.UpdateStrategy?.RollingUpdate;
        var kept = rolling is null ? round.Set.Status?.CurrentReplicas ?? 0 : rolling.Partition ?? 0;
        return ordinal < (long)round.Start + kept ? round.History.Current : round.History.Update;
    }
}
