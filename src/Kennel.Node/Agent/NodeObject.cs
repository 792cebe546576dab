using System.Collections.Immutable;
using Kennel.Objects.Core;

namespace Kennel.Node.Agent;

/// <summary>The Node object as this agent wants it. Pure.</summary>
public static class NodeObject
{
    public static Objects.Core.Node New(AgentOptions options, Machine machine, DateTimeOffset now) => new()
    {
        Metadata = new() { Name = options.Node, Labels = Labels(options), Annotations = new Dictionary<string, string> { ["volumes.kubernetes.io/controller-managed-attach-detach"] = "true" } },
        Spec = options.PodCidr is { } cidr ? new() { PodCIDR = cidr, PodCIDRs = [cidr] } : new(),
        Status = Status(null, options, machine, now, NodeHealth.Good),
    };

    /// <summary>The labels of the object with ours over them.</summary>
    public static IReadOnlyDictionary<string, string> Labels(AgentOptions options, IReadOnlyDictionary<string, string>? present = null)
    {
        var labels = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in present ?? options.Labels) labels[name] = value;
        foreach (var (name, value) in options.Labels) labels[name] = value;
        labels["kubernetes.io/hostname"] = options.Node;
        labels["kubernetes.io/os"] = labels["beta.kubernetes.io/os"] = "linux";
        labels["kubernetes.io/arch"] = labels["beta.kubernetes.io/arch"] = Machine.Architecture;
        return labels.ToImmutable();
    }

    public static NodeStatus Status(NodeStatus? before, AgentOptions options, Machine machine, DateTimeOffset now, NodeHealth health)
    {
        var old = before ?? NodeStatus.Empty;
        Said[] ours =
        [
            health.MemoryPressure ? new("MemoryPressure", "True", "KubeletHasInsufficientMemory", "kubelet has insufficient memory available")
                : new("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
            health.DiskPressure ? new("DiskPressure", "True", "KubeletHasDiskPressure", "kubelet has disk pressure")
                : new("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
            new("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
            health.NotReady is not { } notReady ? new("Ready", "True", "KubeletReady", "kubelet is posting ready status") : new("Ready", "False", "KubeletNotReady", notReady),
        ];
        return old with
        {
            Capacity = machine.Capacity,
            Allocatable = machine.Allocatable,
            Addresses = [.. options.Addresses.Select(a => new NodeAddress { Type = "InternalIP", Address = a }), new NodeAddress { Type = "Hostname", Address = options.Node }],
            DaemonEndpoints = new() { KubeletEndpoint = new() { Port = options.Port } },
            NodeInfo = machine.About,
            Conditions = [.. ours.Select(c => Make(c, old, now)), .. old.Conditions.Where(c => !Array.Exists(ours, o => o.Type == c.Type))],
        };
    }

    sealed record Said(string Type, string Status, string Reason, string Message);

    static NodeCondition Make(Said c, NodeStatus old, DateTimeOffset now)
    {
        var whole = Pods.Times.Whole(now);
        var before = old.Conditions.FirstOrDefault(o => o.Type == c.Type);
        return new()
        {
            Type = c.Type, Status = c.Status, Reason = c.Reason, Message = c.Message, LastHeartbeatTime = whole,
            LastTransitionTime = before?.Status == c.Status ? before.LastTransitionTime : whole,
        };
    }
}
