using System.Collections.Immutable;
using Kennel.Node.Runtime;
using Kennel.Objects.Core;
using RuntimeContainer = Kennel.Node.Runtime.ContainerState;

namespace Kennel.Node.Pods;

/// <summary>Everything that a decision about one pod may depend on.</summary>
/// <param name="Pod">The newest object that was seen; null for what the runtime has of a pod that the API never told us of.</param>
/// <param name="Gone">The API hasn't this pod any more.</param>
/// <param name="Sandboxes">What the runtime has of it, newest first.</param>
/// <param name="Node">Where it runs.</param>
/// <param name="Predecessor">An earlier pod of the same name that isn't stopped yet, as a sentence, or null.</param>
/// <param name="Room">Why the node has no room for what the pod asks for now (Deferred, Infeasible); null when it has, or nothing new is asked for.</param>
public sealed record Observed(
    Pod? Pod, bool Gone, ImmutableArray<SandboxState> Sandboxes, Facts Facts, DateTimeOffset Now, NodePlace Node, string? Predecessor = null, Refused? Room = null)
{
    public PodSpec Spec => Pod?.Spec ?? PodSpec.Empty;

    /// <summary>Containers that somebody put into the running pod to look around; they run once.</summary>
    public IReadOnlyList<Container> Ephemerals => Spec.EphemeralContainers.Count == 0 ? [] : Ephemeral.Of(Spec);

    /// <summary>A container of the spec, of whichever list.</summary>
    public Container? Named(string container) => Ephemeral.All(Spec).FirstOrDefault(c => c.Name == container);

    /// <summary>The sandbox in use: the newest one, unless it was retired.</summary>
    public SandboxState? Current => Sandboxes.Length > 0 && !Facts.Retired.Contains(Sandboxes[0].Id) ? Sandboxes[0] : null;

    /// <summary>Of the object or of what deleted it: the pod is on its way out.</summary>
    public bool Leaving => Gone || Pod is null || Pod.Metadata.DeletionTimestamp is not null;

    /// <summary>The newest container of a name in the sandbox in use.</summary>
    public RuntimeContainer? Latest(string container) => Current is { } sandbox ? Newest(sandbox, container) : null;

    /// <summary>The newest container of a name in any sandbox, gone ones included.</summary>
    public RuntimeContainer? LastKnown(string container)
    {
        foreach (var sandbox in Sandboxes) if (Newest(sandbox, container) is { } found) return found;
        return Facts.Of(container).Past;
    }

    /// <summary>The newest one of a name that ended before <paramref name="than"/> began.</summary>
    public RuntimeContainer? Before(RuntimeContainer than)
    {
        RuntimeContainer? best = null;
        foreach (var sandbox in Sandboxes)
        foreach (var c in sandbox.Containers)
            if (c.Name == than.Name && c.Attempt < than.Attempt && c.Phase is ContainerPhase.Exited && (best is null || c.Attempt > best.Attempt)) best = c;
        return best ?? (Facts.Of(than.Name).Past is { } past && past.Attempt < than.Attempt ? past : null);
    }

    /// <summary>All containers of this pod that have, or may have, a process.</summary>
    public IEnumerable<RuntimeContainer> Live() => Sandboxes.SelectMany(s => s.Containers).Where(IsLive);

    public static bool IsLive(RuntimeContainer c) => c.Phase is ContainerPhase.Running or ContainerPhase.Unknown;

    /// <summary>Runs, its hook is done and its startup probe has passed.</summary>
    public bool Started(Container spec, RuntimeContainer c)
    {
        if (c.Phase is not ContainerPhase.Running || Facts.Busy is { Kind: Work.Start } work && work.Container == c.Name) return false;
        var probes = Facts.Of(c.Name).Probes;
        return spec.StartupProbe is null || probes.ContainerId == c.Id && probes.Started;
    }

    public bool Ready(Container spec, RuntimeContainer c)
    {
        if (!Started(spec, c)) return false;
        var probes = Facts.Of(c.Name).Probes;
        return spec.ReadinessProbe is null || probes.ContainerId == c.Id && probes.Ready;
    }

    static RuntimeContainer? Newest(SandboxState sandbox, string container)
    {
        RuntimeContainer? best = null;
        foreach (var c in sandbox.Containers) if (c.Name == container && (best is null || c.Attempt >= best.Attempt)) best = c;
        return best;
    }
}

/// <param name="Addresses">The node's own, the first one is <c>hostIP</c>.</param>
/// <param name="RuntimeName">Prefix of container ids in the status: <c>containerd</c>.</param>
public sealed record NodePlace(string Name, ImmutableArray<string> Addresses, string RuntimeName);
