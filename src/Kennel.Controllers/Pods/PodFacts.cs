using Kennel.Objects.Core;

namespace Kennel.Controllers.Pods;

/// <summary>What workload controllers ask of a pod, in upstream's terms.</summary>
public static class PodFacts
{
    public static string Name(this Pod pod) => pod.Metadata.Name ?? "";

    public static bool IsTerminating(this Pod pod) => pod.Metadata.DeletionTimestamp is not null;

    public static bool IsFinished(this Pod pod) => pod.Status?.Phase is "Failed" or "Succeeded";

    /// <summary>Its containers have ended and its node has let it go: only finalizers keep it.</summary>
    public static bool IsDone(this Pod pod) => pod.IsFinished() && pod.Metadata.DeletionGracePeriodSeconds == 0;

    public static bool IsPending(this Pod pod) => pod.Status?.Phase is null or "" or "Pending";

    /// <summary>Condition Ready is True; the phase isn't looked at.</summary>
    public static bool IsReady(this Pod pod) => pod.Condition("Ready")?.Status == "True";

    public static bool IsRunningAndReady(this Pod pod) => pod.Status?.Phase == "Running" && pod.IsReady();

    /// <summary>Ready for at least <paramref name="minReadySeconds"/>, the last moment included.</summary>
    public static bool IsAvailable(this Pod pod, int minReadySeconds, DateTimeOffset now) =>
        pod.IsReady() && (minReadySeconds == 0 || pod.AvailableAt(minReadySeconds) is { } at && at <= now);

    /// <summary>When a Ready pod becomes (or became) available; null for one that isn't Ready.</summary>
    public static DateTimeOffset? AvailableAt(this Pod pod, int minReadySeconds) =>
        pod.Condition("Ready") is { Status: "True", LastTransitionTime: { } since } ? since.AddSeconds(minReadySeconds) : null;

    public static PodCondition? Condition(this Pod pod, string type)
    {
        var conditions = pod.Status?.Conditions ?? [];
        for (var i = 0; i < conditions.Count; i++) if (conditions[i].Type == type) return conditions[i];
        return null;
    }

    public static string? Label(this Pod pod, string key) => pod.Metadata.Labels.GetValueOrDefault(key);
}
