using Kennel.Controllers.Scheduling;
using Kennel.Controllers.Scheduling.Filters;
using Kennel.Controllers.Volumes;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.Scheduling;

public sealed class PlaceTests
{
    [Fact]
    public void Pods_spread_over_equal_nodes()
    {
        var ledger = With(Make.Node("a"), Make.Node("b"), Make.Node("c"));
        var chosen = Enumerable.Range(0, 6).Select(i => Next(ledger, Make.Pod($"p{i}"))).ToList();
        chosen.Order().ShouldBe(["a", "a", "b", "b", "c", "c"]);
    }

    [Fact]
    public void The_least_used_node_is_taken()
    {
        var ledger = With(Make.Node("a"), Make.Node("b"));
        ledger.Promise(Guest.Of(Make.Pod("big", cpu: "2"), "a"));
        Next(ledger, Make.Pod("p", cpu: "1")).ShouldBe("b");
    }

    [Fact]
    public void A_full_node_is_not_overfilled_and_every_shortage_is_named()
    {
        var ledger = With(Make.Node("a", cpu: "1", memory: "1Gi", pods: 1));
        Next(ledger, Make.Pod("first", cpu: "600m")).ShouldBe("a");
        Refusal(ledger, Make.Pod("second", cpu: "600m", memory: "2Gi"))
            .ShouldBe("0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory, 1 Too many pods. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.");
        ledger.Forget(new("default", "first"));
        Next(ledger, Make.Pod("second", cpu: "600m")).ShouldBe("a");
    }

    [Fact]
    public void Without_nodes_it_says_so() => Refusal(new Ledger(), Make.Pod("p")).ShouldBe("no nodes available to schedule pods");

    [Fact]
    public void Cordoned_tainted_and_unready_nodes_are_counted_each()
    {
        var cordoned = Make.Node("a") with { Spec = new() { Unschedulable = true } };
        var tainted = Make.Node("b") with { Spec = new() { Taints = [new() { Key = "gpu", Value = "yes", Effect = "NoSchedule" }] } };
        var ledger = With(cordoned, tainted, Make.Node("c", ready: false));
        Refusal(ledger, Make.Pod("p")).ShouldBe(
            "0/3 nodes are available: 1 node(s) were unschedulable, 2 node(s) had untolerated taint(s). preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.");
        var tolerant = Make.Pod("q") is var q ? q with { Spec = q.Spec! with { Tolerations = [new() { Key = "gpu", Operator = "Exists" }] } } : null!;
        Next(ledger, tolerant).ShouldBe("b");
    }

    [Fact]
    public void Node_selector_and_affinity_must_match()
    {
        var ledger = With(Make.Node("a", labels: ("disk", "hdd")), Make.Node("b", labels: ("disk", "ssd")));
        Next(ledger, Change(Make.Pod("p"), s => s with { NodeSelector = Make.Map(("disk", "ssd")) })).ShouldBe("b");
        Refusal(ledger, Change(Make.Pod("p"), s => s with { NodeSelector = Make.Map(("disk", "tape")) }))
            .ShouldBe("0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.");
        NodeSelectorRequirement not = new() { Key = "disk", Operator = "NotIn", Values = ["ssd"] };
        var affinity = new Affinity { NodeAffinity = new() { RequiredDuringSchedulingIgnoredDuringExecution = new() { NodeSelectorTerms = [new() { MatchExpressions = [not] }] } } };
        Next(ledger, Change(Make.Pod("p"), s => s with { Affinity = affinity })).ShouldBe("a");
    }

    [Fact]
    public void A_port_of_the_node_is_given_once()
    {
        Pod Porty(string name) => Change(Make.Pod(name), s => s with { Containers = [new() { Name = "c", Ports = [new() { ContainerPortValue = 80, HostPort = 80 }] }] });
        var ledger = With(Make.Node("a"));
        Next(ledger, Porty("p")).ShouldBe("a");
        Refusal(ledger, Porty("q")).ShouldBe("0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.");
    }

    [Fact]
    public void Anti_affinity_keeps_pods_apart_both_ways()
    {
        PodAffinityTerm term = new() { TopologyKey = "kubernetes.io/hostname", LabelSelector = new() { MatchLabels = Make.Map(("app", "db")) } };
        var apart = new Affinity { PodAntiAffinity = new() { RequiredDuringSchedulingIgnoredDuringExecution = [term] } };
        Pod Db(string name, bool shy) => Change(Make.Pod(name) is var p ? p with { Metadata = p.Metadata with { Labels = Make.Map(("app", "db")) } } : null!, s => s with { Affinity = shy ? apart : null });
        var ledger = With(Make.Node("a"), Make.Node("b"));
        new[] { Next(ledger, Db("db-0", true)), Next(ledger, Db("db-1", true)) }.Order().ShouldBe(["a", "b"]);
        Refusal(ledger, Db("db-2", true)).ShouldBe("0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules. preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod.");
        Refusal(ledger, Db("plain", false)).ShouldBe("0/2 nodes are available: 2 node(s) didn't satisfy existing pods anti-affinity rules. preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod.");
    }

    [Fact]
    public void Affinity_lets_the_first_start_anywhere_and_keeps_the_others_near()
    {
        PodAffinityTerm term = new() { TopologyKey = "zone", LabelSelector = new() { MatchLabels = Make.Map(("app", "db")) } };
        var near = new Affinity { PodAffinity = new() { RequiredDuringSchedulingIgnoredDuringExecution = [term] } };
        Pod Db(string name, string app) => Change(Make.Pod(name) is var p ? p with { Metadata = p.Metadata with { Labels = Make.Map(("app", app)) } } : null!, s => s with { Affinity = near });
        var ledger = With(Make.Node("a", labels: ("zone", "z1")), Make.Node("b", labels: ("zone", "z2")), Make.Node("c"));
        Refusal(ledger, Db("stranger", "web")).ShouldBe("0/3 nodes are available: 3 node(s) didn't match pod affinity rules. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.");
        var first = Next(ledger, Db("db-0", "db"));
        for (var i = 1; i < 4; i++) Next(ledger, Db($"db-{i}", "db")).ShouldBe(first);
    }

    [Fact]
    public void Topology_spread_is_kept()
    {
        TopologySpreadConstraint rule = new() { TopologyKey = "zone", MaxSkew = 1, WhenUnsatisfiable = "DoNotSchedule", LabelSelector = new() { MatchLabels = Make.Map(("app", "db")) } };
        Pod Db(string name) => Change(Make.Pod(name) is var p ? p with { Metadata = p.Metadata with { Labels = Make.Map(("app", "db")) } } : null!, s => s with { TopologySpreadConstraints = [rule] });
        var ledger = With(Make.Node("a", labels: ("zone", "z1")), Make.Node("b", pods: 1, labels: ("zone", "z2")));
        var first = new[] { Next(ledger, Db("db-0")), Next(ledger, Db("db-1")) };
        first.Order().ShouldBe(["a", "b"]);
        Next(ledger, Db("db-2")).ShouldBe("a");
        Refusal(ledger, Db("db-3")).ShouldBe("0/2 nodes are available: 1 Too many pods, 1 node(s) didn't match pod topology spread constraints. preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod.");
    }

    [Theory]
    [Trait("Behaviour", "SS-1130")]
    [InlineData("missing", "persistentvolumeclaim \"c\" not found")]
    [InlineData("immediate", "pod has unbound immediate PersistentVolumeClaims")]
    [InlineData("leaving", "persistentvolumeclaim \"c\" is being deleted")]
    [InlineData("lost", "persistentvolumeclaim \"c\" bound to non-existent persistentvolume \"v\"")]
    [InlineData("no volume", "1 node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)")]
    [InlineData("elsewhere", "1 node(s) didn't match PersistentVolume's node affinity")]
    [InlineData("nothing to bind", "1 node(s) didn't find available persistent volumes to bind")]
    public void A_claim_that_stands_in_the_way_is_named(string what, string why)
    {
        var claim = Make.Claim("c");
        var far = Pinned(Make.Volume("v"), "b");
        Wanted wanted = what switch
        {
            "missing" => new("c", null, null, null, []),
            "immediate" => new("c", claim, null, null, []),
            "leaving" => new("c", claim with { Metadata = claim.Metadata with { DeletionTimestamp = Make.Now } }, null, null, []),
            "lost" => new("c", claim.Bound("v") with { Status = new() { Phase = "Lost" } }, null, null, []),
            "no volume" => new("c", claim.Bound("v"), null, null, []),
            "elsewhere" => new("c", claim.Bound("v"), far, null, []),
            _ => new("c", claim, null, Make.Class("local", "kubernetes.io/no-provisioner"), [far]),
        };
        Refusal(With(Make.Node("a")), Make.Pod("p", claims: "c"), wanted).ShouldBe($"0/1 nodes are available: {why}. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.");
    }

    [Fact]
    [Trait("Behaviour", "SS-1129")]
    public void Two_claims_of_a_pod_get_two_volumes_on_the_same_node()
    {
        var kind = Make.Class("local", "kubernetes.io/no-provisioner");
        PersistentVolume[] volumes = [Pinned(Make.Volume("a1", kind: "local"), "a"), Pinned(Make.Volume("b1", kind: "local"), "b"), Pinned(Make.Volume("b2", "5Gi", "local"), "b")];
        Wanted Want(string name, string size) => new(name, Make.Claim(name, "local", size), null, kind, [.. volumes]);
        var placement = Place.Decide(See(With(Make.Node("a"), Make.Node("b")), Make.Pod("p"), Want("big", "3Gi"), Want("small", "1Gi")));
        placement.Node.ShouldBe("b");
        placement.Volumes.Select(v => $"{v.Claim.Metadata.Name}={v.Volume!.Metadata.Name}").ShouldBe(["small=b1", "big=b2"]);
    }

    [Fact]
    [Trait("Behaviour", "SS-1129")]
    public void A_selected_node_is_kept()
    {
        var wanted = new Wanted("c", Make.Claim("c", "local-path").Noted(Marks.SelectedNode, "b"), null, Make.Class("local-path"), []);
        Place.Decide(See(With(Make.Node("a"), Make.Node("b")), Make.Pod("p"), wanted)).Node.ShouldBe("b");
    }

    [Fact]
    public void A_young_pods_missing_claim_is_no_complaint_yet()
    {
        var pod = Make.Pod("p", claims: "c") is var p ? p with { Metadata = p.Metadata with { CreationTimestamp = Make.Now } } : null!;
        var placement = Place.Decide(See(With(Make.Node("a")), pod, new Wanted("c", null, null, null, [])));
        placement.Refusal.ShouldBeNull();
        placement.Early.ShouldNotBeNull();
    }

    static PersistentVolume Pinned(PersistentVolume volume, string node) => volume with
    {
        Spec = volume.Spec! with
        {
            NodeAffinity = new() { Required = new() { NodeSelectorTerms = [new() { MatchExpressions = [new() { Key = "kubernetes.io/hostname", Operator = "In", Values = [node] }] }] } },
        },
    };

    static Pod Change(Pod pod, Func<PodSpec, PodSpec> change) => pod with { Spec = change(pod.Spec!) };

    static Ledger With(params Node[] nodes)
    {
        var ledger = new Ledger();
        foreach (var node in nodes) ledger.Seen(node.Metadata.Name!, node);
        return ledger;
    }

    static string? Next(Ledger ledger, Pod pod)
    {
        var placement = Place.Decide(See(ledger, pod));
        placement.Refusal.ShouldBeNull();
        ledger.Promise(Guest.Of(pod, placement.Node!));
        return placement.Node;
    }

    static string? Refusal(Ledger ledger, Pod pod, params Wanted[] claims) => Place.Decide(See(ledger, pod, claims)).Refusal;

    static SchedulingObserved See(Ledger ledger, Pod pod, params Wanted[] claims) =>
        new(pod, ledger, [.. claims], null, [], Make.Now);
}
