using System.Net;
using Kennel.Client;
using Kennel.Client.Caching;
using Kennel.Client.Events;
using Kennel.Node.Agent;
using Kennel.Node.Simulated;
using Kennel.Node.Streams;
using Kennel.Objects.Core;
using Kennel.Server.Http;

namespace Kennel.Cli.Nodes;

/// <summary>Any number of nodes in this process, with the real agent over a runtime that only remembers.</summary>
sealed class Simulated(int count, IApi api, Caches caches, Instance instance, Pki pki, TimeProvider time, Random random, Action<string> log) : INodes
{
    readonly EventRecorder _events = new(api, time, new Random(random.Next()), log);
    readonly PodFeed _feed = new(caches.Cache<Pod>());
    readonly ICache<Service> _services = caches.Of<Service>();
    IReadOnlyList<NodeAgent> _agents = [];

    public IEnumerable<PodWaiting> Waiting => _agents.SelectMany(a => a.Waiting());

    public async Task Run(CancellationToken cancel)
    {
        if (count == 0)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancel);
            return;
        }
        await caches.WhenSynced(cancel);
        await using var nobody = new SimulatedRuntime(time, () => "", () => "", new SimulatedDelays()); // answers exec and the like with why it can't
        var serve = new NodeServerOptions(IPAddress.Loopback, 0, pki.Node("simulated").Tls, pki.Authority, "kube-apiserver-kubelet-client", Figures: Figures);
        await using var server = await NodeServer.Start(serve, nobody, Find, time, cancel);
        var nodes = new SimulatedNodes(api, _feed, time, new Random(random.Next()), $"10.{200 + instance.Number}", server.Port) { Events = _events, Services = _services, Log = log, Fencing = false };
        _agents = [.. nodes.Make(count).Select(n => n.Agent)];
        await Task.WhenAll([_events.Run(cancel), .. _agents.Select(a => a.Run(cancel))]);
    }

    async Task<byte[]?> Figures(string node, CancellationToken cancel)
    {
        foreach (var agent in _agents)
            if (await agent.Figures(node, cancel) is { } found) return found;
        return null;
    }

    public Task Leave() => Task.CompletedTask;

    PodPlace? Find(string space, string pod) => _agents.Select(a => a.Lookup(space, pod)).FirstOrDefault(p => p is not null);
}
