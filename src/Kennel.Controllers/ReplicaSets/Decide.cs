using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Controllers.Pods;
using Kennel.Objects;
using Kennel.Objects.Core;
using Kennel.Objects.Selectors;
using System.Collections.Immutable;

namespace Kennel.Controllers.ReplicaSets;

/// <summary>What to do next about a number of pods that are all alike: too few, make some; too many, take the least useful.</summary>
public static class ReplicaSets
{
    /// <summary>Pods made or deleted in one round at most.</summary>
    const int Burst = 500;

    public static Decision Decide(Observed o)
    {
        var deleting = o.Owner.Metadata.DeletionTimestamp is not null;
        if (!deleting && Claim(o) is { IsEmpty: false } claims) return new(claims);

        var active = o.Pods.Where(p => IsOurs(o, p) && !p.IsFinished() && !p.IsTerminating()).ToList();
        var missing = o.Replicas - active.Count;
        var steps = ImmutableArray.CreateBuilder<Step>();
        var status = Count(o, active, missing);
        if (status != o.Last) steps.Add(new Step.UpdateStatus(o.Status(status)) { MayFail = true });
        if (!deleting) steps.AddRange(missing >= 0 ? Create(o, missing) : Delete(o, active, -missing));
        return new(steps.ToImmutable(), deleting ? null : WaitingFor(o, active, missing), NextAvailable(o, active));
    }

    static IEnumerable<Step> Create(Observed o, int count) => Enumerable.Range(0, Math.Min(count, Burst)).Select(_ => new Step.Create(TemplatePod.Of(o.Owner, o.Template))
    {
        Done = new(o.Owner, "SuccessfulCreate", $"Created pod: {Note.NameOfCreated}"),
        Failed = new(o.Owner, "FailedCreate", "Error creating: {0}", Warning: true),
    });

    static IEnumerable<Step> Delete(Observed o, List<Pod> active, int count)
    {
        var first = count < active.Count ? active.Order(new DeletionOrder(o.Neighbours, o.Now)) : active.AsEnumerable();
        return first.Take(Math.Min(count, Burst)).Select(p => new Step.Delete(Pod.Resource, ObjectKey.Of(p), p.Metadata.Uid)
        {
            Done = new(o.Owner, "SuccessfulDelete", $"Deleted pod: {p.Name()}"),
            Failed = new(o.Owner, "FailedDelete", "Error deleting: {0}", Warning: true),
        }).ToList();
    }

    static Counted Count(Observed o, List<Pod> active, int missing)
    {
        int labeled = 0, ready = 0, available = 0;
        foreach (var pod in active)
        {
            if (o.Template.Metadata.Labels.AllIn(pod.Metadata.Labels)) labeled++;
            if (!pod.IsReady()) continue;
            ready++;
            if (pod.IsAvailable(o.MinReadySeconds, o.Now)) available++;
        }
        var failing = o.Problem is null || missing == 0 ? null : new Failing(missing > 0 ? "FailedCreate" : "FailedDelete", o.Problem, o.Now);
        if (failing is not null && o.Last.Failing is { } before && before.Reason == failing.Reason) failing = before;
        return new(active.Count, labeled, ready, available, o.Owner.Metadata.Generation ?? 0, failing);
    }

    static string? WaitingFor(Observed o, List<Pod> active, int missing)
    {
        if (missing > 0) return $"{missing} of {o.Replicas} pods to be created{(o.Problem is null ? "" : ": " + o.Problem)}";
        if (missing < 0) return $"{-missing} pods to go away: only {o.Replicas} are wanted";
        return active.FirstOrDefault(p => !p.IsReady()) is { } unready
            ? $"{unready.Name()} to become Ready{(PodTrouble.Of(unready) is { } trouble ? ": " + trouble : "")}"
            : active.Any(p => !p.IsAvailable(o.MinReadySeconds, o.Now)) ? $"the pods to be Ready for {o.MinReadySeconds}s" : null;
    }

    static DateTimeOffset? NextAvailable(Observed o, List<Pod> active) => o.MinReadySeconds == 0 ? null
        : active.Select(p => p.AvailableAt(o.MinReadySeconds)).Where(at => at > o.Now).Min();

    static ImmutableArray<Step> Claim(Observed o)
    {
        List<Step> adopt = [], release = [];
        foreach (var pod in o.Pods)
        {
            if (pod.IsFinished() || pod.IsTerminating()) continue;
            var matches = o.Selector.Matches(pod.Metadata.Labels);
            if (IsOurs(o, pod)) { if (!matches) release.Add(Claiming.Release(o.Owner, pod)); }
            else if (matches && pod.Metadata.Controller() is null) adopt.Add(Claiming.Adopt(o.Owner, pod));
        }
        return adopt.Count == 0 ? [.. release] : [.. release, Claiming.Guard(o.Owner), .. adopt];
    }

    static bool IsOurs(Observed o, Pod pod) => pod.Metadata.ControllerUid() == o.Owner.Metadata.Uid;
}
