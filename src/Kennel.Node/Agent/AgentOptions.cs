using System.Collections.Immutable;

namespace Kennel.Node.Agent;

/// <summary>What an agent must be told about its node.</summary>
public sealed record AgentOptions
{
    public required string Node { get; init; }

    /// <summary>Pods' folders and logs lie below it.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The node's own addresses, the first one becomes <c>hostIP</c> and InternalIP.</summary>
    public required ImmutableArray<string> Addresses { get; init; }

    /// <summary>Where the API server reaches this node for logs, exec, attach and port-forward.</summary>
    public int Port { get; init; }

    /// <summary>Address of the cluster's DNS; null when there is none: pods then get the machine's resolv.conf.</summary>
    public string? ClusterDns { get; init; }

    public string ClusterDomain { get; init; } = "cluster.local";

    /// <summary>Cgroup below which the pods' cgroups lie.</summary>
    public string CgroupRoot { get; init; } = "/kubepods";

    /// <summary>Pods that are made ready at the same time; sandboxes are made by processes that share the machine's cores.</summary>
    public int Parallel { get; init; } = 4;

    /// <summary>Pulls at the same time.</summary>
    public int ParallelPulls { get; init; } = 3;

    public int MaxPods { get; init; } = 110;

    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>cpu, memory, ephemeral-storage as quantities; the machine's own when empty.</summary>
    public ImmutableSortedDictionary<string, string> Capacity { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public string? PodCidr { get; init; }

    /// <summary>Kennel's version, as kubelet's in the node's status.</summary>
    public string KubeletVersion { get; init; } = "v1.36.0";

    /// <summary>Only Warnings are recorded: for simulated nodes, where thousands of pods start at once.</summary>
    public bool OnlyWarnings { get; init; }

    /// <summary>How often everything is compared with the runtime although no event came.</summary>
    public TimeSpan Relist { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the node counts as alive without renewing its lease. The control plane waits a little longer.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>Without a lease it stops its stateful pods; off where nobody could start them elsewhere. See <see cref="Agent.Fencing"/>.</summary>
    public bool Fencing { get; init; } = true;

    /// <summary>Kernel settings that pods may have besides the safe ones, as <c>net.core.somaxconn</c> or <c>kernel.msg*</c>.</summary>
    public ImmutableArray<string> AllowedUnsafeSysctls { get; init; } = [];

    /// <summary>When the node counts as short of memory or disk.</summary>
    public Pressure.Thresholds Thresholds { get; init; } = Pressure.Thresholds.Default;

    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(10);
}
