using Kennel.Client.Running;
using Kennel.Controllers.Nodes;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.Nodes;

/// <summary>Which pods are forced away, and which must wait for their node's word.</summary>
public sealed class CollectTests
{
    [Fact]
    [Trait("Behaviour", "SS-244")]
    public void Pods_of_a_node_that_is_gone_fail_and_are_forced_away_after_the_quarantine()
    {
        var pod = Make.Pod("p", "gone");
        Collect.Decide(new(pod, null, Make.Now, false, Make.Now + TimeSpan.FromSeconds(39))).At.ShouldBe(Make.Now + Collect.Quarantine);
        var steps = Collect.Decide(new(pod, null, Make.Now, false, Make.Now + Collect.Quarantine)).Steps;
        steps[0].ShouldBeOfType<NodeGone>();
        var failed = (Pod)steps[1].ShouldBeOfType<Step.UpdateStatus>().Object;
        failed.Status!.Phase.ShouldBe("Failed");
        (failed.Find("DisruptionTarget")!.Reason, failed.Find("DisruptionTarget")!.Message).ShouldBe(("DeletionByPodGC", "PodGC: node no longer exists"));
        var delete = steps[2].ShouldBeOfType<Step.Delete>();
        (delete.GraceSeconds, delete.Uid).ShouldBe((0, pod.Metadata.Uid));
    }

    [Theory]
    [Trait("Behaviour", "SS-243")]
    // leaving, node ready, out of service → what becomes of it
    [InlineData(true, false, false, "waits")]
    [InlineData(true, false, true, "forced")]
    [InlineData(true, true, true, "left")]
    [InlineData(true, true, false, "left")]
    [InlineData(false, false, true, "left")]
    [InlineData(false, false, false, "left")]
    public void A_pod_of_a_silent_node_is_forced_away_only_when_it_leaves_and_the_node_is_out_of_service(bool leaving, bool ready, bool outOfService, string becomes)
    {
        var node = Make.Node("n1", ready: ready) with { Spec = new() { Taints = outOfService ? [new() { Key = Collect.OutOfService, Value = "nodeshutdown", Effect = "NoExecute" }] : [] } };
        var decision = Collect.Decide(new(leaving ? Leaving(Make.Pod("web-0", "n1")) : Make.Pod("web-0", "n1"), node, null, false, Make.Now));
        switch (becomes)
        {
            case "forced":
                decision.Steps[0].ShouldBe(new NodeOutOfService("n1"));
                ((Pod)decision.Steps[1].ShouldBeOfType<Step.UpdateStatus>().Object).Status!.Phase.ShouldBe("Failed");
                decision.Steps[2].ShouldBeOfType<Step.Delete>().GraceSeconds.ShouldBe(0);
                break;
            case "waits":
                decision.Steps.ShouldBeEmpty();
                decision.WaitingFor.ShouldStartWith("node n1 to confirm that pod web-0 has stopped: the node isn't Ready.");
                decision.At.ShouldBeNull("time alone never releases a pod");
                break;
            default:
                decision.ShouldBe(Decision.Nothing);
                break;
        }
    }

    [Fact]
    public void A_leaving_pod_without_a_node_is_ended_once()
    {
        var pod = Leaving(Make.Pod("p"));
        Collect.Decide(new(pod, null, null, false, Make.Now)).Steps.Length.ShouldBe(2);
        var ended = pod with { Metadata = pod.Metadata with { DeletionGracePeriodSeconds = 0 }, Status = new() { Phase = "Failed" } };
        Collect.Decide(new(ended, null, null, false, Make.Now)).ShouldBe(Decision.Nothing, "a finalizer keeps it: asking again would not help");
        Collect.Decide(new(Make.Pod("q"), null, null, false, Make.Now)).ShouldBe(Decision.Nothing, "it only waits to be scheduled");
    }

    [Fact]
    public void Of_too_many_finished_pods_the_evicted_go_first_and_then_the_oldest()
    {
        var finished = new FinishedPods(keeps: 2);
        Pod Ended(string name, int age, string? reason = null) => Make.Pod(name, "n1") is var p
            ? p with { Metadata = p.Metadata with { CreationTimestamp = Make.Now.AddMinutes(-age) }, Status = new() { Phase = reason is null ? "Succeeded" : "Failed", Reason = reason } } : null!;
        foreach (var pod in (Pod[])[Ended("old", 30), Ended("older", 40), Make.Pod("running", "n1")]) finished.Seen(Objects.ObjectKey.Of(pod), pod).ShouldBeEmpty();
        finished.Seen(new("default", "evicted"), Ended("evicted", 1, "Evicted")).Single().Name.ShouldBe("evicted");
        finished.Seen(new("default", "new"), Ended("new", 0)).Select(k => k.Name).ShouldBe(["evicted", "older"]);
        finished.TooMany(new("default", "older")).ShouldBeTrue();
        finished.TooMany(new("default", "old")).ShouldBeFalse();
        finished.Seen(new("default", "evicted"), null).Select(k => k.Name).ShouldBeEmpty();
        finished.TooMany(new("default", "older")).ShouldBeTrue();
    }

    [Fact]
    [Trait("Behaviour", "SS-243")]
    public async Task The_out_of_service_taint_releases_the_leaving_pods_of_a_silent_node_and_no_others()
    {
        await using var world = new LiveWorld(c => [new PodCollector(c)], api =>
        {
            api.Put(Make.Node("n1", ready: false));
            api.Put(Leaving(Make.Pod("web-0", "n1")));
            api.Put(Make.Pod("web-1", "n1"));
        });
        await world.Until<Node>("n1", _ => world.Runner.Waiting.Any(w => w.Key.Name == "web-0" && w.For!.StartsWith("node n1 to confirm", StringComparison.Ordinal)), "");
        world.Api.Put(Make.Node("n1", ready: false) with { Spec = new() { Taints = [new() { Key = Collect.OutOfService, Value = "nodeshutdown", Effect = "NoExecute" }] } });
        await world.UntilAll<Pod>(pods => pods.Select(p => p.Metadata.Name).SequenceEqual(["web-1"]));
    }

    [Fact]
    public async Task Finished_pods_beyond_the_threshold_are_removed()
    {
        await using var world = new LiveWorld(c => [new PodCollector(c, keeps: 3)], api =>
        {
            api.Put(Make.Node("n1"));
            for (var i = 0; i < 8; i++) api.Put(Make.Pod($"p{i}", "n1") with { Status = new() { Phase = "Succeeded" } });
        });
        await world.UntilAll<Pod>(pods => pods.Select(p => p.Metadata.Name).SequenceEqual(["p5", "p6", "p7"]));
    }

    static Pod Leaving(Pod pod) => pod with { Metadata = pod.Metadata with { DeletionTimestamp = Make.Now, DeletionGracePeriodSeconds = 30 } };
}
