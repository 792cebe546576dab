using Kennel.Controllers.Pods;
using Kennel.Objects.Batch;

namespace Kennel.Controllers.Jobs;

/// <summary>Whether a Job is to end, and why: by what was said before, a rule about failed pods, a limit, its deadline, or enough successes.</summary>
static class Verdict
{
    /// <returns>FailureTarget, SuccessCriteriaMet, or Failed when the former has been told; null when it goes on.</returns>
    public static JobCondition? Of(Census c) => c.Job.True(Conditions.SuccessCriteriaMet) ?? Told(c) ?? Ruled(c) ?? Limits(c) ?? PerIndex(c) ?? EnoughIndexes(c);

    /// <summary>As many as were asked for; or without a number, one, and the others have ended too.</summary>
    public static JobCondition? Completed(Census c, int active) =>
        active == 0 && (c.Spec.Completions is { } wanted ? c.Succeeded >= wanted : c.Succeeded > 0)
            ? Conditions.New(Conditions.SuccessCriteriaMet, "CompletionsReached", "Reached expected number of succeeded pods", c.Observed.Now) : null;

    /// <summary>When the deadline passes; null when there is none, or it doesn't run.</summary>
    public static DateTimeOffset? Deadline(Census c) =>
        c.Spec.ActiveDeadlineSeconds is { } seconds && !c.IsSuspended ? (c.Status.StartTime ?? c.Observed.Now).AddSeconds(Math.Min(seconds, int.MaxValue)) : null;

    static JobCondition? Told(Census c) =>
        c.Job.True(Conditions.FailureTarget) is { } target ? Conditions.New(Conditions.Failed, target.Reason ?? "", target.Message ?? "", c.Observed.Now) : null;

    static JobCondition? Ruled(Census c)
    {
        if (c.Spec.PodFailurePolicy is null) return null;
        foreach (var pod in c.Pods)
            if (pod.IsFailed(c.Spec) && Failing.Rule(c.Spec, pod).Message is { } message) return Fail(c, "PodFailurePolicy", message);
        return null;
    }

    static JobCondition? Limits(Census c)
    {
        var limit = c.Spec.BackoffLimit ?? 6;
        if (c.Failed > limit || RestartedTooOften(c, limit)) return Fail(c, "BackoffLimitExceeded", "Job has reached the specified backoff limit");
        return c.Status.StartTime is not null && Deadline(c) <= c.Observed.Now ? Fail(c, "DeadlineExceeded", "Job was active longer than specified deadline") : null;
    }

    /// <summary>Where containers restart in their pods, restarts count as failures do elsewhere.</summary>
    static bool RestartedTooOften(Census c, int limit)
    {
        if (c.Spec.Template.Spec?.RestartPolicy != "OnFailure") return false;
        var restarts = c.Pods.Where(p => p.Status?.Phase is "Running" or "Pending")
            .Sum(p => p.Status!.InitContainerStatuses.Sum(s => s.RestartCount) + p.Status.ContainerStatuses.Sum(s => s.RestartCount));
        return limit == 0 ? restarts > 0 : restarts >= limit;
    }

    static JobCondition? PerIndex(Census c)
    {
        if (c.FailedIndexes is not { Count: > 0 and var failed }) return null;
        if (failed > c.Spec.MaxFailedIndexes) return Fail(c, "MaxFailedIndexesExceeded", "Job has exceeded the specified maximal number of failed indexes");
        return failed + c.SucceededIndexes.Count >= c.Completions ? Fail(c, "FailedIndexes", "Job has failed indexes") : null;
    }

    static JobCondition? EnoughIndexes(Census c)
    {
        if (!c.IsIndexed || c.Spec.SuccessPolicy is not { } policy || c.SucceededIndexes.Count == 0) return null;
        for (var i = 0; i < policy.Rules.Count; i++)
            if (IsMet(policy.Rules[i], c)) return Conditions.New(Conditions.SuccessCriteriaMet, "SuccessPolicy", $"Matched rules at index {i}", c.Observed.Now);
        return null;
    }

    static bool IsMet(SuccessPolicyRule rule, Census c)
    {
        if (rule.SucceededIndexes is null) return c.SucceededIndexes.Count >= rule.SucceededCount;
        var wanted = Indexes.Parse(rule.SucceededIndexes, c.Completions);
        if (wanted.Count == 0) return false;
        var there = wanted.Common(c.SucceededIndexes);
        return there == wanted.Count || there >= rule.SucceededCount;
    }

    static JobCondition Fail(Census c, string reason, string message) => Conditions.New(Conditions.FailureTarget, reason, message, c.Observed.Now);
}
