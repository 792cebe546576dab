namespace Kennel.Node.Runtime.Containerd;

/// <summary>Where an instance's private containerd lives. Everything on the machine that is made for it is found from these.</summary>
/// <param name="InstanceId">Short; names the bridge (<c>kn-&lt;id&gt;</c>, at most 15 characters) and the run folder.</param>
/// <param name="DataDirectory">Images and containers' file systems go below <c>containerd/</c> in it.</param>
/// <param name="PodCidr">IPv4 network of this node's pods: <c>10.200.0.0/16</c>.</param>
/// <param name="RunDirectory">Sockets, mounts of running containers, address leases: gone after a reboot, as what they stand for.</param>
public sealed record ContainerdOptions(string InstanceId, string DataDirectory, string PodCidr, string RunDirectory)
{
    public ContainerdOptions(string instanceId, string dataDirectory, string podCidr)
        : this(instanceId, dataDirectory, podCidr, $"/run/kennel/{instanceId}")
    {
    }

    public string Bridge => $"kn-{InstanceId}";

    public string NetworkName => $"kennel-{InstanceId}";

    public string Root => Path.Combine(DataDirectory, "containerd");

    /// <summary>Below it are the pods' volumes, those in memory as mounts.</summary>
    public string PodsDirectory => Path.Combine(DataDirectory, "pods");

    public string ConfigFile => Path.Combine(RunDirectory, "containerd.toml");

    public string LogFile => Path.Combine(DataDirectory, "containerd.log");

    public string Socket => Path.Combine(RunDirectory, "containerd.sock");

    public string StateDirectory => Path.Combine(RunDirectory, "containerd");

    public string RuncRoot => Path.Combine(RunDirectory, "runc");

    public string CniConfigDirectory => Path.Combine(RunDirectory, "cni");

    /// <summary>
    /// Where <c>HOST:PORT/hosts.toml</c> says how a registry is reached, the first that has it wins: the instance's own folder, then containerd's and
    /// Docker's. Read at every pull. https://github.com/containerd/containerd/blob/main/docs/hosts.md
    /// </summary>
    public IReadOnlyList<string> RegistryFolders => [Path.Combine(DataDirectory, "certs.d"), RegistryFolder, "/etc/containerd/certs.d", "/etc/docker/certs.d"];

    /// <summary>Where what <see cref="RegistrySettings"/> says is written for containerd.</summary>
    public string RegistryFolder => Path.Combine(RunDirectory, "registries");

    /// <summary>Archives in it are loaded at start.</summary>
    public string ImageFolder => Path.Combine(DataDirectory, "images");

    /// <summary>Takes what is worth a line in the log.</summary>
    public Action<string> Log { get; init; } = _ => { };

    public string LeaseDirectory => Path.Combine(RunDirectory, "leases");
}
