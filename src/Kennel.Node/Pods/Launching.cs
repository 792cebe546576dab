using Kennel.Node.Runtime;
using Kennel.Objects.Core;
using RuntimeContainer = Kennel.Node.Runtime.ContainerState;

namespace Kennel.Node.Pods;

/// <summary>Which container to start next, and which must wait.</summary>
static class Launching
{
    /// <summary>How long a failed pull is shown as such before it is shown as waiting for the next try.</summary>
    static readonly TimeSpan s_showPullError = TimeSpan.FromSeconds(2);

    /// <summary>True when a step was added.</summary>
    public static bool Containers(Observed o, Plan plan)
    {
        // What is to look into a pod that doesn't come up can't wait for it to come up.
        foreach (var debug in o.Ephemerals)
            if (o.LastKnown(debug.Name) is null or { Phase: ContainerPhase.Created } && Launch(o, plan, debug, o.Latest(debug.Name))) return true;
        var initialized = o.Spec.Containers.Any(c => o.Latest(c.Name) is not null);
        foreach (var init in o.Spec.InitContainers)
        {
            if (initialized && !Restarts.IsSidecar(init)) continue;
            var latest = o.Latest(init.Name);
            if (latest is { Phase: ContainerPhase.Exited, ExitCode: 0 } && !Restarts.IsSidecar(init)) continue;
            if (latest is { } c && Observed.IsLive(c) && (initialized || Restarts.IsSidecar(init) && o.Started(init, c))) continue;
            if (latest is { } busy && Observed.IsLive(busy))
            {
                plan.Wait(Restarts.IsSidecar(init) ? $"init container {init.Name} to start" : $"init container {init.Name} to finish");
                return false;
            }
            if (Launch(o, plan, init, latest)) return true;
            if (!initialized) return false;
        }
        foreach (var container in o.Spec.Containers)
        {
            var latest = o.Latest(container.Name);
            if (latest is { } c && Observed.IsLive(c)) WaitForReady(o, plan, container, c);
            else if (Restarts.After(o.Spec, container, o.LastKnown(container.Name)) && Launch(o, plan, container, latest)) return true;
        }
        return false;
    }

    static void WaitForReady(Observed o, Plan plan, Container spec, RuntimeContainer c)
    {
        var probes = o.Facts.Of(c.Name).Probes;
        var why = probes.ContainerId == c.Id && probes.LastFailure is { } failure ? ": " + failure : "";
        if (!o.Started(spec, c)) plan.Wait($"container {c.Name} to pass its startup probe{why}");
        else if (!o.Ready(spec, c)) plan.Wait($"container {c.Name} to pass its readiness probe{why}");
    }

    static bool Launch(Observed o, Plan plan, Container spec, RuntimeContainer? latest)
    {
        if (latest is { Phase: ContainerPhase.Created })
        {
            plan.Add(new PodStep.RemoveContainer(latest.Id, latest.Name, latest.Attempt));
            return true;
        }
        var facts = o.Facts.Of(spec.Name);
        var last = o.LastKnown(spec.Name);
        if (HeldByCrash(o, plan, spec, facts, last) || Held(o, plan, facts.StartTrouble, $"container {spec.Name} to be created")) return false;
        if (facts.Image is { } image)
        {
            plan.Add(new PodStep.StartContainer(spec.Name, NextAttempt(o, spec, last), image, last is null ? facts.Crash : CrashBackoff.Next(facts.Crash, o.Now)));
            return true;
        }
        if (HeldByImage(o, plan, spec, facts)) return false;
        plan.Add(new PodStep.EnsureImage(spec.Name));
        return true;
    }

    static bool HeldByCrash(Observed o, Plan plan, Container spec, ContainerFacts facts, RuntimeContainer? last)
    {
        if (last is not { Phase: ContainerPhase.Exited } || CrashBackoff.Until(facts.Crash, last.FinishedAt ?? last.CreatedAt, o.Now) is not { } until) return false;
        if (facts.BackOffSaid != last.Attempt)
        {
            var message = $"Back-off restarting failed container {spec.Name} in pod {PodText.Of(o)}";
            plan.Add(new PodStep.Say(new Notice("BackOff", message, Warning: true, spec.Name)));
            plan.Add(new PodStep.BackOffSaid(spec.Name, last.Attempt));
        }
        plan.Wait($"container {spec.Name} to be restarted after its back-off of {facts.Crash!.Text}", until);
        return true;
    }

    static bool HeldByImage(Observed o, Plan plan, Container spec, ContainerFacts facts)
    {
        if (facts.ImageTrouble is not { } trouble || o.Now >= trouble.RetryAt) return false;
        if (ShownAsError(trouble, o.Now)) plan.LookAt(trouble.FailedAt + s_showPullError);
        plan.Wait($"the image {spec.Image}: {trouble.Message}", trouble.RetryAt);
        return true;
    }

    /// <summary>A fresh failure is shown with its cause; later it is shown as a back-off.</summary>
    public static bool ShownAsError(Trouble trouble, DateTimeOffset now) => now < trouble.FailedAt + s_showPullError;

    static bool Held(Observed o, Plan plan, Trouble? trouble, string what)
    {
        if (trouble is null || o.Now >= trouble.RetryAt) return false;
        plan.Wait($"{what}: {trouble.Message}", trouble.RetryAt);
        return true;
    }

    /// <summary>One more than any before; when the runtime has forgotten them, one more than the API's count.</summary>
    static uint NextAttempt(Observed o, Container spec, RuntimeContainer? last)
    {
        if (last is not null) return last.Attempt + 1;
        var known = (o.Pod?.Status?.ContainerStatuses ?? []).Concat(o.Pod?.Status?.InitContainerStatuses ?? []).FirstOrDefault(s => s.Name == spec.Name);
        return string.IsNullOrEmpty(known?.ContainerID) ? 0 : (uint)known.RestartCount + 1;
    }
}
