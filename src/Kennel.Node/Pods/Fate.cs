using Kennel.Node.Runtime;
using Kennel.Objects.Core;

namespace Kennel.Node.Pods;

/// <summary>Why a pod's containers are to be stopped and not started again.</summary>
/// <param name="Phase">The phase that is forced, or null when the containers' exits tell.</param>
/// <param name="Reason">For <c>status.reason</c>, or null.</param>
public sealed record Fate(string? Phase = null, string? Reason = null, string? Message = null)
{
    static readonly Fate s_leaving = new();
    static readonly Fate s_finished = new();

    /// <summary>The pod's end, or null while it is to run.</summary>
    public static Fate? Of(Observed o)
    {
        if (o.Pod is null) return s_leaving;
        if (o.Facts.Rejected is { } refused) return new("Failed", refused.Reason, refused.Message);
        if (o.Facts.Evicted is { } evicted && o.Pod.Status?.Phase is not ("Failed" or "Succeeded")) return new("Failed", evicted.Reason, evicted.Message);
        if (o.Pod.Status?.Phase is "Failed" or "Succeeded") return new(o.Pod.Status.Phase, o.Pod.Status.Reason, o.Pod.Status.Message);
        if (Deadline(o) is { } deadline && o.Now >= deadline)
            return new("Failed", "DeadlineExceeded", "Pod was active on the node longer than the specified deadline");
        if (o.Leaving) return s_leaving;
        return Finished(o) ? s_finished : null;
    }

    /// <summary>When <c>activeDeadlineSeconds</c> runs out.</summary>
    public static DateTimeOffset? Deadline(Observed o) =>
        o.Spec.ActiveDeadlineSeconds is { } seconds ? (o.Pod?.Status?.StartTime ?? o.Facts.SeenAt).AddSeconds(seconds) : null;

    static bool Finished(Observed o)
    {
        if (o.Spec.Containers.Count == 0) return false;
        foreach (var init in o.Spec.InitContainers)
            if (o.LastKnown(init.Name) is { Phase: ContainerPhase.Exited, ExitCode: not 0 } failed && !Restarts.AfterInit(o.Spec, init, failed)) return true;
        foreach (var container in o.Spec.Containers)
            if (o.LastKnown(container.Name) is not { Phase: ContainerPhase.Exited } last || Restarts.After(o.Spec, container, last)) return false;
        return true;
    }
}
