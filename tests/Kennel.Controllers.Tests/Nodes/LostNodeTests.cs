using Kennel.Controllers.Nodes;
using Kennel.Controllers.StatefulSets;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.Nodes;

/// <summary>A set whose pod is on a node that doesn't answer, with all controllers that have a say.</summary>
public sealed class LostNodeTests
{
    [Theory]
    [Trait("Behaviour", "SS-243")]
    [InlineData("the node answers again and confirms")]
    [InlineData("an operator forces the pod away")]
    [InlineData("an operator says that the node is out of service")]
    public async Task A_pod_stays_terminating_and_has_no_successor_until_somebody_vouches_for_its_end(string released)
    {
        await using var world = new LiveWorld(c => [new StatefulSetController(c), new NodeLifecycle(c), new TaintEviction(c), new PodCollector(c)], api =>
        {
            api.Put(Make.Node("n1", ready: false));
            api.Put(Make.Node("n2"));
            api.Put(Set());
        });
        await world.Until<Pod>("web-0", _ => true);
        var first = world.Api.Get<Pod>("default", "web-0")!;
        world.Api.Put(first with { Spec = first.Spec! with { NodeName = "n1" }, Status = new() { Phase = "Running" } });
        await world.Until<Pod>("web-0", p => p.Metadata.DeletionTimestamp is not null && p.Find("DisruptionTarget")?.Reason == "DeletionByTaintManager");
        await world.UntilAll<Pod>(_ => world.Runner.Waiting.Any(w => w is { Controller: "pod-garbage-collector", Key.Name: "web-0" } && w.For!.StartsWith("node n1 to confirm that pod web-0 has stopped", StringComparison.Ordinal)));
        world.Api.Get<Pod>("default", "web-0")!.Metadata.Uid.ShouldBe(first.Metadata.Uid);
        switch (released)
        {
            case "an operator says that the node is out of service":
                var node = world.Api.Get<Node>("", "n1")!;
                world.Api.Put(node with { Spec = node.Spec! with { Taints = [.. node.Spec.Taints, new() { Key = Collect.OutOfService, Value = "nodeshutdown", Effect = "NoExecute" }] } });
                break;
            default:
                world.Api.Remove(world.Api.Get<Pod>("default", "web-0")!);
                break;
        }
        await world.Until<Pod>("web-0", p => p.Metadata.Uid != first.Metadata.Uid && p.Spec!.NodeName is null && p.Metadata.DeletionTimestamp is null);
    }

    [Fact]
    [Trait("Behaviour", "SS-243")]
    public async Task A_pod_of_an_unready_node_stays_as_long_as_it_tolerates_that()
    {
        await using var world = new LiveWorld(c => [new NodeLifecycle(c), new TaintEviction(c)], api =>
        {
            api.Put(Make.Node("n1", ready: false));
            api.Put(Make.Node("n2"));
            api.Put(Make.Pod("patient", "n1") is var p ? p with { Spec = p.Spec! with { Tolerations = [new() { Key = "node.kubernetes.io/not-ready", Operator = "Exists", Effect = "NoExecute", TolerationSeconds = 300 }] } } : null!);
            api.Put(Make.Pod("hasty", "n1"));
        });
        await world.Until<Pod>("hasty", p => p.Metadata.DeletionTimestamp is not null);
        await world.UntilAll<Pod>(_ => world.Runner.Waiting.Any(w => w.Key.Name == "patient" && w.For == "taint node.kubernetes.io/not-ready of node n1 to go, or to be evicted"));
        world.Api.Get<Pod>("default", "patient")!.Metadata.DeletionTimestamp.ShouldBeNull();
        world.Api.Put(Make.Node("n1"));
        await world.UntilAll<Event>(e => e.Any(x => x is { Reason: "TaintManagerEviction", Message: "Cancelling deletion of Pod default/patient" }));
    }

    static StatefulSet Set() => new()
    {
        Metadata = Make.Meta("web") with { Generation = 1 },
        Spec = new()
        {
            Replicas = 1,
            ServiceName = "web",
            Selector = new() { MatchLabels = Make.Map(("app", "web")) },
            PodManagementPolicy = "OrderedReady",
            UpdateStrategy = new() { Type = "RollingUpdate" },
            RevisionHistoryLimit = 10,
            Template = new() { Metadata = new() { Labels = Make.Map(("app", "web")) }, Spec = new() { Containers = [new() { Name = "main", Image = "a:1" }] } },
        },
    };
}
