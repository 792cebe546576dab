using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Kennel.Client.Running;
using Kennel.Controllers.Scheduling;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Nodes;

/// <summary>What is known of one node.</summary>
/// <param name="Heartbeat">When a sign of life was last seen here, by our clock; null when there never was one.</param>
/// <param name="Known">Since when we know the node.</param>
/// <param name="Turn">Whether it may get a taint now that evicts its pods.</param>
public sealed record NodeObserved(Node Node, DateTimeOffset? Heartbeat, DateTimeOffset Known, IEnumerable<Pod> Pods, DateTimeOffset Now, EvictionTurn Turn)
{
    /// <summary>When it counts as lost unless it gives a sign of life.</summary>
    public DateTimeOffset Until => Heartbeat is { } beat ? beat + Watchdog.Grace : Known + Watchdog.StartGrace;

    public bool Lost => Now >= Until;
}

/// <summary>Tells lost nodes from living ones, and taints nodes by their conditions.</summary>
public static class Watchdog
{
    /// <summary>A node that gave no sign of life for this long is lost; a new one gets a little longer. As upstream.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(50);
    public static readonly TimeSpan StartGrace = TimeSpan.FromSeconds(60);

    // Heartbeats aren't reported to us one by one: this often we look whether there was one.
    static readonly TimeSpan Look = TimeSpan.FromSeconds(10);

    static readonly string[] _reported = [Conditions.Ready, "MemoryPressure", "DiskPressure", "PIDPressure"];

    /// <summary>It will be given the taint that evicts its pods if it is its turn.</summary>
    public static bool AsksToEvict(NodeObserved o) => Tainting.AsksToEvict(o.Lost ? Unknown(o) : o.Node);

    public static Decision Decide(NodeObserved o)
    {
        var node = o.Lost ? Unknown(o) : o.Node;
        var steps = ImmutableArray.CreateBuilder<Step>();
        if (!ReferenceEquals(node, o.Node))
        {
            var was = o.Node.Find(Conditions.Ready)?.Status == "True";
            steps.Add(new Step.UpdateStatus(node) { Done = was ? new(o.Node, "NodeNotReady", $"Node {o.Node.Metadata.Name} status is now: NodeNotReady") : null });
        }
        if (Tainting.Of(node, o.Turn, o.Now) is { } taints) steps.Add(Tainting.Patch(o.Node, taints));
        if (o.Lost) foreach (var pod in o.Pods) if (NotReady(pod, o.Now) is { } step) steps.Add(step);
        var (waits, at) = After(o, Tainting.AsksToEvict(node));
        return new(steps.ToImmutable(), waits, at);
    }

    /// <summary>What it waits for then, and when to look again.</summary>
    static (string? For, DateTimeOffset? At) After(NodeObserved o, bool asks)
    {
        var name = o.Node.Metadata.Name;
        DateTimeOffset? look = o.Lost ? null : o.Until < o.Now + Look ? o.Until : o.Now + Look;
        if (asks && o.Turn.Halted) return ($"any node to be Ready: none is, so the pods of node {name} are left where they are", look);
        if (asks && o.Turn.At is null) return ($"more nodes of the zone to be Ready: most aren't, so the pods of node {name} are left where they are", look);
        if (asks && !o.Turn.Comes(o.Now)) return ($"the turn of node {name} to have its pods evicted: one node of a zone at a time", look < o.Turn.At ? look : o.Turn.At);
        return (o.Lost ? $"node {name} to post its status again" : null, look);
    }

    /// <summary>The node with all it would have reported set to Unknown; the same node when it is so already.</summary>
    static Node Unknown(NodeObserved o)
    {
        var status = o.Node.Status ?? NodeStatus.Empty;
        var conditions = status.Conditions.Where(c => !_reported.Contains(c.Type)).ToList();
        foreach (var type in _reported)
        {
            var known = status.Conditions.FirstOrDefault(c => c.Type == type);
            conditions.Add(known is { Status: "Unknown" } ? known : new()
            {
                Type = type,
                Status = "Unknown",
                Reason = known is null ? "NodeStatusNeverUpdated" : "NodeStatusUnknown",
                Message = known is null ? "Kubelet never posted node status." : "Kubelet stopped posting node status.",
                LastHeartbeatTime = known?.LastHeartbeatTime ?? o.Node.Metadata.CreationTimestamp,
                LastTransitionTime = o.Now,
            });
        }
        return _reported.All(t => o.Node.Find(t)?.Status == "Unknown") ? o.Node : o.Node with { Status = status with { Conditions = conditions } };
    }

    /// <summary>Nobody can say any more that the pod is ready, so it isn't sent traffic.</summary>
    static Step.UpdateStatus? NotReady(Pod pod, DateTimeOffset now)
    {
        if (pod.Find(Conditions.Ready) is not { Status: "True" } ready) return null;
        return new(pod.With(ready with { Status = "False" }, now)) { MayFail = true, Done = new(pod, "NodeNotReady", "Node is not ready", Warning: true) };
    }
}
