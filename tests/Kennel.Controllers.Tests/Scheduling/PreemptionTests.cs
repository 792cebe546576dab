using Kennel.Client.Running;
using Kennel.Controllers.Nodes;
using Kennel.Controllers.Scheduling;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.Scheduling;

public sealed class PreemptionTests
{
    const string Nobody = "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.";

    [Fact]
    public void Only_pods_of_lower_priority_go_and_no_more_of_them_than_needed()
    {
        var cluster = new Cluster().Node("a", cpu: "4")
            .Pod(Make.Pod("equal", "a", cpu: "1").Worth(10))
            .Pod(Make.Pod("low", "a", cpu: "1").Worth(1))
            .Pod(Make.Pod("lower", "a", cpu: "1").Worth(0))
            .Pod(Make.Pod("higher", "a", cpu: "1").Worth(20));
        Victims(cluster.Try(Make.Pod("p", cpu: "1").Worth(10))).ShouldBe("a: lower");
        Victims(cluster.Try(Make.Pod("p", cpu: "2").Worth(10))).ShouldBe("a: low lower");
        cluster.Try(Make.Pod("p", cpu: "3").Worth(10)).Refusal.ShouldBe("0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 Insufficient cpu.");
        cluster.Try(Make.Pod("p", cpu: "1").Worth(0)).Refusal.ShouldBe(Nobody);
    }

    [Fact]
    public void A_pod_that_would_not_fit_the_empty_node_displaces_nobody() =>
        new Cluster().Node("a", cpu: "1").Pod(Make.Pod("low", "a", cpu: "1")).Try(Make.Pod("p", cpu: "2").Worth(1)).Refusal
            .ShouldBe("0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.");

    [Fact]
    public void A_pod_that_never_preempts_says_so() =>
        new Cluster().Node("a", cpu: "1").Pod(Make.Pod("low", "a", cpu: "1")).Try(Make.Pod("p", cpu: "1").Worth(1, "Never")).Refusal
            .ShouldBe("0/1 nodes are available: 1 Insufficient cpu. preemption: not eligible due to preemptionPolicy=Never.");

    [Theory]
    [InlineData("a budget is kept", "b")]
    [InlineData("the highest victim is the least", "b")]
    [InlineData("the sum is the least", "b")]
    [InlineData("the fewest", "b")]
    [InlineData("the latest started", "b")]
    public void The_node_where_it_hurts_least_is_taken(string rule, string node)
    {
        var cluster = new Cluster().Node("a", cpu: "2").Node("b", cpu: "2");
        Pod On(string n, string name, int priority, int minutes = 5, string cpu = "1") => Make.Pod(name, n, cpu: cpu).Worth(priority).Since(minutes).Labelled(("app", name));
        var pods = rule switch
        {
            "a budget is kept" => [On("a", "a1", 1), On("a", "a2", 1), On("b", "b1", 5), On("b", "b2", 5)],
            "the highest victim is the least" => [On("a", "a1", 6), On("a", "a2", 1), On("b", "b1", 5), On("b", "b2", 5)],
            "the sum is the least" => [On("a", "a1", 5), On("a", "a2", 5), On("b", "b1", 5), On("b", "b2", 4)],
            "the fewest" => new[] { On("a", "a1", -5), On("a", "a2", -1_000_000), On("b", "b1", -5, cpu: "2") },
            _ => [On("a", "a1", 5, 20), On("a", "a2", 4, 1), On("b", "b1", 5, 10), On("b", "b2", 4, 30)],
        };
        foreach (var pod in pods) cluster.Pod(pod);
        if (rule == "a budget is kept") cluster.Budget("keep", 0, ("app", "a1"));
        cluster.Try(Make.Pod("p", cpu: "2").Worth(10)).Displacement!.Candidate!.Node.ShouldBe(node);
    }

    [Fact]
    public void Pods_that_a_budget_keeps_are_spared_when_others_do()
    {
        var cluster = new Cluster().Node("a", cpu: "2").Budget("keep", 0, ("app", "kept"))
            .Pod(Make.Pod("kept", "a", cpu: "1").Worth(0).Labelled(("app", "kept")))
            .Pod(Make.Pod("other", "a", cpu: "1").Worth(5));
        Victims(cluster.Try(Make.Pod("p", cpu: "1").Worth(10))).ShouldBe("a: other");
        var both = cluster.Try(Make.Pod("p", cpu: "2").Worth(10)).Displacement!.Candidate!;
        both.Violations.ShouldBe(1);
    }

    [Fact]
    public void Anti_affinity_and_ports_are_reasons_to_displace()
    {
        var shy = Make.Pod("shy", "a").Labelled(("app", "db")).Affine(Change.Apart(Change.Term("kubernetes.io/hostname", ("app", "db"))));
        Victims(new Cluster().Node("a").Pod(shy).Pod(Make.Pod("innocent", "a")).Try(Make.Pod("p").Worth(1).Labelled(("app", "db")))).ShouldBe("a: shy");
        Pod Porty(Pod pod) => pod.With(s => s with { Containers = [new() { Name = "c", Ports = [new() { ContainerPortValue = 80, HostPort = 80 }] }] });
        Victims(new Cluster().Node("a").Pod(Porty(Make.Pod("web", "a"))).Pod(Make.Pod("innocent", "a")).Try(Porty(Make.Pod("p").Worth(1)))).ShouldBe("a: web");
    }

    [Fact]
    public void The_holder_of_a_claim_for_one_pod_is_displaced_from_its_own_node_only()
    {
        var cluster = new Cluster().Node("a").Node("b").Pod(Make.Pod("holder", "b")).Pod(Make.Pod("innocent", "a"));
        var claim = new Wanted("c", Make.Claim("c", mode: "ReadWriteOncePod").Bound("v"), Make.Volume("v"), null, [], [new("default", "holder")]);
        Victims(cluster.Try(Make.Pod("p", claims: "c").Worth(1), null, claim)).ShouldBe("b: holder");
        cluster.Try(Make.Pod("p", claims: "c").Worth(0), null, claim).Refusal
            .ShouldStartWith("0/2 nodes are available: 2 node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode.");
    }

    [Fact]
    public void The_room_that_was_made_is_kept_from_less_important_pods()
    {
        var cluster = new Cluster().Node("a", cpu: "1");
        cluster.Pod(Make.Pod("p", cpu: "1").Worth(10) is var p ? p with { Status = p.Status! with { NominatedNodeName = "a" } } : null!);
        cluster.Try(Make.Pod("quick", cpu: "1")).Node.ShouldBeNull();
        cluster.Try(Make.Pod("vip", cpu: "1").Worth(11)).Node.ShouldBe("a");
        cluster.Try(p).Node.ShouldBe("a");
    }

    [Fact]
    public void A_pod_whose_victims_are_still_leaving_displaces_no_more()
    {
        var leaving = Make.Pod("low", "a", cpu: "1") is var l ? l with
        {
            Metadata = l.Metadata with { DeletionTimestamp = Make.Now },
            Status = l.Status! with { Conditions = [new() { Type = "DisruptionTarget", Status = "True", Reason = "PreemptionByScheduler" }] },
        } : null!;
        var pod = Make.Pod("p", cpu: "1").Worth(10) is var p ? p with { Status = p.Status! with { NominatedNodeName = "a" } } : null!;
        new Cluster().Node("a", cpu: "1").Node("b", cpu: "1").Pod(leaving).Pod(Make.Pod("other", "b", cpu: "1")).Pod(pod).Try(pod).Refusal
            .ShouldBe("0/2 nodes are available: 2 Insufficient cpu. preemption: not eligible due to a terminating pod on the nominated node.");
    }

    [Fact]
    public async Task A_displaced_pod_goes_gracefully_and_the_other_takes_its_place()
    {
        await using var world = new LiveWorld(c => [new Scheduler(c)], api =>
        {
            api.Put(Make.Node("n1", cpu: "1"));
            api.Put(Make.Pod("low", "n1", cpu: "1"));
            api.Put(Make.Pod("vip", cpu: "1").Worth(100));
        });
        await world.UntilAll<Event>(e => e.Any(x => x is { Reason: "Preempted", Message: "Preempted by pod uid-vip on node n1", Type: "Normal", InvolvedObject.Name: "low" }));
        if (world.Api.Get<Pod>("default", "low") is { } low)
        {
            low.Metadata.DeletionTimestamp.ShouldNotBeNull();
            var told = low.Find("DisruptionTarget")!;
            (told.Reason, told.Message).ShouldBe(("PreemptionByScheduler", "default-scheduler: preempting to accommodate a higher priority pod"));
            world.Api.Get<Pod>("default", "vip")!.Status!.NominatedNodeName.ShouldBe("n1");
            world.Api.Remove(low);
        }
        await world.Until<Pod>("vip", p => p.Spec!.NodeName == "n1");
    }

    static string Victims(Placement placement) => placement.Displacement?.Candidate is { } c ? $"{c.Node}: {string.Join(' ', c.Victims.Select(v => v.Key.Name))}" : placement.Refusal!;
}
