using System.Collections.Immutable;
using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Controllers.Pods;
using Kennel.Objects.Batch;
using Kennel.Objects.Selectors;

namespace Kennel.Controllers.Jobs;

/// <summary>What to do next about a Job: whose pods are whose, is it over, pods to make and delete, and what of it all is told.</summary>
public static class Jobs
{
    /// <summary>Whom a Job is left to unless it says otherwise.</summary>
    public const string Manager = "kubernetes.io/job-controller";

    const string Tally = "tally";

    /// <summary>So long several changes of mere counts may be collected before they are written.</summary>
    static readonly Backoff s_pace = Backoff.Steady(TimeSpan.FromMilliseconds(25));

    public static Decision Decide(Observed o)
    {
        var job = o.Job;
        if (job.Spec is not { } spec || job.End() is not null || IsForeign(job)) return Decision.Nothing;
        var deleting = job.Metadata.DeletionTimestamp is not null;
        if (!deleting && Claim(o) is { IsEmpty: false } claims) return new(claims);

        var census = new Census(o);
        var verdict = Verdict.Of(census);
        var work = verdict is not null ? Workforce.Dismiss(census) : deleting ? Workforce.AsItIs(census) : Workforce.Manage(census);
        verdict ??= Verdict.Completed(census, work.Active);
        var account = Account.Of(census, work, verdict);
        var note = verdict is null && !deleting ? account.TellSuspension() : account.End is { } end ? Ended(job, end) : null;

        var steps = ImmutableArray.CreateBuilder<Step>();
        steps.AddRange(work.Deletes);
        if (account.Status != job.Status) steps.Add(Tell(job, account.Status) with { Done = note });
        if (account.End is { Type: Conditions.Complete } && census.Succeeded > spec.Completions)
            steps.Add(new Step.Say { Done = new(job, "TooManySucceededPods", "Too many succeeded pods running after completion count reached", Warning: true) });
        // What is deleted in this round is another revision by then: its finalizer goes in the next.
        steps.AddRange(account.Counted.Where(p => !work.Leaving.Contains(p.Metadata.Uid ?? "")).Select(p => Tracking.Untrack(p) with { MayFail = true }));
        steps.AddRange(work.Creates);
        return new(steps.DrainToImmutable(), WaitingFor(census, work, verdict), Sooner(work.At, verdict is null && !deleting ? Verdict.Deadline(census) : null));
    }

    /// <summary>Somebody else looks after it.</summary>
    public static bool IsForeign(Job job) => job.Spec?.ManagedBy is not (null or Manager);

    static ImmutableArray<Step> Claim(Observed o)
    {
        var (release, adopt) = (new List<Step>(), new List<Step>());
        foreach (var pod in o.Pods)
        {
            if (pod.IsTerminating()) continue;
            var (matches, owned) = (o.Job.Spec!.Selector is { } selector && selector.Matches(pod.Metadata.Labels), pod.Metadata.Controller() is not null);
            if (owned && !matches) release.Add(Tracking.Release(o.Job, pod));
            else if (!owned && matches) adopt.Add(Tracking.Adopt(o.Job, pod));
        }
        return adopt.Count == 0 ? [.. release] : [.. release, Claiming.Guard(o.Job), .. adopt];
    }

    /// <summary>What pods hang on is written before they are touched; mere counts go at their own pace.</summary>
    static Step Tell(Job job, JobStatus status)
    {
        var before = job.Status ?? JobStatus.Empty;
        var onlyCounts = status with { Active = before.Active, Ready = before.Ready, Terminating = before.Terminating } == before;
        return new Step.UpdateStatus(job with { Status = status }) { Lane = onlyCounts ? Tally : null, Rest = onlyCounts ? s_pace : null };
    }

    static Note Ended(Job job, JobCondition end) => end.Type == Conditions.Complete
        ? new(job, "Completed", "Job completed")
        : new(job, end.Reason ?? "Failed", end.Message ?? "", Warning: true);

    static string? WaitingFor(Census c, Workforce work, JobCondition? verdict)
    {
        if (verdict is not null) return c.Active.Count + c.Terminating > 0 ? $"{c.Active.Count + c.Terminating} pods to end: the job is over" : null;
        if (c.IsSuspended) return "the job to be resumed: it is suspended";
        if (work.WaitingFor is not null) return work.WaitingFor;
        if (!work.Creates.IsEmpty) return $"{work.Creates.Length} pods to be created{(c.Observed.Problem is null ? "" : ": " + c.Observed.Problem)}";
        return c.Active.FirstOrDefault(p => PodTrouble.Of(p) is not null) is { } stuck ? $"{stuck.Name()}: {PodTrouble.Of(stuck)}" : null;
    }

    static DateTimeOffset? Sooner(DateTimeOffset? a, DateTimeOffset? b) => a is null || b < a ? b : a;
}
