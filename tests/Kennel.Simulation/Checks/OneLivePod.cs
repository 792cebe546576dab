using Kennel.Node.Runtime;
using Kennel.Simulation.Machines;

namespace Kennel.Simulation.Checks;

/// <summary>At most one pod of an identity has processes, over all machines; and of a pod, at most one container of a name.</summary>
sealed class OneLivePod(World world) : ICheck
{
    public void Runs(Machine machine, PodIdentity pod, string container)
    {
        var started = machine.Running().First(c => c.Container.Id == container).Container;
        foreach (var node in world.Nodes)
        foreach (var (other, running) in node.Machine.Running())
        {
            if (other.Namespace != pod.Namespace || other.Name != pod.Name || running.Id == container) continue;
            if (other.Uid == pod.Uid && running.Name != started.Name) continue;
            if (other.Uid != pod.Uid && (IsForced(other) || IsForced(pod))) continue;
            world.Loop.Fail($"two pods {pod.Name} live: {pod.Uid} ({container} on {machine.Name}) and {other.Uid} ({running.Id} on {node.Name})");
        }
    }

    /// <summary>A user forced it away: on a machine that can't be reached it goes on, and its containers are restarted there, until the machine hears of it.</summary>
    bool IsForced(PodIdentity pod) => world.Truth.Excused.Forced.Contains(pod.Uid);
}
