using Kennel.Controllers.Scheduling;
using Kennel.Controllers.Scheduling.Filters;
using LabelSelector = Kennel.Objects.Selectors.LabelSelector;

namespace Kennel.Controllers.Tests.Scheduling;

/// <summary>What scheduling costs, counted in looks at nodes.</summary>
public sealed class WorkTests
{
    [Theory]
    [InlineData(99, 99)]
    [InlineData(100, 100)]
    [InlineData(1000, 420)]
    [InlineData(5000, 500)]
    [InlineData(20000, 1000)]
    public void So_many_fitting_nodes_are_enough(int nodes, int enough) => Sampling.Enough(nodes).ShouldBe(enough);

    [Theory]
    [InlineData(1000, 420)]
    [InlineData(5000, 500)]
    public void A_pod_looks_at_no_more_nodes_than_are_enough_and_all_get_their_turn(int nodes, int most)
    {
        var cluster = Of(nodes);
        var siblings = LabelSelector.From(Make.Map(("app", "db")));
        var used = new HashSet<string>();
        for (var i = 0; i < 1000; i++)
        {
            var pod = Make.Pod($"db-{i}", cpu: "1").Labelled(("app", "db"));
            var placement = cluster.Try(pod, siblings);
            placement.Looks.ShouldBeLessThanOrEqualTo(most);
            cluster.Ledger.Promise(Guest.Of(pod, placement.Node!));
            used.Add(placement.Node!);
        }
        used.Count.ShouldBe(1000, "spread over nodes, never two on one");
    }

    [Fact]
    public void Full_nodes_are_looked_at_once_for_each_pod()
    {
        var cluster = Of(1000);
        var placement = cluster.Try(Make.Pod("p", cpu: "5"));
        placement.Looks.ShouldBe(1000);
        placement.Refusal.ShouldBe("0/1000 nodes are available: 1000 Insufficient cpu. preemption: 0/1000 nodes are available: 1000 Preemption is not helpful for scheduling.");
    }

    [Fact]
    public void A_change_wakes_no_more_pods_than_there_is_room_for()
    {
        var unplaced = new Unplaced();
        for (var i = 0; i < 1000; i++) unplaced.Put(Make.Pod($"p{i:000}", cpu: "1").Worth(i == 999 ? 5 : 0), Cause.Room | Cause.Node, Make.Now);
        var room = new Room { Name = "a" }.On(Make.Node("a", cpu: "3"));
        unplaced.Fitting(room, Cause.Room).Select(k => k.Name).ShouldBe(["p999", "p000", "p001"]);
        unplaced.Fitting(room, Cause.Volumes).ShouldBeEmpty();
        unplaced.Fitting(room.On(Make.Node("a", ready: false)), Cause.Node).ShouldBeEmpty("nobody tolerates a node that isn't ready");
        unplaced.With(Cause.Volumes).ShouldBeEmpty();
    }

    [Fact]
    public void A_pod_that_is_woken_in_vain_again_and_again_has_to_wait()
    {
        var unplaced = new Unplaced();
        var pod = Make.Pod("p");
        var pauses = new List<double>();
        for (var i = 0; i < 9; i++)
        {
            unplaced.Put(pod, Cause.Room, Make.Now);
            pauses.Add(((unplaced.NotBefore(new("default", "p"), Make.Now) ?? Make.Now) - Make.Now).TotalSeconds);
        }
        pauses.ShouldBe([0, 0, 0, 1, 2, 4, 8, 10, 10]);
        unplaced.Remove(new("default", "p")).ShouldBeTrue();
        unplaced.Count.ShouldBe(0);
    }

    static Cluster Of(int nodes)
    {
        var cluster = new Cluster();
        for (var i = 0; i < nodes; i++) cluster.Node($"n{i:00000}", labels: ("topology.kubernetes.io/zone", $"z{i % 3}"));
        return cluster;
    }
}
