using Kennel.Client.Running;
using Kennel.Controllers.Nodes;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.Nodes;

public sealed class NodeTests
{
    [Fact]
    public void A_node_without_a_sign_of_life_is_unknown_tainted_and_its_pods_are_not_ready()
    {
        var pod = Make.Pod("p", "n1") with { Status = new() { Phase = "Running", Conditions = [new() { Type = "Ready", Status = "True" }] } };
        var decision = Watchdog.Decide(new(Make.Node("n1"), Make.Now - Watchdog.Grace, Make.Now, [pod], Make.Now, EvictionTurn.Free));
        var status = decision.Steps[0].ShouldBeOfType<Step.UpdateStatus>();
        status.Done!.Message.ShouldBe("Node n1 status is now: NodeNotReady");
        ((Node)status.Object).Status!.Conditions.ShouldAllBe(c => c.Status == "Unknown");
        ((Node)status.Object).Find("Ready")!.Message.ShouldBe("Kubelet stopped posting node status.");
        decision.Steps[1].ShouldBeOfType<Step.Patch>().Json.ShouldContain("node.kubernetes.io/unreachable");
        ((Pod)decision.Steps[2].ShouldBeOfType<Step.UpdateStatus>().Object).Find("Ready")!.Status.ShouldBe("False");
        Watchdog.Decide(new(Make.Node("n1"), Make.Now - Watchdog.Grace + TimeSpan.FromSeconds(1), Make.Now, [pod], Make.Now, EvictionTurn.Free)).Steps.ShouldBeEmpty();
    }

    [Fact]
    public void A_node_that_is_back_loses_our_taints_and_keeps_those_of_others()
    {
        Taint foreign = new() { Key = "gpu", Effect = "NoSchedule" };
        var node = Make.Node("n1") with { Spec = new() { Taints = [foreign, new() { Key = "node.kubernetes.io/unreachable", Effect = "NoExecute", TimeAdded = Make.Now }] } };
        Tainting.Of(node, EvictionTurn.Free, Make.Now).ShouldBe([foreign]);
        Tainting.Of(node with { Spec = new() { Taints = [foreign] } }, EvictionTurn.Free, Make.Now).ShouldBeNull();
        Tainting.Of(Make.Node("n2") with { Spec = new() { Unschedulable = true } }, EvictionTurn.Free, Make.Now)!.Select(t => t.Key).ShouldBe(["node.kubernetes.io/unschedulable"]);
        Tainting.Of(Make.Node("n3", ready: false), EvictionTurn.Free, Make.Now)!.Select(t => $"{t.Key}:{t.Effect}").ShouldBe(["node.kubernetes.io/not-ready:NoSchedule", "node.kubernetes.io/not-ready:NoExecute"]);
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData(10, 10)]
    [InlineData(-1, null)]
    public void Pods_of_a_lost_node_are_evicted_when_they_tolerate_it_no_longer(int? tolerates, int? after)
    {
        Toleration? toleration = tolerates is null ? null : new() { Key = "node.kubernetes.io/unreachable", Operator = "Exists", Effect = "NoExecute", TolerationSeconds = tolerates < 0 ? null : tolerates };
        var pod = Make.Pod("p", "n1") is var p ? p with { Spec = p.Spec! with { Tolerations = toleration is null ? [] : [toleration] } } : null!;
        var node = Make.Node("n1") with { Spec = new() { Taints = [new() { Key = "node.kubernetes.io/unreachable", Effect = "NoExecute", TimeAdded = Make.Now }] } };
        var early = Evict.Decide(new(pod, node, Make.Now.AddDays(-1), Make.Now));
        if (after == 0) early.Steps.Length.ShouldBe(2, "admission gives every pod its five minutes");
        else early.Steps.ShouldBeEmpty();
        early.At.ShouldBe(after is null or 0 ? null : Make.Now.AddSeconds(after.Value));
        if (after is null or 0) return;
        var due = Evict.Decide(new(pod, node, Make.Now.AddDays(-1), Make.Now.AddSeconds(after.Value)));
        due.Steps[0].Done!.Message.ShouldBe("Marking for deletion Pod default/p");
        due.Steps[1].ShouldBeOfType<Step.Delete>().GraceSeconds.ShouldBeNull();
        Evict.Decide(new(pod, node, Make.Now.AddSeconds(after.Value), Make.Now.AddSeconds(after.Value))).Steps.ShouldBeEmpty("the time that we were away doesn't count");
    }

    [Fact]
    public void Other_taints_evict_at_once() =>
        Evict.Decide(new(Make.Pod("p", "n1"), Make.Node("n1") with { Spec = new() { Taints = [new() { Key = "x", Effect = "NoExecute" }] } }, Make.Now, Make.Now)).Steps.Length.ShouldBe(2);

    [Fact]
    public async Task Cordoning_taints_the_node()
    {
        await using var world = new LiveWorld(c => [new NodeLifecycle(c), new TaintEviction(c), new PodCollector(c)], api => api.Put(Make.Node("n1") with { Spec = new() { Unschedulable = true } }));
        await world.Until<Node>("n1", n => n.Spec!.Taints is [{ Key: "node.kubernetes.io/unschedulable" }], "");
        world.Api.Put(Make.Node("n1"));
        await world.Until<Node>("n1", n => n.Spec!.Taints.Count == 0, "");
    }
}
