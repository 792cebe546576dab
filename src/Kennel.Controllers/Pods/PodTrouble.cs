using Kennel.Objects.Core;

namespace Kennel.Controllers.Pods;

/// <summary>Why a pod isn't Ready, in words for users: taken from its containers first, since they know best, then from its conditions.</summary>
public static class PodTrouble
{
    /// <summary><c>ImagePullBackOff: Back-off pulling image "x"</c>; null when the pod doesn't tell.</summary>
    public static string? Of(Pod pod)
    {
        if (pod.Status is not { } status) return null;
        if (pod.Condition("PodScheduled") is { Status: "False" } unplaced) return Sentence(unplaced.Reason ?? "Unschedulable", unplaced.Message);
        foreach (var container in status.InitContainerStatuses) if (Of(container, initial: true) is { } trouble) return trouble;
        foreach (var container in status.ContainerStatuses) if (Of(container, initial: false) is { } trouble) return trouble;
        if (!string.IsNullOrEmpty(status.Reason)) return Sentence(status.Reason, status.Message);
        if (status.Phase == "Running" && pod.Condition("Ready") is { Status: "False" } unready) return Unready(pod, unready);
        return pod.Spec?.NodeName is null ? "it has no node yet" : null;
    }

    static string? Of(ContainerStatus container, bool initial)
    {
        var name = initial ? $"init container {container.Name}: " : "";
        if (container.State?.Waiting is { Reason: not (null or "" or "PodInitializing") } waiting) return name + Sentence(waiting.Reason, waiting.Message) + Last(container);
        if (container.State?.Terminated is { } ended && (!initial || ended.ExitCode != 0)) return name + Ended(ended);
        return null;
    }

    /// <summary>How it ended the last time: what one asks first about a container that crashes.</summary>
    static string Last(ContainerStatus container) => container.LastState?.Terminated is { } ended ? $" (it ended with {Ended(ended)})" : "";

    static string Ended(ContainerStateTerminated ended) =>
        Sentence(string.IsNullOrEmpty(ended.Reason) ? "Terminated" : ended.Reason, $"exit code {ended.ExitCode}{(string.IsNullOrEmpty(ended.Message) ? "" : $", {ended.Message.Trim()}")}");

    static string Unready(Pod pod, PodCondition unready)
    {
        var waiting = pod.Status!.ContainerStatuses.Where(c => !c.Ready).ToList();
        return waiting.Count == 0 ? Sentence(unready.Reason ?? "not Ready", unready.Message)
            : $"container {string.Join(", ", waiting.Select(c => c.Name))} is running but not ready ({Probe(pod, waiting[0])}){Last(waiting[0])}";
    }

    static string Probe(Pod pod, ContainerStatus container)
    {
        var spec = pod.Spec?.Containers.FirstOrDefault(c => c.Name == container.Name);
        return container.Started == false && spec?.StartupProbe is not null ? "its startup probe has not succeeded yet"
            : spec?.ReadinessProbe is not null ? "its readiness probe fails or has not succeeded yet" : "its node has not said that it is";
    }

    static string Sentence(string reason, string? message) => string.IsNullOrEmpty(message) ? reason : $"{reason}: {message}";
}
