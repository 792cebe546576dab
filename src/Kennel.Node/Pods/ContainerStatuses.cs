using Kennel.Node.Runtime;
using Kennel.Objects.Core;
using ApiState = Kennel.Objects.Core.ContainerState;
using RuntimeContainer = Kennel.Node.Runtime.ContainerState;

namespace Kennel.Node.Pods;

/// <summary>One <c>containerStatuses</c> entry for each container of the spec, in its order.</summary>
static class ContainerStatuses
{
    static readonly Dictionary<string, string> Nothing = [];

    public static IReadOnlyList<ContainerStatus> Of(Observed o, IReadOnlyList<Container> specs, IReadOnlyList<ContainerStatus> before, Fate? fate, bool init)
    {
        var result = new ContainerStatus[specs.Count];
        for (var i = 0; i < specs.Count; i++) result[i] = One(o, specs[i], before.FirstOrDefault(s => s.Name == specs[i].Name), fate, init);
        return result;
    }

    /// <summary>Of ephemeral containers, which are never ready and never started anew.</summary>
    public static IReadOnlyList<ContainerStatus> OfEphemeral(Observed o, IReadOnlyList<ContainerStatus> before, Fate? fate) =>
        o.Spec.EphemeralContainers.Count == 0 ? [] : [.. Of(o, o.Ephemerals, before, fate, init: false).Select(s => s with { Ready = false, Started = null })];

    static ContainerStatus One(Observed o, Container spec, ContainerStatus? before, Fate? fate, bool init)
    {
        var c = Shown(o, spec, init);
        if (c is null) return NeverRan(o, spec, before, fate, init);
        var state = State(o, spec, c, fate, init);
        var running = state.Running is not null;
        return new ContainerStatus
        {
            Name = spec.Name,
            Image = spec.Image ?? "",
            ImageID = c.ImageId,
            ContainerID = $"{o.Node.RuntimeName}://{c.Id}",
            RestartCount = (int)c.Attempt,
            State = state,
            LastState = state.Waiting is not null ? new ApiState { Terminated = Terminated(o, c) } : Last(o, c, before),
            Started = running && o.Started(spec, c),
            Resources = running && spec.Resources is not null ? Resizing.Given(o, spec, c) : null,
            AllocatedResources = running && spec.Resources is not null ? (o.Room is null ? Resizing.Wanted(spec) : Resizing.Given(o, spec, c)).Requests : Nothing,
            Ready = running ? init && !Restarts.IsSidecar(spec) ? false : o.Ready(spec, c) : init && state.Terminated is { ExitCode: 0 } && !Restarts.IsSidecar(spec),
        };
    }

    /// <summary>The container to show: one that is being created or whose hook runs isn't there yet.</summary>
    static RuntimeContainer? Shown(Observed o, Container spec, bool init)
    {
        var c = init ? o.Latest(spec.Name) ?? (o.Current is { Ready: true } ? null : o.LastKnown(spec.Name)) : o.LastKnown(spec.Name);
        if (c is null) return null;
        var starting = c.Phase is ContainerPhase.Created || o.Facts.Busy is { Kind: Work.Start } work && work.Container == c.Name && c.Phase is ContainerPhase.Running;
        return starting ? o.Before(c) : c;
    }

    static ContainerStatus NeverRan(Observed o, Container spec, ContainerStatus? before, Fate? fate, bool init)
    {
        var lost = before?.State?.Running is not null || before?.State?.Terminated is not null;
        if (fate is not null && lost) return Lost(before!);
        return new ContainerStatus
        {
            Name = spec.Name, Image = spec.Image ?? "", ImageID = before?.ImageID ?? "", ContainerID = lost ? before!.ContainerID : null,
            RestartCount = before?.RestartCount ?? 0, Started = false, Ready = false,
            State = new ApiState { Waiting = Waiting(o, spec, init) },
            LastState = lost ? Lost(before!).State : before?.LastState,
        };
    }

    /// <summary>The runtime forgot a container that the API remembers.</summary>
    static ContainerStatus Lost(ContainerStatus before) => before.State?.Terminated is not null ? before : before with
    {
        Ready = false, Started = false,
        State = new ApiState
        {
            Terminated = new ContainerStateTerminated
            {
                ExitCode = 137, Reason = "ContainerStatusUnknown", Message = "The container could not be located when the pod was terminated", ContainerID = before.ContainerID,
            },
        },
    };

    static ApiState State(Observed o, Container spec, RuntimeContainer c, Fate? fate, bool init) => c.Phase switch
    {
        ContainerPhase.Running or ContainerPhase.Unknown => new ApiState { Running = new ContainerStateRunning { StartedAt = Times.Whole(c.StartedAt ?? c.CreatedAt) } },
        _ when fate is null && WillRestart(o, spec, c, init) && WaitsToRestart(o, spec, c) is { } waiting => new ApiState { Waiting = waiting },
        _ => new ApiState { Terminated = Terminated(o, c) },
    };

    static bool WillRestart(Observed o, Container spec, RuntimeContainer c, bool init) =>
        init ? Restarts.AfterInit(o.Spec, spec, c) : Restarts.After(o.Spec, spec, c);

    static ContainerStateWaiting? WaitsToRestart(Observed o, Container spec, RuntimeContainer c)
    {
        var facts = o.Facts.Of(spec.Name);
        if (CrashBackoff.Until(facts.Crash, c.FinishedAt ?? c.CreatedAt, o.Now) is not null)
            return new() { Reason = "CrashLoopBackOff", Message = $"back-off {facts.Crash!.Text} restarting failed container={spec.Name} pod={PodText.Of(o)}" };
        return Troubled(o, spec, facts);
    }

    static ContainerStateWaiting Waiting(Observed o, Container spec, bool init) =>
        Troubled(o, spec, o.Facts.Of(spec.Name)) ?? new() { Reason = init || o.Spec.InitContainers.Count > 0 ? "PodInitializing" : "ContainerCreating" };

    static ContainerStateWaiting? Troubled(Observed o, Container spec, ContainerFacts facts)
    {
        if (facts.StartTrouble is { } start) return new() { Reason = start.Reason, Message = start.Message };
        if (facts.ImageTrouble is not { } image) return null;
        return image.Reason != "ErrImagePull" || Launching.ShownAsError(image, o.Now)
            ? new() { Reason = image.Reason, Message = image.Message }
            : new() { Reason = "ImagePullBackOff", Message = $"Back-off pulling image \"{spec.Image}\": ErrImagePull: {image.Message}" };
    }

    static ApiState? Last(Observed o, RuntimeContainer c, ContainerStatus? before) =>
        o.Before(c) is { } last ? new ApiState { Terminated = Terminated(o, last) } : before?.LastState;

    static ContainerStateTerminated Terminated(Observed o, RuntimeContainer c) => new()
    {
        ExitCode = c.ExitCode,
        Reason = c.Reason.Length > 0 ? c.Reason : c.ExitCode == 0 ? "Completed" : "Error",
        Message = c.Message.Length > 0 ? c.Message : null,
        StartedAt = Times.Whole(c.StartedAt),
        FinishedAt = Times.Whole(c.FinishedAt),
        ContainerID = $"{o.Node.RuntimeName}://{c.Id}",
    };
}
