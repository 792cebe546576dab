using Kennel.Node.Pods;
using Kennel.Node.Probes;
using Kennel.Node.Runtime;
using Kennel.Node.Volumes;
using Kennel.Objects.Core;

namespace Kennel.Node.Agent;

/// <summary>Starts and stops containers.</summary>
sealed class ContainerEffects(Shared shared)
{
    static readonly TimeSpan s_first = TimeSpan.FromSeconds(1);
    static readonly TimeSpan s_longest = TimeSpan.FromSeconds(20);
    static readonly TimeSpan s_stopAgain = TimeSpan.FromSeconds(5);
    const int LastWords = 2;

    readonly IRuntime _runtime = shared.Parts.Runtime;
    readonly Hooks _hooks = new(shared.Parts.Prober, shared.Parts.Time);
    readonly ContainerSpecs _specs = new(shared);

    public async Task<Func<Facts, Facts>> Start(Observed o, PodStep.StartContainer step, CancellationToken cancel)
    {
        var container = o.Named(step.Container)!;
        var reason = "CreateContainerConfigError";
        try
        {
            var spec = await _specs.Of(o, container, step, cancel);
            reason = "CreateContainerError";
            var id = await _runtime.CreateContainer(o.Current!.Id, spec, cancel);
            shared.Say(o.Pod, new("Created", "Container created", Container: container.Name));
            reason = "RunContainerError";
            await _runtime.StartContainer(id, cancel);
            shared.Say(o.Pod, new("Started", "Container started", Container: container.Name));
            if (container.Lifecycle?.PostStart is { } hook && await PostStart(o, container, hook, id, cancel) is { } problem)
                return Troubled(step, "PostStartHookError", problem, ran: true);
            return facts => facts.With(container.Name, c => c with { Image = null, StartTrouble = null, Crash = step.Backoff });
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            shared.Say(o.Pod, new("Failed", $"Error: {failed.Message}", Warning: true, container.Name));
            return Troubled(step, reason, failed.Message, ran: reason == "RunContainerError");
        }
    }

    /// <summary>Hook, TERM and KILL, all within the grace period.</summary>
    public async Task<Func<Facts, Facts>> Stop(Observed o, PodStep.StopContainer step, CancellationToken cancel)
    {
        var began = shared.Now;
        var grace = TimeSpan.FromSeconds(step.GraceSeconds);
        var first = !o.Facts.Stopping.ContainsKey(step.Id);
        if (first) shared.Say(o.Pod, new("Killing", step.Why, Container: step.Container));
        try
        {
            var container = o.Named(step.Container);
            if (first && grace > TimeSpan.Zero && container?.Lifecycle?.PreStop is { } hook)
            {
                if (await _hooks.Run(hook, container, step.Id, Ip(o), grace, cancel) is { } problem)
                    shared.Say(o.Pod, new("FailedPreStopHook", $"PreStopHook failed: {problem}", Warning: true, step.Container));
                var left = grace - (shared.Now - began);
                grace = left > TimeSpan.FromSeconds(LastWords) ? left : TimeSpan.FromSeconds(LastWords);
            }
            await _runtime.StopContainer(step.Id, grace, cancel);
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            shared.Say(o.Pod, new("FailedKillPod", $"error killing pod: {failed.Message}", Warning: true));
        }
        return facts => facts.Stopping.TryGetValue(step.Id, out var stopping) ? facts with { Stopping = facts.Stopping.SetItem(step.Id, stopping with { RetryAt = shared.Now + s_stopAgain }) } : facts;
    }

    /// <summary>The pod's own bounds are wide enough before and after: they are set to what is larger first.</summary>
    public async Task<Func<Facts, Facts>> Resize(Observed o, PodStep.Resize step, CancellationToken cancel)
    {
        var container = o.Named(step.Container)!;
        try
        {
            var (group, pod) = (Qos.Cgroup(shared.Options.CgroupRoot, o.Pod!), Qos.OfPod(o.Spec));
            await _runtime.UpdatePod(group, pod with { CpuQuota = 0, MemoryLimit = 0 }, cancel);
            await _runtime.UpdateContainer(step.Id, Qos.Of(o.Pod!, container, _specs.Memory), cancel);
            await _runtime.UpdatePod(group, pod, cancel);
            return facts => facts.With(step.Container, c => c with { Resized = new(step.Id, Resizing.Wanted(container)), ResizeTrouble = null });
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            shared.Say(o.Pod, new("ResizeError", $"Error resizing container {step.Container}: {failed.Message}", Warning: true, step.Container));
            return facts => facts.With(step.Container, c => c with { ResizeTrouble = Trouble.After(c.ResizeTrouble, "Error", failed.Message, shared.Now, s_first, s_longest) });
        }
    }

    /// <summary>With its log and its last message.</summary>
    public async Task<Func<Facts, Facts>> Remove(Observed o, PodStep.RemoveContainer step, CancellationToken cancel)
    {
        await _runtime.RemoveContainer(step.Id, cancel);
        var meta = o.Pod!.Metadata;
        shared.Parts.Host.Remove($"{shared.Paths.Logs(meta.Namespace ?? "", meta.Name ?? "", meta.Uid ?? "")}/{VolumePaths.LogFile(step.Container, step.Attempt)}");
        shared.Parts.Host.Remove(shared.Paths.TerminationMessage(meta.Uid ?? "", step.Container, step.Attempt));
        return facts => facts with { Stopping = facts.Stopping.Remove(step.Id) };
    }

    async Task<string?> PostStart(Observed o, Container container, LifecycleHandler hook, string id, CancellationToken cancel)
    {
        if (await _hooks.Run(hook, container, id, Ip(o), Timeout.InfiniteTimeSpan, cancel) is not { } problem) return null;
        shared.Say(o.Pod, new("FailedPostStartHook", $"PostStartHook failed: {problem}", Warning: true, container.Name));
        shared.Say(o.Pod, new("Killing", "FailedPostStartHook", Container: container.Name));
        await _runtime.StopContainer(id, TimeSpan.FromSeconds(o.Spec.TerminationGracePeriodSeconds ?? 30), cancel);
        return problem;
    }

    Func<Facts, Facts> Troubled(PodStep.StartContainer step, string reason, string message, bool ran) => facts => facts.With(step.Container, c => c with
    {
        Image = ran ? null : c.Image,
        Crash = ran ? step.Backoff ?? c.Crash : c.Crash,
        StartTrouble = Trouble.After(c.StartTrouble, reason, message, shared.Now, s_first, s_longest),
    });

    static string Ip(Observed o) => o.Current is { Ips.Count: > 0 } sandbox ? sandbox.Ips[0] : o.Node.Addresses.FirstOrDefault() ?? "127.0.0.1";
}
