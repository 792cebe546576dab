using System.Collections.Immutable;
using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Controllers.Revisions;
using Kennel.Objects.Apps;

namespace Kennel.Controllers.StatefulSets;

/// <summary>
/// What to do next about a set, phase by phase: whose pods are whose, which revision, the wanted pods, the unwanted ones, the rollout.
/// Under OrderedReady the first thing that isn't well ends the round; under Parallel only the rollout waits.
/// </summary>
public static class StatefulSets
{
    /// <summary>So long several changes of a tally may be collected before they are written: nobody who looks sees it, and a set of many pods is written a tenth as often.</summary>
    static readonly Backoff Pace = Backoff.Steady(TimeSpan.FromMilliseconds(25));

    public static Decision Decide(Observed o)
    {
        if (o.Set.Spec is not { } spec) return Decision.Nothing;
        var deleting = o.Set.Metadata.DeletionTimestamp is not null;
        var places = new Places(o);
        if (!deleting && Adoption.Steps(o, places) is { IsEmpty: false } claims) return new(claims);

        var history = History.Choose(o.Set, spec.Template, o.Set.Status?.CurrentRevision, o.Set.Status?.CollisionCount ?? 0, o.Revisions.Where(r => r.Metadata.ControllerUid() == o.Set.Metadata.Uid), o.Revision);
        var round = new Round(o, places, history);
        var status = Counting.Status(round);
        if (!deleting) status = Work(round, status);
        status = Counting.Completed(o.Set, status);

        var steps = ImmutableArray.CreateBuilder<Step>();
        steps.AddRange(history.Truncate(Named(round, status), spec.RevisionHistoryLimit ?? 10)); // first, so that nothing that fails lets the history grow
        if (!deleting) steps.AddRange(history.Steps); // the collector takes revisions away then: made anew, they would be so for ever
        steps.AddRange(round.Steps);
        if (Counting.Differs(status, o.Set.Status)) steps.Add(Tell(o.Set, status));
        return new(steps.DrainToImmutable(), round.WaitingFor, NextAvailable(round));
    }

    static StatefulSetStatus Work(Round round, StatefulSetStatus status)
    {
        var clears = Recreate.IsWanted(round.Set) && Recreate.Process(round);
        status = status with { Conditions = Recreate.Conditions(round, clears) };
        if (clears) return status;
        var blocks = Replicas.Process(round);
        // What is too many can go even if what lacks is refused: a quota may wait for just that.
        if (!blocks || round.IsRefused) blocks |= Condemned.Process(round);
        return blocks ? status : status with { CurrentReplicas = Math.Max(0, (status.CurrentReplicas ?? 0) - Rollout.Process(round)) };
    }

    /// <summary>Also when the work before it has failed, and told again by itself when it meets another's write.</summary>
    static Step Tell(StatefulSet set, StatefulSetStatus status) => new Step.UpdateStatus(set with { Status = Counting.Shown(status) })
    {
        Lane = Counting.IsTally(status, set.Status) ? Lane.Tally : Lane.Status,
        Rest = Counting.IsTally(status, set.Status) ? Pace : null,
    };

    static IEnumerable<string?> Named(Round round, StatefulSetStatus status)
    {
        yield return status.CurrentRevision;
        foreach (var pod in round.Replicas) if (pod is not null) yield return pod.Revision;
        foreach (var pod in round.Condemned) yield return pod.Revision;
    }

    /// <summary>When minReadySeconds makes a difference: the next moment at which a Ready pod becomes available.</summary>
    static DateTimeOffset? NextAvailable(Round round)
    {
        if (round.MinReadySeconds == 0) return null;
        DateTimeOffset? next = null;
        foreach (var pod in round.Replicas) Look(pod);
        foreach (var pod in round.Condemned) Look(pod);
        return next;

        void Look(Member? pod)
        {
            if (pod?.AvailableAt(round.MinReadySeconds) is { } at && at > round.Observed.Now && (next is null || at < next)) next = at;
        }
    }
}
