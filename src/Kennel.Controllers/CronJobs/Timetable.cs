using System.Globalization;
using Kennel.Objects.Batch;
using Kennel.Objects.Schedules;

namespace Kennel.Controllers.CronJobs;

/// <summary>When a CronJob was and will be due.</summary>
sealed class Timetable(CronJob cron, Schedule schedule, TimeZoneInfo zone, DateTimeOffset now)
{
    /// <summary>So many missed times are told as a warning: a clock may be wrong.</summary>
    const int Many = 100;

    /// <summary>Clocks differ a little.</summary>
    static readonly TimeSpan s_slack = TimeSpan.FromMilliseconds(100);

    /// <summary>More than a hundred times have passed unused.</summary>
    public bool MissedMany { get; private set; }

    /// <summary>The last time that it should have run and hasn't; null when there is none.</summary>
    /// <param name="impossible">The schedule has times that are all the same, as those of 31 February.</param>
    public DateTimeOffset? Due(out bool impossible)
    {
        var since = Since;
        if (cron.Spec.StartingDeadlineSeconds is { } seconds && now.AddSeconds(-Math.Min(seconds, int.MaxValue)) is var deadline && deadline > since) since = deadline;
        var (last, missed) = Last(since, out impossible);
        MissedMany = missed > Many;
        return last;
    }

    /// <summary>When to look again; null when it is never due.</summary>
    public DateTimeOffset? NextLook()
    {
        var (last, missed) = Last(Since, out var impossible);
        var from = impossible || last is null && missed > 0 ? now : last ?? Since;
        return schedule.Next(from, zone) + s_slack;
    }

    /// <summary>When it last ran, or was made.</summary>
    DateTimeOffset Since => cron.Status?.LastScheduleTime ?? cron.Metadata.CreationTimestamp ?? now;

    /// <summary>The last time until now, and roughly how many there were: counted by the first two, since there may be very many.</summary>
    (DateTimeOffset? Last, long Missed) Last(DateTimeOffset since, out bool impossible)
    {
        impossible = false;
        if (schedule.Next(since, zone) is not { } first)
        {
            impossible = true;
            return default;
        }
        if (first > now) return default;
        if (schedule.Next(first, zone) is not { } second || second > now) return (first, 0);
        var pace = second - first;
        var missed = (now - first).Ticks / pace.Ticks + 1;
        DateTimeOffset? last = null;
        // One step before the estimate, since times need not be even.
        for (var at = schedule.Next(first + (missed - 2) * pace, zone); at <= now; at = schedule.Next(at.Value, zone)) last = at;
        return (last, missed);
    }

    /// <summary>The Job of a time: the same name always, so that it can't be made twice.</summary>
    public static string JobName(CronJob cron, DateTimeOffset due) =>
        string.Create(CultureInfo.InvariantCulture, $"{cron.Metadata.Name}-{due.ToUnixTimeSeconds() / 60}");

    /// <summary>The time of a Job that was made by us; null for others.</summary>
    public static DateTimeOffset? TimeOf(CronJob cron, Job job)
    {
        var (name, prefix) = (job.Metadata.Name ?? "", cron.Metadata.Name + "-");
        if (!name.StartsWith(prefix, StringComparison.Ordinal) || !job.Metadata.Annotations.TryGetValue(NewJob.TimeAnnotation, out var text)) return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && JobName(cron, time) == name ? time.ToUniversalTime() : null;
    }
}
