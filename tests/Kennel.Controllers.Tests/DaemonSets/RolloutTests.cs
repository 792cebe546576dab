using Kennel.Controllers.Revisions;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.DaemonSets;

public sealed class RolloutTests
{
    [Theory]
    [InlineData(1, 3, 2)]
    [InlineData(2, 3, 1)]
    [InlineData(3, 3, 0)]
    [InlineData(1, 5, 4)]
    public void Old_pods_go_within_what_may_be_unavailable(int unavailable, int nodes, int least)
    {
        var w = new DaemonWorld(nodes, unavailable: unavailable);
        w.RunAll();
        w.Image("two");
        var fewest = nodes;
        w.RunAll(() => fewest = Math.Min(fewest, w.Living.Count(p => p.Status?.Phase == "Running")));
        fewest.ShouldBe(least);
        w.Living.ShouldAllBe(p => DaemonWorld.Image(p) == "two");
        (w.Status.UpdatedNumberScheduled, w.Status.NumberAvailable, w.Status.ObservedGeneration).ShouldBe((nodes, nodes, 2));
    }

    [Fact]
    public void A_share_of_the_nodes_is_rounded_up()
    {
        var w = new DaemonWorld(5, unavailable: "30%");
        w.RunAll();
        w.Image("two");
        w.Settle();
        w.World.Pods.Count(p => p.Metadata.DeletionTimestamp is not null).ShouldBe(2);
    }

    [Fact]
    public void With_a_surge_new_pods_stand_beside_the_old_until_they_serve()
    {
        var w = new DaemonWorld(3, surge: 1, unavailable: 0);
        w.RunAll();
        w.Image("two");
        w.Settle();
        w.Places.ShouldBe("a a:two b c");
        var (least, most) = (3, 0);
        w.RunAll(() =>
        {
            least = Math.Min(least, w.Living.Count(p => p.Status?.Phase == "Running"));
            most = Math.Max(most, w.Living.Count());
        });
        (least, most).ShouldBe((3, 4));
        w.Places.ShouldBe("a:two b:two c:two");
    }

    [Fact]
    public void A_new_pod_beside_an_old_one_that_does_not_serve_costs_no_surge()
    {
        var w = new DaemonWorld(3, surge: 1, unavailable: 0);
        w.RunAll();
        foreach (var pod in w.Living.Where(p => DaemonWorld.Target(p) is "b" or "c").ToList()) w.Run(pod, ready: false);
        w.Image("two");
        w.Settle();
        w.Living.Count(p => DaemonWorld.Image(p) == "two").ShouldBe(3);
        w.Places.ShouldBe("a a:two b:two c:two"); // an old one that isn't ready goes as soon as there is a new one
    }

    [Fact]
    public void A_new_pod_that_never_serves_stops_the_rollout()
    {
        var w = new DaemonWorld(3);
        w.RunAll();
        w.Image("bad");
        for (var i = 0; i < 10; i++)
        {
            w.Settle();
            foreach (var pod in w.World.Pods.ToList())
                if (pod.Metadata.DeletionTimestamp is not null) w.World.Stop(pod.Metadata.Name!);
                else if (DaemonWorld.Image(pod) == "bad" && pod.Status?.Phase == "Pending") w.Run(pod, ready: false);
        }
        w.Places.ShouldBe("a:bad b c");
        w.World.WaitingFor.ShouldNotBeNull().ShouldStartWith(w.Living.First(p => DaemonWorld.Image(p) == "bad").Metadata.Name + " on node a to become Ready");
        w.Image("one");
        w.RunAll();
        w.Places.ShouldBe("a b c");
    }

    [Fact]
    public void Under_on_delete_the_user_decides_when()
    {
        var w = new DaemonWorld(2, onDelete: true);
        w.RunAll();
        w.Image("two");
        w.RunAll();
        w.Places.ShouldBe("a b");
        w.Status.UpdatedNumberScheduled.ShouldBeNull();
        w.World.DeletePod(w.Living.First(p => DaemonWorld.Target(p) == "b").Metadata.Name!);
        w.RunAll();
        w.Places.ShouldBe("a b:two");
    }

    [Fact]
    public void Each_template_has_a_revision_and_going_back_makes_the_old_one_the_newest()
    {
        var w = new DaemonWorld(1);
        foreach (var image in (string[])["one", "two", "three", "one"])
        {
            if (image != "one" || w.Revisions.Any()) w.Image(image);
            w.RunAll();
        }
        w.Revisions.Select(r => (r.Revision, TemplatePatch.Read(r).Spec!.Containers[0].Image)).ShouldBe([(2, "two"), (3, "three"), (4, "one")]);
        w.Living.Single().Metadata.Labels["controller-revision-hash"].ShouldBe(w.Revisions.Last().Metadata.Labels["controller-revision-hash"]);
    }

    [Fact]
    public void The_oldest_revisions_go_beyond_the_limit_unless_pods_come_from_them()
    {
        var w = new DaemonWorld(2, onDelete: true);
        w.RunAll();
        w.Change(s => s with { RevisionHistoryLimit = 1 });
        foreach (var image in (string[])["two", "three", "four"])
        {
            w.Image(image);
            w.RunAll();
        }
        w.Revisions.Select(r => r.Revision).ShouldBe([1, 4]); // the pods still come from the first
        foreach (var pod in w.Living.ToList()) w.World.DeletePod(pod.Metadata.Name!);
        w.RunAll();
        w.Image("five");
        w.RunAll();
        w.Revisions.Select(r => r.Revision).ShouldBe([4, 5]);
    }

    [Fact]
    public void Pods_become_available_after_they_have_been_ready_long_enough()
    {
        var w = new DaemonWorld(1, minReadySeconds: 10);
        w.RunAll();
        (w.Status.NumberReady, w.Status.NumberAvailable, w.Status.NumberUnavailable).ShouldBe((1, null, 1));
        w.World.At.ShouldBe(w.World.Now.AddSeconds(10));
        w.World.Now = w.World.Now.AddSeconds(10);
        w.Settle();
        (w.Status.NumberAvailable, w.Status.NumberUnavailable).ShouldBe((1, null));
    }

    [Fact]
    public void Whatever_happens_a_surge_never_leaves_a_node_without_a_serving_pod()
    {
        for (var seed = 1; seed <= 40; seed++)
        {
            var random = new Random(seed);
            var w = new DaemonWorld(4, surge: 1 + random.Next(2), unavailable: 0);
            w.RunAll();
            for (var i = 0; i < 60; i++)
            {
                if (random.Next(15) == 0) w.Image($"i{random.Next(3)}");
                w.Round();
                var pods = w.World.Pods.ToList();
                var pod = pods[random.Next(pods.Count)];
                if (pod.Metadata.DeletionTimestamp is not null) w.World.Stop(pod.Metadata.Name!);
                else if (pod.Status?.Phase == "Pending") w.Run(pod);
                w.Living.Where(p => p.Status?.Phase == "Running").Select(DaemonWorld.Target).Distinct().Count().ShouldBe(4, $"seed {seed}");
            }
            w.RunAll();
            w.Living.Select(DaemonWorld.Image).Distinct().ShouldHaveSingleItem($"seed {seed}");
            w.Living.Count().ShouldBe(4, $"seed {seed}");
        }
    }
}
