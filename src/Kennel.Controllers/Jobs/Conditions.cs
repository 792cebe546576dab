using Kennel.Objects.Batch;

namespace Kennel.Controllers.Jobs;

/// <summary>The conditions of a Job.</summary>
static class Conditions
{
    public const string Complete = "Complete";
    public const string Failed = "Failed";
    public const string Suspended = "Suspended";

    /// <summary>It will have failed when its last pod has ended.</summary>
    public const string FailureTarget = "FailureTarget";

    /// <summary>It will be complete when its last pod has ended.</summary>
    public const string SuccessCriteriaMet = "SuccessCriteriaMet";

    public static JobCondition? True(this Job job, string type) => job.Status?.Conditions.FirstOrDefault(c => c.Type == type && c.Status == "True");

    /// <summary>The condition that says how it ended; null while it hasn't.</summary>
    public static JobCondition? End(this Job job) => job.True(Complete) ?? job.True(Failed);

    public static JobCondition New(string type, string reason, string message, DateTimeOffset now, string status = "True") =>
        new() { Type = type, Status = status, Reason = Some(reason), Message = Some(message), LastProbeTime = now, LastTransitionTime = now };

    /// <summary>With a condition set; the same list when it says so already, or says nothing and is to be False.</summary>
    public static IReadOnlyList<JobCondition> With(IReadOnlyList<JobCondition> all, JobCondition wanted)
    {
        var present = all.FirstOrDefault(c => c.Type == wanted.Type);
        if (present is null) return wanted.Status == "False" ? all : [.. all, wanted];
        return present.Status == wanted.Status && (present.Reason ?? "") == (wanted.Reason ?? "") && (present.Message ?? "") == (wanted.Message ?? "")
            ? all : [.. all.Select(c => c == present ? wanted : c)];
    }

    static string? Some(string text) => text.Length == 0 ? null : text;
}
