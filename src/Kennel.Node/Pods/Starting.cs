using Kennel.Node.Runtime;
using Kennel.Objects.Core;
using RuntimeContainer = Kennel.Node.Runtime.ContainerState;

namespace Kennel.Node.Pods;

/// <summary>The way up and staying there: volumes, sandbox, init containers in order, containers, restarts, tidying.</summary>
static class Starting
{
    public static PodDecision Steps(Observed o)
    {
        var plan = new Plan(o);
        plan.LookAt(Fate.Deadline(o));
        if (o.Predecessor is { } predecessor) return plan.Waiting(predecessor);
        StopTheUnfit(o, plan);
        if (o.Facts.Busy is { } busy) return plan.Waiting(busy.Outcome);
        if (o.Facts.Places is null) return Unless(o.Facts.VolumeTrouble, o, plan, "volumes", new PodStep.EnsureVolumes());
        if (o.Current is not { Ready: true }) return NewSandbox(o, plan);
        if (!Launching.Containers(o, plan) && !Resizing.Steps(o, plan)) Tidy(o, plan);
        return plan.Done;
    }

    /// <summary>Containers that failed their probes or whose spec has changed.</summary>
    static void StopTheUnfit(Observed o, Plan plan)
    {
        if (o.Current is not { Ready: true }) return;
        foreach (var spec in o.Spec.InitContainers.Concat(o.Spec.Containers))
        {
            if (o.Latest(spec.Name) is not { Phase: ContainerPhase.Running } c) continue;
            var grace = Math.Max(2, o.Spec.TerminationGracePeriodSeconds ?? 30);
            var probes = o.Facts.Of(spec.Name).Probes;
            if (c.SpecHash.Length > 0 && c.SpecHash != SpecHash.Of(spec) && !(o.Spec.InitContainers.Contains(spec) && !Restarts.IsSidecar(spec)))
                plan.Stop(c, grace, $"Container {c.Name} definition changed, will be restarted");
            else if (probes.ContainerId == c.Id && probes.Unhealthy is { } probe)
                plan.Stop(c, probes.GraceSeconds ?? grace, $"Container {c.Name} failed {probe} probe, will be restarted");
        }
        if (o.Room is not null) return;
        foreach (var (spec, c) in Resizing.Pending(o))
            if (Resizing.NeedsRestart(o, spec, c)) plan.Stop(c, Math.Max(2, o.Spec.TerminationGracePeriodSeconds ?? 30), $"Container {c.Name} resize requires restart");
    }

    static PodDecision NewSandbox(Observed o, Plan plan)
    {
        foreach (var c in o.Live()) plan.Stop(c, Math.Max(2, o.Spec.TerminationGracePeriodSeconds ?? 30), $"Stopping container {c.Name}");
        if (o.Live().Any()) return plan.Done;
        if (o.Current is { } dead)
        {
            plan.Add(new PodStep.Say(new Notice("SandboxChanged", "Pod sandbox changed, it will be killed and re-created.")));
            return plan.And(new PodStep.StopSandbox(dead.Id));
        }
        var attempt = o.Sandboxes.Length > 0 ? o.Sandboxes[0].Attempt + 1 : 0;
        return Unless(o.Facts.SandboxTrouble, o, plan, "the sandbox", new PodStep.RunSandbox(attempt));
    }

    static PodDecision Unless(Trouble? trouble, Observed o, Plan plan, string what, PodStep step) =>
        trouble is not null && o.Now < trouble.RetryAt ? plan.Waiting($"{what}: {trouble.Message}", trouble.RetryAt) : plan.And(step);

    /// <summary>Of the dead, the newest of each name stays for its logs and its exit code; the sandboxes before this one go.</summary>
    static void Tidy(Observed o, Plan plan)
    {
        if (o.Sandboxes.Length > 1)
        {
            plan.Add(new PodStep.RemoveSandbox(o.Sandboxes[^1].Id));
            return;
        }
        RuntimeContainer? oldest = null;
        foreach (var c in o.Current!.Containers)
            if (c.Phase is ContainerPhase.Exited && o.Current.Containers.Any(other => other.Name == c.Name && other.Attempt > c.Attempt && other.Phase is ContainerPhase.Exited)) oldest ??= c;
        if (oldest is not null) plan.Add(new PodStep.RemoveContainer(oldest.Id, oldest.Name, oldest.Attempt));
    }
}
