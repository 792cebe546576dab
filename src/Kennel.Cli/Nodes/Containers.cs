using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Kennel.Client;
using Kennel.Client.Caching;
using Kennel.Client.Events;
using Kennel.Node.Agent;
using Kennel.Node.Probes;
using Kennel.Node.Runtime.Containerd;
using Kennel.Node.Streams;
using Kennel.Node.Volumes;
using Kennel.Objects.Core;
using Kennel.Server.Http;

namespace Kennel.Cli.Nodes;

/// <summary>This machine as a node: pods as containers in a containerd of our own.</summary>
sealed class Containers(IApi api, Caches caches, Instance instance, Pki pki, TimeProvider time, Random random, Action<string> log) : INodes
{
    readonly EventRecorder _events = new(api, time, new Random(random.Next()), log);
    readonly PodFeed _feed = new(caches.Cache<Pod>());
    readonly ICache<Service> _services = caches.Of<Service>();
    NodeAgent? _agent;

    public IEnumerable<PodWaiting> Waiting => _agent?.Waiting() ?? [];

    /// <exception cref="Kennel.Node.Runtime.RuntimeException">No root, or a program is missing; the message says what to do.</exception>
    public static void CheckMachine() => ContainerdRuntime.CheckMachine();

    public async Task Run(CancellationToken cancel)
    {
        await using var runtime = await ContainerdRuntime.Start(instance.Containerd with { Log = log }, time, cancel);
        await caches.WhenSynced(cancel);
        var name = Kennel.Cli.Machine.NodeName;
        var address = OwnAddress();
        var certificate = pki.Node(name, address.ToString());
        await using var server = await NodeServer.Start(
            new NodeServerOptions(address, 0, certificate.Tls, pki.Authority, "kube-apiserver-kubelet-client", Figures: Figures), runtime, (space, pod) => _agent?.Lookup(space, pod), time, cancel);
        using var prober = new Prober(runtime, time);
        _agent = new NodeAgent(
            new AgentParts(api, runtime, new LinuxHost(), prober, time, new Random(random.Next())) { Services = _services, Events = _events, Log = log },
            new AgentOptions
            {
                Node = name, DataFolder = instance.DataFolder, Addresses = [address.ToString()], Port = server.Port, PodCidr = instance.PodCidr, Fencing = false,
                ClusterDns = instance.DnsAddress, KubeletVersion = Commands.VersionText.Kubernetes,
            },
            _feed);
        var logs = new LogKeeper(new LogRotation(runtime, time), _agent.GrowingLogs, time, log);
        await Task.WhenAll(_events.Run(cancel), _agent.Run(cancel), logs.Run(cancel));
    }

    Task<byte[]?> Figures(string node, CancellationToken cancel) => _agent?.Figures(node, cancel) ?? Task.FromResult<byte[]?>(null);

    public async Task Leave()
    {
        await ContainerdRuntime.TearDown(instance.Containerd, erase: false, time, CancellationToken.None);
        await Kennel.Cli.Machine.RemoveNetwork(instance, CancellationToken.None);
    }

    /// <summary>The machine's first address that isn't loopback or a container network's; loopback where there is none.</summary>
    static IPAddress OwnAddress() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(i => i is { OperationalStatus: OperationalStatus.Up, NetworkInterfaceType: not NetworkInterfaceType.Loopback } && !i.Name.StartsWith("kn-", StringComparison.Ordinal)
            && !i.Name.StartsWith("veth", StringComparison.Ordinal) && !i.Name.StartsWith("docker", StringComparison.Ordinal) && !i.Name.StartsWith("cni", StringComparison.Ordinal))
        .SelectMany(i => i.GetIPProperties().UnicastAddresses).Select(a => a.Address)
        .FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork) ?? IPAddress.Loopback;
}
