using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using Kennel.Client.Running;
using Kennel.Controllers.Pods;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Jobs;

/// <summary>Which pods are made and deleted, and how many there will be then.</summary>
/// <param name="Deletes">Go before the status is told.</param>
/// <param name="Creates">Go after it.</param>
/// <param name="Leaving">Pods that are deleted in this round.</param>
/// <param name="At">When to look again: a back-off is over.</param>
/// <param name="WaitingFor">What keeps it from making pods, or null.</param>
sealed record Workforce(
    ImmutableArray<Step> Deletes, ImmutableArray<Step> Creates, ImmutableHashSet<string> Leaving, int Active, int Ready, int Terminating,
    DateTimeOffset? At = null, string? WaitingFor = null)
{
    /// <summary>Pods made or deleted in one round at most.</summary>
    const int Burst = 500;

    public static Workforce AsItIs(Census c) => new([], [], [], c.Active.Count, c.Ready, c.Terminating);

    /// <summary>The Job is over: what still runs is deleted, and counted before its finalizer goes.</summary>
    public static Workforce Dismiss(Census c) => AsItIs(c).Without(c, c.Active, [.. c.Active.Select(p => Deletion(c, p) with { Batch = 1 })]);

    /// <summary>As many as are wanted: all go while the Job is suspended, those too many go, or those that lack are made.</summary>
    public static Workforce Manage(Census c)
    {
        var wanted = c.IsSuspended ? 0 : Wanted(c);
        var surplus = Surplus(c, Math.Max(0, c.Active.Count - wanted));
        if (!c.IsSuspended) surplus = [.. surplus.Take(Burst)];
        if (surplus.Count > 0) return AsItIs(c).Without(c, surplus, [.. surplus.SelectMany(p => Release(c, p))]);
        if (c.IsSuspended) return AsItIs(c);
        var missing = wanted - c.Active.Count - (c.Spec.ReplacesOnlyEnded() ? c.Terminating : 0);
        if (missing <= 0) return AsItIs(c);
        return c.IsIndexed ? Indexed(c, missing) : PodBackoff.Until(c) is { } until ? BackingOff(c, until) : AsItIs(c).With(c, [.. Enumerable.Repeat(0, Math.Min(missing, Burst)).Select(_ => NewPod.Of(c.Job))]);
    }

    /// <summary>Never more than completions are left; without a number, none are made after the first success.</summary>
    static int Wanted(Census c)
    {
        var parallelism = c.Spec.Parallelism ?? 1;
        if (c.Spec.Completions is not { } completions) return c.Succeeded > 0 ? c.Active.Count : parallelism;
        return Math.Max(0, Math.Min(parallelism, completions - c.Succeeded));
    }

    static Workforce Indexed(Census c, int missing)
    {
        var perIndex = c.FailedIndexes is not null;
        if (!perIndex && PodBackoff.Until(c) is { } until) return BackingOff(c, until);
        var taken = Indexes.Of(c.Pods.Where(p => p.IsActive() || c.Spec.ReplacesOnlyEnded() && !p.IsFinished()).Select(p => p.Index() ?? -1).Where(i => i >= 0));
        var pending = c.SucceededIndexes.With(taken).With(c.FailedIndexes ?? Indexes.None).Missing(c.Completions, Math.Min(missing, Burst)).ToList();
        var due = pending.Where(i => !c.Predecessors.TryGetValue(i, out var p) || PodBackoff.Until(p, c.Observed.Now) is null).ToList();
        if (due.Count == 0 && pending.Count > 0) return BackingOff(c, pending.Min(i => PodBackoff.Until(c.Predecessors[i], c.Observed.Now)!.Value));
        return AsItIs(c).With(c, [.. due.Select(i => NewPod.Of(c.Job, i, c.Predecessors.GetValueOrDefault(i)))]);
    }

    static Workforce BackingOff(Census c, DateTimeOffset until) => AsItIs(c) with { At = until, WaitingFor = $"the back-off after failed pods to end at {until.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture)} UTC" };

    /// <summary>Pods of no index or of one too high, all but one of each index, and then the least far until there are enough.</summary>
    static List<Pod> Surplus(Census c, int least)
    {
        List<Pod> surplus = [];
        var rest = c.Active.ToList();
        if (c.IsIndexed)
        {
            var best = c.Active.Where(c.IsWithin).GroupBy(p => p.Index()!.Value).Select(g => g.Order(ActiveOrder.Least).Last()).ToHashSet(ReferenceEqualityComparer.Instance);
            surplus.AddRange(c.Active.Where(p => !best.Contains(p)));
            rest = [.. c.Active.Where(best.Contains)];
        }
        if (surplus.Count < least) surplus.AddRange(rest.Order(ActiveOrder.Least).Take(least - surplus.Count));
        return surplus;
    }

    Workforce Without(Census c, IReadOnlyList<Pod> pods, ImmutableArray<Step> deletes) => this with
    {
        Deletes = deletes,
        Leaving = [.. pods.Select(p => p.Metadata.Uid ?? "")],
        Active = c.Active.Count - pods.Count,
        Ready = c.Ready - pods.Count(p => p.IsReady()),
        Terminating = c.Terminating + pods.Count,
    };

    /// <summary>In batches of 1, 2, 4, …: what refuses one pod would refuse all of them.</summary>
    Workforce With(Census c, ImmutableArray<Pod> pods) => this with
    {
        Active = c.Active.Count + pods.Length,
        Creates = [.. pods.Select((p, i) => new Step.Create(p)
        {
            Batch = 1 + BitOperations.Log2((uint)i + 1),
            Done = new(c.Job, "SuccessfulCreate", $"Created pod: {Note.NameOfCreated}"),
            Failed = new(c.Job, "FailedCreate", "Error creating: {0}", Warning: true),
        })],
    };

    /// <summary>A pod that isn't wanted any more is no failure: it isn't counted, and goes.</summary>
    static IEnumerable<Step> Release(Census c, Pod pod)
    {
        var lane = $"pod {pod.Name()}";
        if (pod.IsTracked()) yield return Tracking.Untrack(pod) with { Lane = lane, Failed = new(c.Job, "FailedDelete", "Error deleting: removing completion finalizer: {0}", Warning: true) };
        yield return Deletion(c, pod) with { Lane = lane };
    }

    static Step.Delete Deletion(Census c, Pod pod) => new(Pod.Resource, ObjectKey.Of(pod), pod.Metadata.Uid)
    {
        Done = new(c.Job, "SuccessfulDelete", $"Deleted pod: {pod.Name()}"),
        Failed = new(c.Job, "FailedDelete", "Error deleting: {0}", Warning: true),
    };
}
