using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;
using Kennel.Objects.Schedules;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Kinds.Batch;

sealed class CronJobRules(ResourceType type) : KindRules(type)
{
    /// <summary>A Job's name gets 11 characters of time behind the CronJob's.</summary>
    const int LongestName = 52;

    protected override void Check(JsonObject o, Errors errors)
    {
        CheckSpec(o.Obj("spec"), was: null, errors);
        if (o.Obj("metadata").Text("name") is { Length: > LongestName } name) errors.Invalid("metadata.name", name, $"must be no more than {LongestName} characters");
    }

    protected override void CheckUpdate(JsonObject o, JsonObject old, string? subresource, Errors errors)
    {
        if (subresource != "status") CheckSpec(o.Obj("spec"), old.Obj("spec"), errors);
    }

    static void CheckSpec(JsonObject? spec, JsonObject? was, Errors errors)
    {
        At at = "spec";
        if (spec.Text("schedule") is { Length: > 0 } schedule) CheckSchedule(schedule, spec, was, errors);
        else errors.Required(at["schedule"]);
        errors.NotNegative(at["startingDeadlineSeconds"], spec.Int("startingDeadlineSeconds"));
        if (spec.Text("timeZone") is { } zone && zone != was.Text("timeZone")) Zone(zone, at["timeZone"], errors);
        errors.OneOf(at["concurrencyPolicy"], spec.Text("concurrencyPolicy"), "Allow", "Forbid", "Replace");
        CheckTemplate(spec.Obj("jobTemplate").Obj("spec"), at["jobTemplate"]["spec"], errors);
        foreach (var limit in (ReadOnlySpan<string>)["successfulJobsHistoryLimit", "failedJobsHistoryLimit"]) errors.NotNegative(at[limit], spec.Int(limit));
    }

    /// <summary>A zone in the schedule was allowed once: who has one may keep it.</summary>
    static void CheckSchedule(string schedule, JsonObject? spec, JsonObject? was, Errors errors)
    {
        At at = "spec.schedule";
        if (Schedule.Parse(schedule).Problem is { } problem) errors.Invalid(at, schedule, problem);
        if (!schedule.Contains("TZ", StringComparison.Ordinal)) return;
        if (was.Text("schedule")?.Contains("TZ", StringComparison.Ordinal) != true) errors.Invalid(at, schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
        else if (spec.Has("timeZone")) errors.Invalid(at, schedule, "cannot use both timeZone field and TZ or CRON_TZ in schedule");
    }

    static void Zone(string zone, At at, Errors errors)
    {
        if (zone.Length == 0) errors.Invalid(at, zone, "timeZone must be nil or non-empty string");
        else if (!Zones.IsWellFormed(zone)) errors.Invalid(at, zone, $"unknown time zone {zone}");
        else if (zone.Equals("Local", StringComparison.OrdinalIgnoreCase)) errors.Invalid(at, zone, "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones");
        else if (Zones.Find(zone) is null) errors.Invalid(at, zone, $"unknown time zone {zone}");
    }

    static void CheckTemplate(JsonObject? job, At at, Errors errors)
    {
        JobRules.CheckSpec(job, at, errors);
        if (job.Node("selector") is { } selector) errors.Invalid(at["selector"], selector, "`selector` will be auto-generated");
        if (job.Bool("manualSelector") == true) errors.Add(FieldError.NotSupported(at["manualSelector"].ToString(), true, "nil", "false"));
    }

    public override IReadOnlyList<string> Warnings(JsonObject o)
    {
        var schedule = o.Obj("spec").Text("schedule") ?? "";
        IEnumerable<string> zone = !schedule.Contains("TZ", StringComparison.Ordinal) ? []
            : ["CRON_TZ or TZ used in spec.schedule is not officially supported, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details"];
        return [.. BatchWarnings.Name(o), .. BatchWarnings.Spec(o.Obj("spec").Obj("jobTemplate").Obj("spec"), "spec.jobTemplate.spec"), .. zone];
    }
}
