using System.Collections.Immutable;
using Kennel.Client.Running;
using Kennel.Controllers.Pods;
using Kennel.Controllers.Revisions;
using Kennel.Objects;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;

namespace Kennel.Controllers.StatefulSets;

/// <summary>What one decision gathers on its way through the phases: the pods by their place, the steps so far, and what it waits for.</summary>
sealed class Round
{
    readonly ImmutableArray<Step>.Builder _steps = ImmutableArray.CreateBuilder<Step>();

    public Round(Observed observed, History history, IEnumerable<Pod> members)
    {
        (Observed, History) = (observed, history);
        Start = Identity.Start(Set);
        Replicas = new Pod?[Math.Max(0, Set.Spec!.Replicas ?? 1)];
        foreach (var pod in members)
        {
            var ordinal = Identity.Ordinal(Set, pod);
            if (ordinal >= Start && ordinal - Start < Replicas.Length) Replicas[ordinal - Start] = pod;
            else if (ordinal >= 0) Condemned.Add((ordinal, pod));
        }
        Condemned.Sort((a, b) => b.Ordinal.CompareTo(a.Ordinal));
    }

    public Observed Observed { get; }
    public History History { get; }
    public int Start { get; }

    /// <summary>The wanted pods by ordinal less <see cref="Start"/>; null where there is none yet.</summary>
    public Pod?[] Replicas { get; }

    /// <summary>Pods outside the wanted range, highest ordinal first.</summary>
    public List<(int Ordinal, Pod Pod)> Condemned { get; } = [];

    public StatefulSet Set => Observed.Set;
    public bool Ordered => Set.Spec!.PodManagementPolicy != "Parallel";
    public int MinReadySeconds => Set.Spec!.MinReadySeconds ?? 0;
    public string? WaitingFor { get; private set; }
    public IEnumerable<Step> Steps => _steps;

    public bool IsAvailable(Pod pod) => pod.IsAvailable(MinReadySeconds, Observed.Now);

    public void Do(Step step) => _steps.Add(step);

    public void Do(ImmutableArray<Step> steps) => _steps.AddRange(steps);

    /// <summary>Says what is waited for; the first reason of a round is the one that matters.</summary>
    /// <returns>True: the phase blocks.</returns>
    public bool Wait(string waitingFor)
    {
        WaitingFor ??= waitingFor;
        return true;
    }

    public void Delete(Pod pod, bool mayFail = false) => Do(new Step.Delete(Pod.Resource, ObjectKey.Of(pod), pod.Metadata.Uid)
    {
        Done = new(Set, "SuccessfulDelete", $"Delete Pod {pod.Name()} in StatefulSet {Set.Metadata.Name} successful"),
        Failed = new(Set, "FailedDelete", $"Delete Pod {pod.Name()} in StatefulSet {Set.Metadata.Name} failed error: {{0}}", Warning: true),
        MayFail = mayFail,
    });

    /// <summary>Waits for a pod to go away, become Ready, or become available, whichever it lacks.</summary>
    public bool WaitOn(Pod pod)
    {
        if (WaitingFor is not null) return true;
        if (pod.IsTerminating()) return Wait($"{pod.Name()} to go away: it is terminating{(pod.Metadata.Finalizers.Count > 0 ? $" and has the finalizer {pod.Metadata.Finalizers[0]}" : "")}");
        if (!pod.IsRunningAndReady()) return Wait($"{pod.Name()} to become Ready{(PodTrouble.Of(pod) is { } trouble ? ": " + trouble : "")}");
        return Wait($"{pod.Name()} to be Ready for {MinReadySeconds}s");
    }
}
