using System.Collections.Immutable;
using System.Numerics;
using Kennel.Client.Running;
using Kennel.Controllers.Pods;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.ReplicaSets;

/// <summary>What to do next about a number of pods that are all alike: too few, make some; too many, take the least useful.</summary>
public static class ReplicaSets
{
    /// <summary>Pods made or deleted in one round at most.</summary>
    const int Burst = 500;

    public static Decision Decide(Observed o)
    {
        var deleting = o.View.Owner.Metadata.DeletionTimestamp is not null;
        var census = new Census(o);
        if (!deleting && Claim(o.View.Owner, census) is { IsEmpty: false } claims) return new(claims);

        var active = census.Active;
        var missing = o.View.Replicas - active.Count;
        var steps = ImmutableArray.CreateBuilder<Step>();
        var status = Counting.Status(o, census, deleting);
        if (status != o.View.Status) steps.Add(new Step.UpdateStatus(o.View.With(status)) { MayFail = true });
        if (!deleting) steps.AddRange(missing >= 0 ? Create(o.View, missing) : Delete(o, active, -missing));
        return new(steps.ToImmutable(), deleting ? null : WaitingFor(o, active, missing), NextAvailable(o, active));
    }

    /// <summary>In batches of 1, 2, 4, …: what refuses one pod would refuse all of them.</summary>
    static IEnumerable<Step> Create(View view, int count) => Enumerable.Range(0, Math.Min(count, Burst)).Select(i => new Step.Create(TemplatePod.Of(view.Owner, view.Template))
    {
        Batch = 1 + BitOperations.Log2((uint)i + 1),
        Done = new(view.Owner, "SuccessfulCreate", $"Created pod: {Note.NameOfCreated}"),
        Failed = new(view.Owner, "FailedCreate", "Error creating: {0}", Warning: true),
    });

    static IEnumerable<Step> Delete(Observed o, List<Pod> active, int count)
    {
        var first = count < active.Count ? active.Order(new DeletionOrder(o.Related, o.Now)) : active.AsEnumerable();
        return first.Take(Math.Min(count, Burst)).Select(p => new Step.Delete(Pod.Resource, ObjectKey.Of(p), p.Metadata.Uid)
        {
            MayFail = true,
            Done = new(o.View.Owner, "SuccessfulDelete", $"Deleted pod: {p.Name()}"),
            Failed = new(o.View.Owner, "FailedDelete", "Error deleting: {0}", Warning: true),
        }).ToList();
    }

    static string? WaitingFor(Observed o, List<Pod> active, int missing)
    {
        var (wanted, least) = (o.View.Replicas, o.View.MinReadySeconds);
        if (missing > 0) return $"{missing} of {wanted} pods to be created{(o.Problem is null ? "" : ": " + o.Problem)}";
        if (missing < 0) return $"{-missing} pods to go away: only {wanted} are wanted{(o.Problem is null ? "" : ": " + o.Problem)}";
        return active.FirstOrDefault(p => !p.IsReady()) is { } unready
            ? $"{unready.Name()} to become Ready{(PodTrouble.Of(unready) is { } trouble ? ": " + trouble : "")}"
            : active.Any(p => !p.IsAvailable(least, o.Now)) ? $"the pods to be Ready for {least}s" : null;
    }

    static DateTimeOffset? NextAvailable(Observed o, List<Pod> active) => o.View.MinReadySeconds == 0 ? null
        : active.Select(p => p.AvailableAt(o.View.MinReadySeconds)).Where(at => at > o.Now).Min();

    /// <summary>One pod that can't be adopted or released doesn't keep the others from it.</summary>
    static ImmutableArray<Step> Claim(IObject owner, Census census)
    {
        var release = census.Strayed.Select(p => Claiming.Release(owner, p));
        return census.Orphans.Count == 0 ? [.. release] : [.. release, Claiming.Guard(owner), .. census.Orphans.Select(p => Claiming.Adopt(owner, p) with { MayFail = true })];
    }
}
