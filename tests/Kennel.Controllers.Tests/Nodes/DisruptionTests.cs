using Kennel.Client.Tests.Fake;
using Kennel.Controllers.Nodes;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.Nodes;

/// <summary>How many silent nodes are given up at once.</summary>
public sealed class DisruptionTests
{
    [Theory]
    [InlineData(3, 0, 10)]
    [InlineData(2, 1, 10)]
    [InlineData(1, 1, 10)]
    [InlineData(0, 1, 10)] // its zone alone; other zones are Ready
    [InlineData(0, 5, 10)]
    [InlineData(1, 3, null)]
    [InlineData(2, 2, 10)]
    [InlineData(3, 3, 10)]
    [InlineData(20, 29, null)]
    [InlineData(20, 31, 100)]
    [InlineData(100, 31, 10)]
    public void A_disrupted_zone_gives_its_nodes_up_slowly_or_not_at_all(int ready, int silent, int? seconds) =>
        Disruption.Pace(new(ready, silent)).ShouldBe(seconds is { } s ? TimeSpan.FromSeconds(s) : null);

    [Fact]
    public void A_silent_node_waits_for_its_turn_to_have_its_pods_evicted()
    {
        NodeObserved Lost(EvictionTurn turn) => new(Make.Node("n1"), Make.Now - Watchdog.Grace, Make.Now, [], Make.Now, turn);
        string Taints(EvictionTurn turn) => string.Join(' ', Watchdog.Decide(Lost(turn)).Steps.OfType<Kennel.Client.Running.Step.Patch>().Select(p => p.Json));
        Taints(EvictionTurn.Free).ShouldContain("NoExecute");
        var later = new EvictionTurn(false, Make.Now.AddSeconds(7));
        Taints(later).ShouldNotContain("NoExecute");
        Taints(later).ShouldContain("NoSchedule", Case.Sensitive, "new pods don't go there in any case");
        Watchdog.Decide(Lost(later)).At.ShouldBe(Make.Now.AddSeconds(7));
        Watchdog.Decide(Lost(later)).WaitingFor.ShouldBe("the turn of node n1 to have its pods evicted: one node of a zone at a time");
        Watchdog.Decide(Lost(new(false, null))).WaitingFor!.ShouldStartWith("more nodes of the zone to be Ready");
        Watchdog.Decide(Lost(new(true, null))).WaitingFor!.ShouldStartWith("any node to be Ready");
    }

    [Fact]
    public void When_no_node_is_ready_the_taints_that_evict_are_taken_back()
    {
        var node = Make.Node("n1", ready: false) with { Spec = new() { Taints = [new() { Key = "node.kubernetes.io/not-ready", Effect = "NoExecute" }, new() { Key = "x", Effect = "NoExecute" }] } };
        Tainting.Of(node, new(true, null), Make.Now)!.Select(t => $"{t.Key}:{t.Effect}").ShouldBe(["x:NoExecute", "node.kubernetes.io/not-ready:NoSchedule"]);
        Tainting.Of(node, new(false, null), Make.Now)!.Select(t => $"{t.Key}:{t.Effect}").ShouldContain("node.kubernetes.io/not-ready:NoExecute", "what was given stays");
    }

    [Fact]
    public async Task Nodes_of_a_zone_are_given_up_one_at_a_time()
    {
        await using var world = new LiveWorld(c => [new NodeLifecycle(c)], api =>
        {
            for (var i = 0; i < 3; i++) api.Put(Make.Node($"n{i}"));
            for (var i = 3; i < 5; i++) api.Put(Make.Node($"n{i}", ready: false));
        });
        await world.UntilAll<Node>(nodes => nodes.Count(n => n.Spec!.Taints.Any(t => t.Effect == "NoSchedule")) == 2 && nodes.Count(n => n.Spec!.Taints.Any(t => t.Effect == "NoExecute")) == 1);
        await Eventually.True(() => world.Runner.Waiting.Any(w => w.For != null && w.For.StartsWith("the turn of node", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task When_every_node_is_silent_no_pod_is_sent_away()
    {
        await using var world = new LiveWorld(c => [new NodeLifecycle(c)], api =>
        {
            for (var i = 0; i < 2; i++) api.Put(Make.Node($"n{i}", ready: false));
        });
        await world.UntilAll<Node>(nodes => nodes.All(n => n.Spec!.Taints.Any(t => t.Effect == "NoSchedule")));
        world.Api.All<Node>().ShouldAllBe(n => n.Spec!.Taints.All(t => t.Effect != "NoExecute"));
    }
}
