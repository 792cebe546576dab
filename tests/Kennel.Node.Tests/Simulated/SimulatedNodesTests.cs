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
        foreach (var (agent, runtime) in nodes) (await runtime.Snapshot(default)).Sandboxes.Count.ShouldBe(10);
        nodes[0].Agent.Lookup("default", "p0")!.Containers[0].LogFile.ShouldBe("/dev/null");
        nodes[0].Agent.Lookup("default", "p1").ShouldBeNull();
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
