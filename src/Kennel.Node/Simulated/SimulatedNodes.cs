using System.Collections.Immutable;
using System.Globalization;
using Kennel.Client;
using Kennel.Client.Events;
using Kennel.Node.Agent;
using Kennel.Node.Probes;
using Kennel.Node.Volumes;
using Kennel.Objects.Core;

namespace Kennel.Node.Simulated;

/// <summary>Many nodes in one process: <c>sim-0</c>, <c>sim-1</c> … share one feed of pods, and nothing of theirs touches the machine.</summary>
/// <param name="Pods">Fed with all pods, or with those that have a node.</param>
/// <param name="PodNetwork">The first two numbers of the pods' /16: <c>10.200</c>.</param>
/// <param name="Port">Of the server that answers for these nodes' logs and exec.</param>
public sealed record SimulatedNodes(IApi Api, PodFeed Pods, TimeProvider Time, Random Random, string PodNetwork, int Port)
{
    const int HostsInAByte = 250;

    public SimulatedDelays Delays { get; init; } = new();

    public EventRecorder? Events { get; init; }

    public ICache<Service>? Services { get; init; }

    public Action<string> Log { get; init; } = _ => { };

    public int MaxPods { get; init; } = 5000;

    /// <summary>A node that can't renew its lease stops its stateful pods.</summary>
    public bool Fencing { get; init; } = true;

    /// <summary>How long a node counts as alive without renewing its lease.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(40);

    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Agents to run, and where faults are made.</summary>
    public IReadOnlyList<SimulatedMachine> Make(int count)
    {
        var addresses = 0;
        string Address()
        {
            var n = Interlocked.Increment(ref addresses);
            return string.Create(CultureInfo.InvariantCulture, $"{PodNetwork}.{n / HostsInAByte % HostsInAByte}.{n % HostsInAByte + 1}");
        }
        return [.. Enumerable.Range(0, count).Select(i => One(i, Address))];
    }

    SimulatedMachine One(int index, Func<string> address)
    {
        var ids = 0;
        var runtime = new SimulatedRuntime(Time, () => string.Create(CultureInfo.InvariantCulture, $"{index:x4}{Interlocked.Increment(ref ids):x12}"), address, Delays);
        var name = string.Create(CultureInfo.InvariantCulture, $"sim-{index}");
        var link = new SimulatedLink(Api, Pods, name);
        var parts = new AgentParts(link, runtime, new MemoryHost(PathKind.Folder), new SimulatedProber(), Time, new Random(Random.Next())) { Events = Events, Services = Services, Log = Log };
        var options = new AgentOptions
        {
            Node = name,
            DataFolder = "/simulated",
            Addresses = ["127.0.0.1"],
            Port = Port,
            MaxPods = MaxPods,
            Parallel = MaxPods,
            ParallelPulls = MaxPods,
            OnlyWarnings = true,
            Fencing = Fencing,
            Lease = Lease,
            Heartbeat = Heartbeat,
            Capacity = ImmutableSortedDictionary<string, string>.Empty.Add("cpu", "1000").Add("memory", "1000Gi").Add("ephemeral-storage", "1000Gi"),
        };
        return new(new NodeAgent(parts, options, Pods), runtime, link);
    }
}
