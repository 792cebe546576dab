using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Controllers.Pods;
using Kennel.Controllers.Revisions;
using Kennel.Objects;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;
using Kennel.Objects.Selectors;
using System.Collections.Immutable;

namespace Kennel.Controllers.StatefulSets;

/// <summary>
/// What to do next about a set, phase by phase: whose pods are whose, which revision, the wanted pods, the unwanted ones, the rollout.
/// Under OrderedReady the first thing that isn't well ends the round; under Parallel only the rollout waits.
/// </summary>
public static class StatefulSets
{
    public static Decision Decide(Observed o)
    {
        if (o.Set.Spec is not { } spec) return Decision.Nothing;
        var deleting = o.Set.Metadata.DeletionTimestamp is not null;
        if (!deleting && Claim(o) is { IsEmpty: false } claims) return new(claims);

        var history = History.Choose(o.Set, spec.Template, o.Set.Status?.CurrentRevision, o.Set.Status?.CollisionCount ?? 0, o.Revisions.Where(r => IsOurs(o.Set, r)), o.Revision);
        var members = o.Pods.Where(p => IsOurs(o.Set, p) && Identity.Ordinal(o.Set, p) >= 0).ToList();
        var round = new Round(o, history, members);
        var status = Counting.Status(o, history, members);
        if (!deleting && !Replicas.Process(round) && !Condemned.Process(round))
            status = status with { CurrentReplicas = Math.Max(0, (status.CurrentReplicas ?? 0) - Rollout.Process(round)) };
        status = Counting.Completed(o.Set, status);

        var steps = ImmutableArray.CreateBuilder<Step>();
        if (!deleting) steps.AddRange(history.Steps); // the collector takes revisions away then: made anew, they would be so for ever
        // Before the work, and allowed to fail: what was seen is told even if a pod can't be made.
        if (Counting.Differs(status, o.Set.Status)) steps.Add(new Step.UpdateStatus(o.Set with { Status = Counting.Shown(status) }) { MayFail = true });
        steps.AddRange(history.Truncate([.. members.Select(p => p.Label(Identity.RevisionLabel)), status.CurrentRevision], spec.RevisionHistoryLimit ?? 10));
        steps.AddRange(round.Steps);
        return new(steps.ToImmutable(), round.WaitingFor, NextAvailable(round, members));
    }

    /// <summary>When minReadySeconds makes a difference: the next moment at which a Ready pod becomes available.</summary>
    static DateTimeOffset? NextAvailable(Round round, IEnumerable<Pod> members)
    {
        if (round.MinReadySeconds == 0) return null;
        DateTimeOffset? next = null;
        foreach (var pod in members)
            if (pod.AvailableAt(round.MinReadySeconds) is { } at && at > round.Observed.Now && (next is null || at < next)) next = at;
        return next;
    }

    /// <summary>Takes in matching pods and revisions without a controller, and lets go of ours that match no more.</summary>
    static ImmutableArray<Step> Claim(Observed o)
    {
        var set = o.Set;
        List<Step> adopt = [], release = [];
        foreach (var pod in o.Pods)
        {
            var matches = Identity.IsNamedAfter(set, pod) && set.Spec!.Selector.Matches(pod.Metadata.Labels);
            if (IsOurs(set, pod)) { if (!matches) release.Add(Claiming.Release(set, pod)); }
            else if (matches && !pod.IsTerminating() && pod.Metadata.Controller() is null) adopt.Add(Claiming.Adopt(set, pod));
        }
        foreach (var revision in o.Revisions)
            if (!IsOurs(set, revision) && revision.Metadata.Controller() is null && set.Spec!.Selector.Matches(revision.Metadata.Labels)) adopt.Add(Claiming.Adopt(set, revision));
        return adopt.Count == 0 ? [.. release] : [.. release, Claiming.Guard(set), .. adopt];
    }

    static bool IsOurs(StatefulSet set, IObject dependent) => dependent.Metadata.ControllerUid() == set.Metadata.Uid;
}
