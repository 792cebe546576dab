using Kennel.Controllers.Pods;
using Kennel.Objects.Batch;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Jobs;

/// <summary>What the failure policy says of a pod.</summary>
/// <param name="Counts">It counts against the back-off limits.</param>
/// <param name="Action">Ignore, Count, FailIndex or FailJob; null when no rule is about it.</param>
/// <param name="Message">Why the Job fails, when it does.</param>
readonly record struct Ruling(bool Counts, string? Action = null, string? Message = null);

/// <summary>When a pod counts as failed, and what that means.</summary>
static class Failing
{
    static readonly Ruling s_counts = new(true);

    /// <summary>A pod is replaced only when it has ended, not already when it is on its way out.</summary>
    public static bool ReplacesOnlyEnded(this JobSpec spec) => spec.PodReplacementPolicy == "Failed" || spec.PodFailurePolicy is not null;

    /// <summary>A deleted pod counts too, since some never get to say that they failed.</summary>
    public static bool IsFailed(this Pod pod, JobSpec spec) =>
        pod.Status?.Phase == "Failed" || !spec.ReplacesOnlyEnded() && pod.IsTerminating() && pod.Status?.Phase != "Succeeded";

    /// <summary>By the first rule that fits.</summary>
    public static Ruling Rule(JobSpec spec, Pod pod)
    {
        if (spec.PodFailurePolicy is not { } policy) return s_counts;
        for (var i = 0; i < policy.Rules.Count; i++)
            if (Match(policy.Rules[i], pod, i) is { } ruling) return ruling;
        return s_counts;
    }

    static Ruling? Match(PodFailurePolicyRule rule, Pod pod, int index)
    {
        var name = $"{pod.Metadata.Namespace}/{pod.Name()}";
        if (rule.OnExitCodes is { } codes)
        {
            var container = (pod.Status?.ContainerStatuses ?? []).Concat(pod.Status?.InitContainerStatuses ?? []).FirstOrDefault(c => Matches(codes, c));
            return container is null ? null : Of(rule, $"Container {container.Name} for pod {name} failed with exit code {container.State!.Terminated!.ExitCode} matching {rule.Action} rule at index {index}");
        }
        var condition = (pod.Status?.Conditions ?? []).FirstOrDefault(c => rule.OnPodConditions.Any(p => p.Type == c.Type && (p.Status ?? "True") == c.Status));
        return condition is null ? null : Of(rule, $"Pod {name} has condition {condition.Type} matching {rule.Action} rule at index {index}");
    }

    static Ruling? Of(PodFailurePolicyRule rule, string message) => rule.Action switch
    {
        "Ignore" => new(false, rule.Action),
        "Count" or "FailIndex" => new(true, rule.Action),
        "FailJob" => new(true, rule.Action, message),
        _ => null,
    };

    static bool Matches(PodFailurePolicyOnExitCodesRequirement codes, ContainerStatus container) =>
        container.State?.Terminated is { ExitCode: not 0 and var code }
        && (codes.ContainerName is null || codes.ContainerName == container.Name)
        && codes.Operator switch { "In" => codes.Values.Contains(code), "NotIn" => !codes.Values.Contains(code), _ => false };
}
