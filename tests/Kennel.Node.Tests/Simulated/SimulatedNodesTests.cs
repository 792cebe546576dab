using Kennel.Client.Caching;
using Kennel.Node.Agent;
using Kennel.Node.Runtime;
using Kennel.Node.Simulated;
using Kennel.Node.Tests.Agent;
using Kennel.Objects.Core;
using System.Text.Json.Nodes;

namespace Kennel.Node.Tests.Simulated;

public sealed class SimulatedNodesTests
{
    [Fact]
    public async Task Many_nodes_share_one_feed()
    {
        using var stop = new CancellationTokenSource();
        var api = new FakeApi();
        var cache = new Cache<Pod>();
        var nodes = new SimulatedNodes(api, new PodFeed(cache), TimeProvider.System, new Random(1), "10.200", 10250).Make(3);
        var running = Task.WhenAll([Caches.Feed(cache, api, "", TimeProvider.System, new Random(2), _ => { }, stop.Token), .. nodes.Select(n => n.Agent.Run(stop.Token))]);
        for (var i = 0; i < 30; i++)
            api.Add(SimulatedNode.Path($"p{i}"), JsonNode.Parse($$$"""{"metadata":{"name":"p{{{i}}}","namespace":"default","uid":"u{{{i}}}"},"spec":{"nodeName":"sim-{{{i % 3}}}","containers":[{"name":"main","image":"a:1"}]},"status":{"phase":"Pending"}}""")!);
        for (var i = 0; i < 30; i++)
            for (var looks = 0; SimulatedNode.Condition(api.Get(SimulatedNode.Path($"p{i}"))!, "Ready") != "True"; looks++)
            {
                looks.ShouldBeLessThan(3000);
                await Task.Delay(5);
            }
        foreach (var node in nodes) (await node.Runtime.Snapshot(default)).Sandboxes.Count.ShouldBe(10);
        nodes[0].Agent.Lookup("default", "p0")!.Containers[0].LogFile.ShouldBe("/dev/null");
        nodes[0].Agent.Lookup("default", "p1").ShouldBeNull();
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    [Trait("Behaviour", "SS-243")]
    public async Task A_node_that_is_cut_off_stops_its_stateful_pods_and_starts_them_again_only_when_they_still_are_its_own()
    {
        using var stop = new CancellationTokenSource();
        var api = new FakeApi();
        var cache = new Cache<Pod>();
        var nodes = new SimulatedNodes(api, new PodFeed(cache), TimeProvider.System, new Random(1), "10.200", 10250) { Lease = TimeSpan.FromMilliseconds(400), Heartbeat = TimeSpan.FromMilliseconds(50) };
        var node = nodes.Make(1)[0];
        var running = Task.WhenAll(Caches.Feed(cache, api, "", TimeProvider.System, new Random(2), _ => { }, stop.Token), node.Agent.Run(stop.Token));
        string Pod(string name, string uid, string kind) =>
            $$$"""{"metadata":{"name":"{{{name}}}","namespace":"default","uid":"{{{uid}}}","ownerReferences":[{"apiVersion":"apps/v1","kind":"{{{kind}}}","name":"o","uid":"o","controller":true}]},"spec":{"nodeName":"sim-0","restartPolicy":"Always","containers":[{"name":"main","image":"a:1"}]},"status":{"phase":"Pending"}}""";
        foreach (var (name, kind) in new[] { ("web-0", "StatefulSet"), ("web-1", "StatefulSet"), ("plain", "ReplicaSet") }) api.Add(SimulatedNode.Path(name), JsonNode.Parse(Pod(name, "uid-" + name, kind))!);
        async Task<string> Live() =>
            string.Join(' ', (await node.Runtime.Snapshot(default)).Sandboxes.SelectMany(s => s.Containers.Where(c => c.Phase is ContainerPhase.Running).Select(_ => $"{s.Pod.Name}/{s.Pod.Uid}")).Order(StringComparer.Ordinal));
        async Task Until(string live)
        {
            for (var looks = 0; await Live() != live; looks++)
            {
                looks.ShouldBeLessThan(3000, $"wanted {live}, there is {await Live()}");
                await Task.Delay(5);
            }
        }
        await Until("plain/uid-plain web-0/uid-web-0 web-1/uid-web-1");
        node.Link.Cut();
        await Until("plain/uid-plain");
        // Meanwhile web-1 was released, and its successor got another node.
        await api.Send(new("DELETE", SimulatedNode.Path("web-1"), """{"gracePeriodSeconds":0}"""u8.ToArray()), default);
        api.Add(SimulatedNode.Path("web-1"), JsonNode.Parse(Pod("web-1", "successor", "StatefulSet").Replace("sim-0", "elsewhere"))!);
        node.Link.Mend();
        for (var looks = 0; (await node.Runtime.Snapshot(default)).Sandboxes.Any(s => s.Pod.Uid == "uid-web-1"); looks++)
        {
            looks.ShouldBeLessThan(3000, "what is left of the pod that isn't this node's any more is removed");
            await Task.Delay(5);
        }
        await Until("plain/uid-plain web-0/uid-web-0");
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_simulated_container_takes_no_commands()
    {
        await using var runtime = new SimulatedRuntime(TimeProvider.System, () => "id", () => "10.0.0.1", new());
        var refused = await Should.ThrowAsync<RuntimeException>(() => runtime.Stream(new("exec", "id", ["sh"], false, true, true, false), default));
        refused.Message.ShouldStartWith("the simulated runtime runs no processes: ");
    }
}
