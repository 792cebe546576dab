using Kennel.Controllers.Scheduling;
using Kennel.Objects.Core;
using LabelSelector = Kennel.Objects.Selectors.LabelSelector;

namespace Kennel.Controllers.Tests.Scheduling;

/// <summary>Affinity to other pods and spreading, required and preferred.</summary>
public sealed class NeighbourTests
{
    const string Host = "kubernetes.io/hostname";

    static Cluster TwoZones() => new Cluster().Node("a", labels: ("zone", "z1")).Node("b", labels: ("zone", "z1")).Node("c", labels: ("zone", "z2"));

    [Fact]
    public void All_terms_of_an_affinity_must_select_the_same_pod()
    {
        var cluster = TwoZones().Pod(Make.Pod("x", "a").Labelled(("app", "db"))).Pod(Make.Pod("y", "c").Labelled(("tier", "1")));
        var both = Make.Pod("p").Affine(Change.Near(Change.Term(Host, ("app", "db")), Change.Term("zone", ("tier", "1"))));
        cluster.Try(both).Node.ShouldBeNull();
        cluster.Pod(Make.Pod("z", "c").Labelled(("app", "db"), ("tier", "1"))).Try(both).Node.ShouldBe("c");
    }

    [Fact]
    public void Namespaces_are_the_pods_own_or_those_named_or_those_selected()
    {
        var cluster = TwoZones().Pod(Make.Pod("x", "c").Labelled(("app", "db")).In("other"));
        var term = Change.Term(Host, ("app", "db"));
        cluster.Try(Make.Pod("p").Affine(Change.Near(term))).Node.ShouldBeNull();
        cluster.Try(Make.Pod("p").Affine(Change.Near(term with { Namespaces = ["other"] }))).Node.ShouldBe("c");
        cluster.Try(Make.Pod("p").Affine(Change.Near(term with { NamespaceSelector = new() { MatchLabels = Make.Map(("team", "blue")) } }))).Node.ShouldBe("c");
        cluster.Try(Make.Pod("p").Affine(Change.Near(term with { NamespaceSelector = new() }))).Node.ShouldBe("c");
        cluster.Try(Make.Pod("p").Affine(Change.Near(term with { NamespaceSelector = new() { MatchLabels = Make.Map(("team", "red")) } }))).Node.ShouldBeNull();
    }

    [Fact]
    public void Label_keys_narrow_and_widen_a_term()
    {
        var cluster = new Cluster().Node("a").Pod(Make.Pod("old", "a").Labelled(("app", "db"), ("rev", "1")));
        Pod New(PodAffinityTerm term) => Make.Pod("p").Labelled(("app", "db"), ("rev", "2")).Affine(Change.Apart(term));
        cluster.Try(New(Change.Term(Host, ("app", "db")))).Node.ShouldBeNull();
        cluster.Try(New(Change.Term(Host, ("app", "db")) with { MatchLabelKeys = ["rev"] })).Node.ShouldBe("a");
        cluster.Try(New(Change.Term(Host, ("app", "db")) with { MismatchLabelKeys = ["rev"] })).Node.ShouldBeNull();
    }

    [Fact]
    public void Preferred_affinity_draws_and_preferred_anti_affinity_pushes()
    {
        var cluster = TwoZones().Pod(Make.Pod("x", "c").Labelled(("app", "db")));
        Affinity Wish(bool near) => near
            ? new() { PodAffinity = new() { PreferredDuringSchedulingIgnoredDuringExecution = [new() { Weight = 100, PodAffinityTerm = Change.Term("zone", ("app", "db")) }] } }
            : new() { PodAntiAffinity = new() { PreferredDuringSchedulingIgnoredDuringExecution = [new() { Weight = 100, PodAffinityTerm = Change.Term("zone", ("app", "db")) }] } };
        cluster.Try(Make.Pod("p").Affine(Wish(near: true))).Node.ShouldBe("c");
        cluster.Pod(Make.Pod("m", "a")).Pod(Make.Pod("n", "b"));
        cluster.Try(Make.Pod("p").Affine(Wish(near: false))).Node.ShouldNotBe("c");
    }

    [Fact]
    public void What_a_guest_wishes_counts_for_those_who_come()
    {
        var wish = new Affinity { PodAffinity = new() { PreferredDuringSchedulingIgnoredDuringExecution = [new() { Weight = 50, PodAffinityTerm = Change.Term(Host, ("app", "web")) }] } };
        var cluster = TwoZones().Pod(Make.Pod("x", "b").Affine(wish));
        cluster.Try(Make.Pod("p").Labelled(("app", "web"))).Node.ShouldBe("b");
        cluster.Try(Make.Pod("q").Labelled(("app", "mail"))).Node.ShouldNotBe("b");
    }

    [Fact]
    public void Fewer_domains_than_wanted_count_as_an_empty_one()
    {
        TopologySpreadConstraint rule = new() { TopologyKey = "zone", MaxSkew = 1, WhenUnsatisfiable = "DoNotSchedule", LabelSelector = new() { MatchLabels = Make.Map(("app", "db")) }, MinDomains = 3 };
        var cluster = TwoZones();
        Pod Db(string name) => Make.Pod(name).Labelled(("app", "db")).Spread(rule);
        cluster.Put(Db("db-0")).ShouldNotBeNull();
        cluster.Put(Db("db-1")).ShouldNotBeNull();
        cluster.Try(Db("db-2")).Refusal.ShouldStartWith("0/3 nodes are available: 3 node(s) didn't match pod topology spread constraints.");
        cluster.Node("d", labels: ("zone", "z3")).Put(Db("db-2")).ShouldBe("d");
    }

    [Theory]
    [InlineData("Honor", "Ignore", null)]
    [InlineData("Ignore", "Ignore", "refused")]
    [InlineData("Honor", "Honor", null)]
    public void Policies_say_which_nodes_count(string affinity, string taints, string? refused)
    {
        // Node c is empty, and the pod can't go there: it counts as the emptiest domain only when node affinity is ignored.
        TopologySpreadConstraint rule = new()
        {
            TopologyKey = "zone", MaxSkew = 1, WhenUnsatisfiable = "DoNotSchedule", LabelSelector = new() { MatchLabels = Make.Map(("app", "db")) }, NodeAffinityPolicy = affinity, NodeTaintsPolicy = taints,
        };
        var cluster = new Cluster().Node("a", labels: [("zone", "z1"), ("disk", "ssd")]).Node("c", labels: ("zone", "z2")).Pod(Make.Pod("x", "a").Labelled(("app", "db")));
        var placement = cluster.Try(Make.Pod("p").Labelled(("app", "db")).Spread(rule).With(s => s with { NodeSelector = Make.Map(("disk", "ssd")) }));
        placement.Node.ShouldBe(refused is null ? "a" : null);
    }

    [Fact]
    public void A_tainted_node_counts_for_spreading_unless_taints_are_honored()
    {
        TopologySpreadConstraint Rule(string taints) => new() { TopologyKey = Host, MaxSkew = 1, WhenUnsatisfiable = "DoNotSchedule", LabelSelector = new() { MatchLabels = Make.Map(("app", "db")) }, NodeTaintsPolicy = taints };
        var tainted = Make.Node("b") with { Spec = new() { Taints = [new() { Key = "x", Effect = "NoSchedule" }] } };
        var cluster = new Cluster().Node("a").Node(tainted).Pod(Make.Pod("x", "a").Labelled(("app", "db")));
        cluster.Try(Make.Pod("p").Labelled(("app", "db")).Spread(Rule("Ignore"))).Refusal!
            .ShouldStartWith("0/2 nodes are available: 1 node(s) didn't match pod topology spread constraints, 1 node(s) had untolerated taint(s).");
        cluster.Try(Make.Pod("p").Labelled(("app", "db")).Spread(Rule("Honor"))).Node.ShouldBe("a");
    }

    [Fact]
    public void Nodes_without_the_label_can_not_be_spread_over() =>
        new Cluster().Node("a").Try(Make.Pod("p").Spread(new TopologySpreadConstraint { TopologyKey = "zone", MaxSkew = 1, WhenUnsatisfiable = "DoNotSchedule", LabelSelector = new() })).Refusal
            .ShouldBe("0/1 nodes are available: 1 node(s) didn't match pod topology spread constraints (missing required label). preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.");

    [Fact]
    public void A_wished_spread_goes_where_fewest_are()
    {
        TopologySpreadConstraint rule = new() { TopologyKey = "zone", MaxSkew = 1, WhenUnsatisfiable = "ScheduleAnyway", LabelSelector = new() { MatchLabels = Make.Map(("app", "db")) } };
        var cluster = TwoZones();
        foreach (var i in Enumerable.Range(0, 4)) cluster.Pod(Make.Pod($"x{i}", i < 2 ? "a" : "b").Labelled(("app", "db")));
        cluster.Pod(Make.Pod("big", "c", cpu: "3"));
        cluster.Try(Make.Pod("p", cpu: "100m").Labelled(("app", "db")).Spread(rule)).Node.ShouldBe("c");
    }

    [Fact]
    public void Siblings_are_spread_over_nodes_and_zones_without_being_asked()
    {
        var siblings = LabelSelector.From(Make.Map(("app", "db")));
        var cluster = new Cluster();
        foreach (var i in Enumerable.Range(0, 6)) cluster.Node($"n{i}", labels: ("topology.kubernetes.io/zone", $"z{i / 2}"));
        var nodes = Enumerable.Range(0, 6).Select(i => cluster.Put(Make.Pod($"db-{i}", cpu: "100m").Labelled(("app", "db")), siblings)!).ToList();
        nodes.Distinct().Count().ShouldBe(6);
        nodes.Take(3).Select(n => (n[1] - '0') / 2).Distinct().Count().ShouldBe(3, "the first three are in three zones");
    }

    [Fact]
    public void A_pod_that_is_leaving_counts_for_affinity_and_not_for_spreading()
    {
        var leaving = Make.Pod("x", "a").Labelled(("app", "db")) is var l ? l with { Metadata = l.Metadata with { DeletionTimestamp = Make.Now } } : null!;
        var cluster = new Cluster().Node("a").Node("b").Pod(leaving).Pod(Make.Pod("big", "b", cpu: "3"));
        TopologySpreadConstraint rule = new() { TopologyKey = Host, MaxSkew = 1, WhenUnsatisfiable = "DoNotSchedule", LabelSelector = new() { MatchLabels = Make.Map(("app", "db")) } };
        cluster.Try(Make.Pod("p").Labelled(("app", "db")).Spread(rule)).Node.ShouldBe("a");
        cluster.Try(Make.Pod("p").Labelled(("app", "db")).Affine(Change.Apart(Change.Term(Host, ("app", "db"))))).Node.ShouldBe("b");
    }
}
