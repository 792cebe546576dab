using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Kennel.Client;
using Kennel.Client.Caching;
using Kennel.Client.Events;
using Kennel.Node.Agent;
using Kennel.Node.Probes;
using Kennel.Node.Runtime;
using Kennel.Node.Simulated;
using Kennel.Node.Streams;
using Kennel.Node.Volumes;
using Kennel.Objects.Core;
using Kennel.Server.Http;

namespace Kennel.Cli.Nodes;

/// <summary>Any number of nodes in this process, with the real agent over a runtime that only remembers.</summary>
sealed class Simulated : INodes
{
    const int Pods = 5000; // a simulated node isn't full where a real one would be: people ask for many pods on few of them

    readonly List<NodeAgent> _agents = [];
    readonly SimulatedRuntime _first;
    readonly EventRecorder _events;
    readonly NodeServerOptions _serve;
    readonly TimeProvider _time;
    readonly Func<int, ImmutableArray<NodeAgent>> _make;
    readonly int _count;

    public Simulated(int count, IApi api, Caches caches, Instance instance, Pki pki, TimeProvider time, Random random, Func<Guid> ids, Action<string> log)
    {
        (_count, _time) = (count, time);
        var addresses = new Addresses(instance.Number);
        var feed = new PodFeed(caches.Cache<Pod>());
        var services = caches.Of<Service>();
        _events = new EventRecorder(api, time, new Random(random.Next()), log);
        SimulatedRuntime Runtime() => new(time, () => ids().ToString("N"), addresses.Next, new SimulatedDelays());
        _first = Runtime();
        _serve = new NodeServerOptions(IPAddress.Loopback, 0, pki.Node("simulated").Tls, pki.Authority, "kube-apiserver-kubelet-client");
        _make = port => [.. Enumerable.Range(0, count).Select(i => new NodeAgent(
            new AgentParts(api, i == 0 ? _first : Runtime(), new MemoryHost(PathKind.Folder), new SimulatedProber(), time, new Random(random.Next())) { Services = services, Events = _events, Log = log },
            new AgentOptions
            {
                Node = $"sim-{i.ToString(CultureInfo.InvariantCulture)}", DataFolder = "/simulated", Addresses = ["127.0.0.1"], Port = port, MaxPods = Pods, Parallel = 64,
                ClusterDns = instance.DnsAddress, KubeletVersion = Commands.VersionText.Kubernetes, OnlyWarnings = count > 10,
                Capacity = ImmutableSortedDictionary<string, string>.Empty.Add("cpu", "1k").Add("memory", "4Ti").Add("ephemeral-storage", "16Ti"),
            }, feed))];
    }

    public async Task Run(CancellationToken cancel)
    {
        if (_count == 0)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, cancel);
            return;
        }
        await using var server = await NodeServer.Start(_serve, _first, Find, _time, cancel);
        _agents.AddRange(_make(server.Port));
        await Task.WhenAll([_events.Run(cancel), .. _agents.Select(a => a.Run(cancel))]);
    }

    public Task Leave() => Task.CompletedTask;

    PodPlace? Find(string space, string pod) => _agents.Select(a => a.Lookup(space, pod)).FirstOrDefault(p => p is not null);

    /// <summary>Pods' addresses, one after another through the instance's network.</summary>
    sealed class Addresses(int number)
    {
        int _last;

        public string Next()
        {
            var n = (uint)Interlocked.Increment(ref _last) % 65_000 + 2;
            return $"10.{200 + number}.{n >> 8}.{n & 255}";
        }
    }
}
