using System.Collections.Immutable;
using System.Globalization;
using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Objects.Batch;
using Kennel.Objects.Schedules;

namespace Kennel.Controllers.CronJobs;

/// <summary>What to do next about a CronJob: bring its status up to date, make the Job that is due, and take old ones away.</summary>
public static class CronJobs
{
    public static Decision Decide(Observed o)
    {
        var ledger = new Ledger(o);
        var plan = o.CronJob.Metadata.DeletionTimestamp is null ? Schedule(o, ledger) : new Plan();
        var steps = ImmutableArray.CreateBuilder<Step>();
        foreach (var stranger in ledger.Strangers) steps.Add(Say(o, "UnexpectedJob", $"Saw a job that the controller did not create or forgot: {stranger}"));
        steps.AddRange(plan.Before);
        if (ledger.Status != (o.CronJob.Status ?? CronJobStatus.Empty)) steps.Add(new Step.UpdateStatus(o.CronJob with { Status = ledger.Status }));
        steps.AddRange(ledger.Notes.Select(n => new Step.Say { Done = n }));
        if (plan.Create is not null) steps.Add(plan.Create);
        steps.AddRange(Cleanup.Steps(o));
        return new(steps.DrainToImmutable(), plan.WaitingFor, plan.At);
    }

    static Plan Schedule(Observed o, Ledger ledger)
    {
        var (cron, spec) = (o.CronJob with { Status = ledger.Status }, o.CronJob.Spec);
        var zone = spec.TimeZone is null ? TimeZoneInfo.Utc : Zones.Find(spec.TimeZone);
        if (zone is null) return Told(o, "UnknownTimeZone", $"invalid timeZone: \"{spec.TimeZone}\": unknown time zone {spec.TimeZone}");
        if (spec.Suspend == true) return new() { WaitingFor = "the cron job to be resumed: it is suspended" };
        var (schedule, problem) = Objects.Schedules.Schedule.Parse(spec.Schedule);
        if (schedule is null) return Told(o, "UnparseableSchedule", $"unparseable schedule: \"{spec.Schedule}\" : {problem}");
        List<Step> before = [];
        if (schedule.Zone is not null)
            before.Add(Say(o, "UnsupportedSchedule", $"CRON_TZ or TZ used in schedule \"{spec.Schedule}\" is not officially supported, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details"));

        var times = new Timetable(cron, schedule, zone, o.Now);
        var due = times.Due(out var impossible);
        if (impossible) return Told(o, "InvalidSchedule", $"invalid schedule: {spec.Schedule} : it is never due within five years");
        if (times.MissedMany) before.Add(Say(o, "TooManyMissedTimes", "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew"));
        var wait = new Plan { Before = before, At = times.NextLook(), WaitingFor = $"its next time, {times.NextLook()?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC" };
        return due is { } time ? Start(o, ledger, time, schedule.Zone ?? zone, wait) : wait;
    }

    /// <summary>The Job of a time that has come, unless it is too late, was made already, or the last one still runs and forbids it.</summary>
    static Plan Start(Observed o, Ledger ledger, DateTimeOffset due, TimeZoneInfo zone, Plan wait)
    {
        var (cron, spec) = (o.CronJob, o.CronJob.Spec);
        if (spec.StartingDeadlineSeconds is { } seconds && due.AddSeconds(Math.Min(seconds, int.MaxValue)) < o.Now)
            return wait with { Before = [.. wait.Before, Say(o, "MissSchedule", $"Missed scheduled time to start a job: {due.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture)}")] };
        if (ledger.Status.LastScheduleTime >= due || o.IsTaken(Timetable.JobName(cron, due))) return wait;
        if (spec.ConcurrencyPolicy == "Forbid" && ledger.Status.Active is [var running, ..])
            return wait with
            {
                Before = [.. wait.Before, Say(o, "JobAlreadyActive", "Not starting job because prior execution is running and concurrency policy is Forbid", warning: false)],
                WaitingFor = $"job {running.Name} to end: its successor is due",
            };
        List<Step> before = [.. wait.Before];
        if (spec.ConcurrencyPolicy == "Replace")
            foreach (var job in o.Jobs.Where(j => ledger.Status.Active.Any(a => a.Uid == j.Metadata.Uid)).ToList())
            {
                before.Add(Cleanup.Deletion(cron, job));
                ledger.Drop(job);
            }
        var made = NewJob.Of(cron, due, zone);
        return wait with
        {
            Before = before,
            Create = new Step.Create(made)
            {
                Done = new(cron, "SuccessfulCreate", $"Created job {made.Metadata.Name}"),
                Failed = new(cron, "FailedCreate", "Error creating job: {0}", Warning: true),
            },
        };
    }

    static Plan Told(Observed o, string reason, string message) => new() { Before = [Say(o, reason, message)], WaitingFor = message };

    /// <summary>What stays so is told less and less often.</summary>
    static Step Say(Observed o, string reason, string message, bool warning = true) =>
        new Step.Say { Lane = reason, Rest = Backoff.Relapses, Done = new(o.CronJob, reason, message, warning) };

    /// <param name="Before">Goes before the status is written.</param>
    /// <param name="Create">The Job that is due, made when the status is written.</param>
    sealed record Plan(Step? Create = null, DateTimeOffset? At = null, string? WaitingFor = null)
    {
        public IReadOnlyList<Step> Before { get; init; } = [];
    }
}
