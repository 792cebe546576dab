using System.Globalization;
using Kennel.Controllers.Pods;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Jobs;

/// <summary>What a pod says of its part in a Job.</summary>
static class JobPod
{
    /// <summary>Keeps a pod until its Job has counted it.</summary>
    public const string Finalizer = "batch.kubernetes.io/job-tracking";

    /// <summary>Annotation and label.</summary>
    public const string IndexKey = "batch.kubernetes.io/job-completion-index";
    public const string FailuresKey = "batch.kubernetes.io/job-index-failure-count";
    public const string IgnoredKey = "batch.kubernetes.io/job-index-ignored-failure-count";

    public static bool IsTracked(this Pod pod) => pod.Metadata.Finalizers.Contains(Finalizer);

    public static bool IsActive(this Pod pod) => !pod.IsFinished() && !pod.IsTerminating();

    /// <summary>Its completion index, or null when it has none that can be read.</summary>
    public static int? Index(this Pod pod) =>
        pod.Metadata.Annotations.TryGetValue(IndexKey, out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;

    /// <summary>How often pods of its index had failed before it.</summary>
    public static int Failures(this Pod pod) => Number(pod, FailuresKey);

    /// <summary>How often they had failed in a way that doesn't count.</summary>
    public static int Ignored(this Pod pod) => Number(pod, IgnoredKey);

    /// <summary>When it ended: by its containers, by not being Ready any more, by the wish to delete it, or else when it began.</summary>
    public static DateTimeOffset FinishedAt(this Pod pod)
    {
        if (pod.Status?.ContainerStatuses is { Count: > 0 } all && all.All(c => c.State?.Terminated?.FinishedAt is not null)) return all.Max(c => c.State!.Terminated!.FinishedAt!.Value);
        if (pod.Condition("Ready") is { Status: "False", LastTransitionTime: { } unready }) return unready;
        if (pod.Metadata.DeletionTimestamp is { } deleted) return deleted.AddSeconds(-(pod.Metadata.DeletionGracePeriodSeconds ?? 0));
        return pod.Metadata.CreationTimestamp ?? DateTimeOffset.MinValue;
    }

    static int Number(Pod pod, string key) =>
        pod.Metadata.Annotations.TryGetValue(key, out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
