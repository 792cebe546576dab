namespace Kennel.Node.Agent;

/// <summary>Where logs, exec, attach and port-forward find a pod's containers on this node.</summary>
/// <remarks>One implementation a node; a class of its own only so that the node's server needn't know the agent.</remarks>
public sealed class PodDirectory
{
    readonly Func<string, string, PodWorker?> _find;
    readonly Shared _shared;

    internal PodDirectory(Func<string, string, PodWorker?> find, Shared shared) => (_find, _shared) = (find, shared);

    /// <param name="container">Empty for the pod's only or first container.</param>
    /// <param name="previous">The one before the newest.</param>
    public Located Find(string space, string pod, string container, bool previous = false)
    {
        if (_find(space, pod) is not { Pod: { } found } worker) return Located.Not($"pods \"{pod}\" not found");
        var spec = found.Spec!;
        if (container.Length == 0) container = spec.Containers[0].Name;
        if (!spec.Containers.Concat(spec.InitContainers).Any(c => c.Name == container)) return Located.Not($"container {container} is not valid for pod {pod}");
        var sandboxes = worker.Sandboxes;
        var sandbox = sandboxes.Length > 0 ? sandboxes[0].Id : "";
        var all = sandboxes.SelectMany(s => s.Containers).Where(c => c.Name == container).OrderByDescending(c => c.Attempt).ToList();
        if (all.Count == 0) return Located.Not($"container \"{container}\" in pod \"{pod}\" is waiting to start: {worker.Waiting(container)}") with { SandboxId = sandbox };
        var newest = all[0];
        var attempt = newest.Attempt;
        if (previous)
        {
            if (attempt == 0) return Located.Not($"previous terminated container \"{container}\" in pod \"{pod}\" not found");
            attempt--;
        }
        var log = $"{_shared.Paths.Logs(space, pod, worker.Identity.Uid)}/{Volumes.VolumePaths.LogFile(container, attempt)}";
        return new(sandbox, previous ? all.FirstOrDefault(c => c.Attempt == attempt)?.Id ?? "" : newest.Id, log, Running: !previous && newest.Phase is Runtime.ContainerPhase.Running);
    }
}

/// <param name="LogPath">The container's log file.</param>
/// <param name="Running">It writes to it still.</param>
/// <param name="Problem">Why there is none, in kubelet's words; then the other fields may be empty.</param>
public sealed record Located(string SandboxId, string ContainerId, string LogPath, bool Running, string? Problem = null)
{
    internal static Located Not(string problem) => new("", "", "", false, problem);
}
