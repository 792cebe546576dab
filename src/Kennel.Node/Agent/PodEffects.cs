using Kennel.Node.Pods;
using Kennel.Node.Volumes;
using Kennel.Objects.Core;

namespace Kennel.Node.Agent;

/// <summary>Carries out one step of the slow kind; answers with what is known afterwards.</summary>
sealed class PodEffects(Shared shared)
{
    readonly SandboxEffects _sandboxes = new(shared);
    readonly ImageEffects _images = new(shared, new PullSecrets(shared.Lookup));
    readonly ContainerEffects _containers = new(shared);

    public ApiEffects Api { get; } = new(shared);

    /// <summary>The work that a step is, or null for steps that aren't slow.</summary>
    public static Work? WorkOf(PodStep step) => step switch
    {
        PodStep.EnsureVolumes => new(Work.Volumes),
        PodStep.RunSandbox => new(Work.Sandbox),
        PodStep.EnsureImage image => new(Work.Image, image.Container),
        PodStep.StartContainer start => new(Work.Start, start.Container),
        PodStep.Resize resize => new(Work.Resize, resize.Container),
        PodStep.StopSandbox or PodStep.RemoveSandbox or PodStep.RemoveContainer or PodStep.TearDown => new(Work.Cleaning),
        PodStep.Finish => new(Work.Finishing),
        _ => null,
    };

    public async Task<Func<Facts, Facts>> Do(PodStep step, Observed o, string uid, CancellationToken cancel)
    {
        if (step is PodStep.EnsureImage image) return await _images.Ensure(o, o.Named(image.Container)!, cancel);
        if (step is PodStep.Resize resize) return await _containers.Resize(o, resize, cancel);
        if (step is PodStep.Finish) return await Api.Finish(o, cancel);
        if (step is not (PodStep.EnsureVolumes or PodStep.RunSandbox or PodStep.StartContainer)) return await Clean(step, o, uid, cancel);
        await shared.Slow.WaitAsync(cancel);
        try
        {
            return step switch
            {
                PodStep.RunSandbox run => await _sandboxes.RunSandbox(o, run.Attempt, cancel),
                PodStep.StartContainer start => await _containers.Start(o, start, cancel),
                _ => await _sandboxes.EnsureVolumes(o, cancel),
            };
        }
        finally
        {
            shared.Slow.Release();
        }
    }

    async Task<Func<Facts, Facts>> Clean(PodStep step, Observed o, string uid, CancellationToken cancel) => step switch
    {
        PodStep.StopSandbox stop => await _sandboxes.StopSandbox(stop.Id, cancel),
        PodStep.RemoveSandbox remove => await _sandboxes.RemoveSandbox(o, remove.Id, cancel),
        PodStep.RemoveContainer remove => await _containers.Remove(o, remove, cancel),
        PodStep.TearDown down => _sandboxes.TearDown(o, uid, down.Logs),
        _ => throw new InvalidOperationException($"{step.GetType().Name} is no slow step"),
    };

    public Task<Func<Facts, Facts>> Stop(PodStep.StopContainer step, Observed o, CancellationToken cancel) => _containers.Stop(o, step, cancel);

    public async Task Refresh(Observed o, Lookup seen, CancellationToken cancel) => await shared.Volumes.Refresh(o, seen, cancel);
}
