using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;

namespace Kennel.Objects.Kinds.Batch;

/// <summary>
/// The status of a Job, whoever manages it: it never contradicts itself, and what has ended doesn't begin again. Most rules are only looked at
/// when what they are about has changed.
/// </summary>
static class JobStatusRules
{
    static readonly At s_at = "status";

    public static void Check(JsonObject o, JsonObject old, Errors errors)
    {
        var (now, was) = (o.Obj("status"), old.Obj("status"));
        foreach (var count in (ReadOnlySpan<string>)["active", "succeeded", "failed", "ready", "terminating"]) errors.NotNegative(s_at[count], now.Int(count));
        Uncounted(now.Obj("uncountedTerminatedPods"), errors);
        Conditions(o, now, was, errors);
        Times(now, was, o.Obj("spec"), errors);
        if (Finished(now)) AtTheEnd(now, was, errors);
        Indexes(o.Obj("spec"), now, was, errors);
        Counters(o.Obj("spec"), now, was, errors);
    }

    static void Uncounted(JsonObject? uncounted, Errors errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var list in (ReadOnlySpan<string>)["succeeded", "failed"])
            for (var i = 0; i < uncounted.List(list)?.Count; i++)
            {
                var (uid, at) = (uncounted.List(list)![i].AsText() ?? "", s_at["uncountedTerminatedPods"][list][i]);
                if (uid.Length == 0) errors.Invalid(at, uid, "must not be empty");
                else if (!seen.Add(uid)) errors.Duplicate(at, uid);
            }
    }

    static void Conditions(JsonObject o, JsonObject? now, JsonObject? was, Errors errors)
    {
        bool Changed(string type) => Is(now, type) != Is(was, type);
        void Wrong(string why) => errors.Add(new("FieldValueInvalid", s_at["conditions"].ToString(), $"Invalid value: {why}"));
        var (complete, failed, met) = (Is(now, "Complete"), Is(now, "Failed"), Is(now, "SuccessCriteriaMet"));
        if (complete && failed && (Changed("Complete") || Changed("Failed"))) Wrong("cannot set Complete=True and Failed=true conditions");
        if (complete && Is(now, "FailureTarget") && (Changed("Complete") || Changed("FailureTarget"))) Wrong("cannot set Complete=True and FailureTarget=true conditions");
        if (met && failed) Wrong("cannot set SuccessCriteriaMet=True and Failed=true conditions");
        if (met && Is(now, "FailureTarget")) Wrong("cannot set SuccessCriteriaMet=True and FailureTarget=true conditions");
        if (complete && !met && o.Obj("spec").Has("successPolicy")) Wrong("cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True");
        foreach (var type in (ReadOnlySpan<string>)["Failed", "Complete", "FailureTarget"])
            if (Is(was, type) && !Is(now, type)) Wrong($"cannot disable the terminal {type}=True condition");
        if (Is(was, "SuccessCriteriaMet") && !met) Wrong("cannot disable the SuccessCriteriaMet=True condition");
        if (Is(was, "Complete") && !Is(was, "SuccessCriteriaMet") && met) Wrong("cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions");
    }

    static void Times(JsonObject? now, JsonObject? was, JsonObject? spec, Errors errors)
    {
        var (start, end, complete) = (now.Text("startTime"), now.Text("completionTime"), Is(now, "Complete"));
        var (begins, ends) = (start != was.Text("startTime"), end != was.Text("completionTime"));
        if (ends || complete != Is(was, "Complete"))
        {
            if (end is not null && !complete) errors.Invalid(s_at["completionTime"], end, "cannot set completionTime when there is no Complete=True condition");
            if (end is null && complete) errors.Required(s_at["completionTime"], "completionTime is required for Complete jobs");
        }
        if ((begins || ends) && start is not null && end is not null && Wire.Time(end) < Wire.Time(start))
            errors.Invalid(s_at["completionTime"], end, "completionTime cannot be set before startTime");
        if (ends && end is not null && was.Has("completionTime")) errors.Invalid(s_at["completionTime"], end, "completionTime cannot be mutated");
        if (begins && was.Has("startTime") && spec.Bool("suspend") != true && !Resumes(now, was)) errors.Required(s_at["startTime"], "startTime cannot be removed for unsuspended job");
    }

    /// <summary>A Job that goes on begins anew, in the write that says so.</summary>
    static bool Resumes(JsonObject? now, JsonObject? was) => Is(was, "Suspended") && !Is(now, "Suspended") && now.Has("startTime");

    static void AtTheEnd(JsonObject? now, JsonObject? was, Errors errors)
    {
        var ends = !Finished(was);
        if (now.Int("active") > 0 && (ends || now.Int("active") != was.Int("active"))) errors.Invalid(s_at["active"], now.Int("active"), "active>0 is invalid for finished job");
        if (!now.Has("startTime") && (ends || was.Has("startTime"))) errors.Required(s_at["startTime"], "startTime is required for finished job");
        if (now.Obj("uncountedTerminatedPods") is { } uncounted && (ends || !Same.Values(uncounted, was.Obj("uncountedTerminatedPods")))
            && (uncounted.List("succeeded")?.Count ?? 0) + (uncounted.List("failed")?.Count ?? 0) > 0)
            errors.Invalid(s_at["uncountedTerminatedPods"], uncounted, "uncountedTerminatedPods needs to be empty for finished job");
    }

    static void Indexes(JsonObject? spec, JsonObject? now, JsonObject? was, Errors errors)
    {
        var (completed, failed, completions) = (now.Text("completedIndexes") ?? "", now.Text("failedIndexes"), spec.Int("completions"));
        var (more, worse) = (completed != (was.Text("completedIndexes") ?? ""), failed != was.Text("failedIndexes"));
        if (more && completions is { } most && IndexSyntax.Problem(completed, most, out _) is { } wrong)
            errors.Invalid(s_at["completedIndexes"], completed, $"error parsing completedIndexes: {wrong}");
        if (worse && failed is not null && completions is { } all && spec.Has("backoffLimitPerIndex") && IndexSyntax.Problem(failed, all, out _) is { } bad)
            errors.Invalid(s_at["failedIndexes"], failed, $"error parsing failedIndexes: {bad}");
        if (more && completed.Length > 0 && spec.Text("completionMode") != "Indexed")
            errors.Invalid(s_at["completedIndexes"], completed, "cannot set non-empty completedIndexes when non-indexed completion mode");
        if (worse && failed is not null && !spec.Has("backoffLimitPerIndex"))
            errors.Invalid(s_at["failedIndexes"], failed, "cannot set non-null failedIndexes when backoffLimitPerIndex is null");
        if ((more || worse) && failed is not null && completions is { } total && IndexSyntax.Overlap(completed, failed, total) is { } both)
            errors.Invalid(s_at["failedIndexes"], failed, $"failedIndexes and completedIndexes overlap at index: {both}");
    }

    static void Counters(JsonObject? spec, JsonObject? now, JsonObject? was, Errors errors)
    {
        void Falls(string counter)
        {
            if ((now.Int(counter) ?? 0) < (was.Int(counter) ?? 0)) errors.Invalid(s_at[counter], now.Int(counter) ?? 0, $"cannot decrease the {counter} counter");
        }
        Falls("failed");
        // An Indexed Job that is as wide as long can shrink, and what had succeeded beyond its end counts no more.
        if (spec.Text("completionMode") != "Indexed" || spec.Int("completions") != spec.Int("parallelism")) Falls("succeeded");
    }

    static bool Finished(JsonObject? status) => Is(status, "Complete") || Is(status, "Failed");

    static bool Is(JsonObject? status, string type)
    {
        foreach (var condition in status.List("conditions") ?? []) if (condition.Text("type") == type) return condition.Text("status") == "True";
        return false;
    }
}
