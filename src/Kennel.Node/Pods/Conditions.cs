using Kennel.Objects.Core;

namespace Kennel.Node.Pods;

/// <summary>The conditions that the node owns; others' are kept behind them.</summary>
static class Conditions
{
    const string Sandbox = "PodReadyToStartContainers", Initialized = "Initialized", Ready = "Ready", Containers = "ContainersReady", Scheduled = "PodScheduled";

    sealed record State(bool True, string? Reason = null, string? Message = null);

    public static IReadOnlyList<PodCondition> Of(
        Observed o, string phase, IReadOnlyList<ContainerStatus> inits, IReadOnlyList<ContainerStatus> mains, IReadOnlyList<PodCondition> before)
    {
        var containers = ContainersReady(o, phase, inits, mains);
        var result = new List<PodCondition>(5)
        {
            Make(o, before, Sandbox, new State(o.Current is { Ready: true })),
            Make(o, before, Initialized, IsInitialized(o, phase, inits, mains)),
            Make(o, before, Ready, Gates(o, before, containers)),
            Make(o, before, Containers, containers),
            before.FirstOrDefault(c => c.Type == Scheduled) is { Status: "True" } scheduled
                ? scheduled with { ObservedGeneration = scheduled.ObservedGeneration ?? o.Pod?.Metadata.Generation }
                : Make(o, before, Scheduled, new State(true)),
        };
        result.AddRange(before.Where(c => c.Type is not (Sandbox or Initialized or Ready or Containers or Scheduled or "PodResizePending" or "PodResizeInProgress")));
        if (o.Facts.Evicted is { } evicted && !result.Exists(c => c.Type == "DisruptionTarget"))
            result.Add(Make(o, before, "DisruptionTarget", new State(true, "TerminationByKubelet", evicted.Message)));
        foreach (var (type, reason, message) in Resizing.Conditions(o)) result.Add(Make(o, before, type, new State(true, reason, message)));
        return result;
    }

    static State IsInitialized(Observed o, string phase, IReadOnlyList<ContainerStatus> inits, IReadOnlyList<ContainerStatus> mains)
    {
        if (phase == "Succeeded") return new(true, "PodCompleted");
        if (mains.Any(s => s.State?.Running is not null || s.State?.Terminated is not null || s.LastState?.Terminated is not null)) return new(true);
        var incomplete = inits.Where((s, i) => Restarts.IsSidecar(o.Spec.InitContainers[i]) ? s.Started != true : s.State?.Terminated is not { ExitCode: 0 }).Select(s => s.Name).ToList();
        return incomplete.Count == 0 ? new(true) : new(false, "ContainersNotInitialized", $"containers with incomplete status: [{string.Join(' ', incomplete)}]");
    }

    static State ContainersReady(Observed o, string phase, IReadOnlyList<ContainerStatus> inits, IReadOnlyList<ContainerStatus> mains)
    {
        if (phase == "Succeeded") return new(false, "PodCompleted");
        if (phase == "Failed") return new(false, "PodFailed");
        var sidecars = inits.Where((s, i) => Restarts.IsSidecar(o.Spec.InitContainers[i]) && !s.Ready);
        var unready = sidecars.Concat(mains.Where(s => !s.Ready)).Select(s => s.Name).ToList();
        return unready.Count == 0 ? new(true) : new(false, "ContainersNotReady", $"containers with unready status: [{string.Join(' ', unready)}]");
    }

    static State Gates(Observed o, IReadOnlyList<PodCondition> before, State containers)
    {
        if (!containers.True || o.Spec.ReadinessGates.Count == 0) return containers;
        var messages = new List<string>();
        foreach (var gate in o.Spec.ReadinessGates)
        {
            var condition = before.FirstOrDefault(c => c.Type == gate.ConditionType);
            if (condition is null) messages.Add($"corresponding condition of pod readiness gate \"{gate.ConditionType}\" does not exist.");
            else if (condition.Status != "True") messages.Add($"the status of pod readiness gate \"{gate.ConditionType}\" is not \"True\", but {condition.Status}");
        }
        return messages.Count == 0 ? containers : new(false, "ReadinessGatesNotReady", string.Join(", ", messages));
    }

    static PodCondition Make(Observed o, IReadOnlyList<PodCondition> before, string type, State state)
    {
        var old = before.FirstOrDefault(c => c.Type == type);
        var status = state.True ? "True" : "False";
        return new PodCondition
        {
            Type = type, Status = status, Reason = state.Reason, Message = state.Message, ObservedGeneration = o.Pod?.Metadata.Generation,
            LastTransitionTime = old?.Status == status ? old.LastTransitionTime : Times.Whole(o.Now),
        };
    }
}
