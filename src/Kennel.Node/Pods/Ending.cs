using Kennel.Node.Runtime;
using RuntimeContainer = Kennel.Node.Runtime.ContainerState;

namespace Kennel.Node.Pods;

/// <summary>
/// The way out: containers, then sandboxes' networks, then volumes, then sandboxes, and only then the API's object.
/// </summary>
static class Ending
{
    /// <summary>Even an impatient stop leaves the process this long to end by itself, as upstream.</summary>
    const long LeastGraceSeconds = 2;

    /// <summary>For what the runtime has of a pod whose spec nobody knows any more: the API's default.</summary>
    const long UnknownGraceSeconds = 30;

    public static PodDecision Steps(Observed o, Fate fate)
    {
        var plan = new Plan(o);
        if (o.Facts.Busy is { MayBeAbandoned: true } work) plan.Add(new PodStep.Abandon(work.Kind));
        if (StopContainers(o, plan)) return plan.Done;
        if (o.Facts.Busy is { } busy) return plan.Waiting($"{busy.Kind} to end");
        foreach (var sandbox in o.Sandboxes)
            if (!o.Facts.Retired.Contains(sandbox.Id)) return plan.And(new PodStep.StopSandbox(sandbox.Id));
        if (!(o.Leaving ? o.Facts.TornDown : o.Facts.Unmounted)) return Unless(o.Facts.VolumeTrouble, o, plan, "volumes to be unmounted", new PodStep.TearDown(o.Leaving));
        return o.Leaving ? Leave(o, plan) : plan.Done;
    }

    static PodDecision Leave(Observed o, Plan plan)
    {
        if (o.Sandboxes.Length > 0) return Unless(o.Facts.SandboxTrouble, o, plan, "the sandbox to be removed", new PodStep.RemoveSandbox(o.Sandboxes[^1].Id));
        if (o.Gone || o.Pod is null) return plan.And(new PodStep.Forget());
        if (!o.Facts.Deleted) return Unless(o.Facts.FinishTrouble, o, plan, "the API to delete the pod", new PodStep.Finish());
        return plan.Waiting($"finalizers to be removed: {string.Join(", ", o.Pod.Metadata.Finalizers)}");
    }

    static PodDecision Unless(Trouble? trouble, Observed o, Plan plan, string what, PodStep step) =>
        trouble is not null && o.Now < trouble.RetryAt ? plan.Waiting($"{what}: {trouble.Message}", trouble.RetryAt) : plan.And(step);

    /// <summary>Main containers together, then sidecars one by one from the last to the first. True while any lives.</summary>
    static bool StopContainers(Observed o, Plan plan)
    {
        var sidecars = o.Spec.InitContainers.Where(Restarts.IsSidecar).Select(c => c.Name).ToList();
        var live = o.Live().ToList();
        var first = live.Where(c => !sidecars.Contains(c.Name)).ToList();
        if (first.Count == 0 && live.Count > 0) first = [live.MaxBy(c => sidecars.IndexOf(c.Name))!];
        var grace = Grace(o);
        foreach (var c in first) plan.Stop(c, Remaining(o, c, grace), $"Stopping container {c.Name}");
        return live.Count > 0;
    }

    static long Grace(Observed o)
    {
        if (o.Facts.Evicted is not null && !o.Leaving) return LeastGraceSeconds;
        var wish = o.Leaving ? o.Pod?.Metadata.DeletionGracePeriodSeconds : null;
        var grace = wish ?? o.Pod?.Spec?.TerminationGracePeriodSeconds ?? UnknownGraceSeconds;
        return Math.Max(LeastGraceSeconds, Math.Min(grace, o.Facts.FenceSeconds ?? grace));
    }

    /// <summary>What is left of the pod's grace period for a container whose stop begins after others'.</summary>
    static long Remaining(Observed o, RuntimeContainer c, long grace)
    {
        if (o.Facts.Stopping.ContainsKey(c.Id) || o.Facts.Stopping.IsEmpty) return grace;
        var used = o.Now - o.Facts.Stopping.Values.Min(s => s.Since);
        return Math.Max(LeastGraceSeconds, grace - (long)used.TotalSeconds);
    }
}
