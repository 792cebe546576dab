using Kennel.Node.Pods;
using Kennel.Node.Runtime;
using Kennel.Node.Streams;
using Kennel.Node.Volumes;

namespace Kennel.Node.Agent;

/// <summary>Tells the node's server where the containers of a pod are: a <see cref="PodLookup"/>.</summary>
static class PodDirectory
{
    /// <summary>What has no processes has no logs either: an empty text.</summary>
    const string NoLog = "/dev/null";

    public static PodPlace? Place(PodWorker? worker, VolumePaths paths, bool simulated)
    {
        if (worker?.Pod is not { Spec: { } spec } pod) return null;
        var sandboxes = worker.Sandboxes;
        var logs = paths.Logs(worker.Identity.Namespace, worker.Identity.Name, worker.Identity.Uid);
        var all = sandboxes.SelectMany(s => s.Containers).ToLookup(c => c.Name, StringComparer.Ordinal);
        var places = Ephemeral.All(spec).Select(c => Container(worker, c.Name, [.. all[c.Name].OrderByDescending(x => x.Attempt)], logs)).Select(c => simulated && c.LogFile is not null ? c with { LogFile = NoLog, PreviousLogFile = c.PreviousLogFile is null ? null : NoLog } : c);
        return new(sandboxes.Length > 0 && sandboxes[0].Ready ? sandboxes[0].Id : null, [.. places]);
    }

    /// <summary>Where the figures of a pod that runs are found, or null.</summary>
    public static Figuring.Measured? Measured(PodWorker worker, string cgroupRoot)
    {
        if (worker.Pod is not { } pod || worker.Sandboxes is not [{ Ready: true } sandbox, ..]) return null;
        var running = sandbox.Containers.Where(c => c.Phase is ContainerPhase.Running).Select(c => (c.Name, c.Id, c.StartedAt ?? c.CreatedAt)).ToList();
        return running.Count == 0 ? null : new(worker.Identity, Qos.Cgroup(cgroupRoot, pod), running);
    }

    static ContainerPlace Container(PodWorker worker, string name, List<ContainerState> all, string logs)
    {
        if (all.Count == 0) return new(name, null, false, null, null, worker.Waiting(name));
        var newest = all[0];
        // A created one is about to run: until then its predecessor is what people mean.
        if (newest.Phase is ContainerPhase.Created && all.Count > 1) newest = all[1];
        var running = newest.Phase is ContainerPhase.Running;
        var previous = newest.Attempt > 0 ? $"{logs}/{VolumePaths.LogFile(name, newest.Attempt - 1)}" : null;
        return new(name, newest.Id, running, $"{logs}/{VolumePaths.LogFile(name, newest.Attempt)}", previous, running || newest.Phase is ContainerPhase.Exited ? null : worker.Waiting(name));
    }
}
