using Kennel.Client;
using Kennel.Objects;
using Kennel.Objects.Apps;

namespace Kennel.Controllers.Tests.Deployments;

public sealed class NewestTests
{
    static string Mark(ReplicaSet set, string name) => set.Metadata.Annotations["deployment.kubernetes.io/" + name];

    [Fact]
    public void The_newest_set_carries_the_deployments_annotations_and_the_sizes_that_are_meant()
    {
        var w = new DeploymentWorld(4, "25%", "25%");
        w.World.Put(w.Deployment with { Metadata = w.Deployment.Metadata with { Annotations = Make.Map(("kubernetes.io/change-cause", "first"), ("kubectl.kubernetes.io/last-applied-configuration", "{}")) } });
        w.Run();
        var set = w.ReplicaSets.ShouldHaveSingleItem();
        set.Metadata.Annotations.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}={a.Value}").ShouldBe(
        [
            "deployment.kubernetes.io/desired-replicas=4", "deployment.kubernetes.io/max-replicas=5", "deployment.kubernetes.io/revision=1", "kubernetes.io/change-cause=first",
        ]);
        w.World.Put(w.Deployment with { Metadata = w.Deployment.Metadata with { Annotations = Make.Map(("kubernetes.io/change-cause", "second"), ("deployment.kubernetes.io/revision", "1")) } });
        w.Run();
        w.ReplicaSets.Single().Metadata.Annotations["kubernetes.io/change-cause"].ShouldBe("second");
    }

    [Fact]
    public void The_readiness_time_follows_without_a_new_set()
    {
        var w = new DeploymentWorld(2, 1, 0);
        w.Run();
        w.Change(s => s with { MinReadySeconds = 5 });
        w.Settle();
        w.ReplicaSets.ShouldHaveSingleItem().Spec!.MinReadySeconds.ShouldBe(5);
    }

    [Fact]
    public void A_template_that_comes_back_takes_its_old_set_with_the_next_revision()
    {
        var w = new DeploymentWorld(1, 1, 0);
        w.Run();
        w.Image("two");
        w.Run();
        w.Image("one");
        w.Run();
        w.Image("two");
        w.Run();
        w.ReplicaSets.Select(s => (Mark(s, "revision"), Mark(s, "revision-history"))).ShouldBe([("3", "1"), ("4", "2")]);
        w.Deployment.Metadata.Annotations["deployment.kubernetes.io/revision"].ShouldBe("4");
    }

    [Fact]
    public void The_history_of_revisions_loses_its_oldest_when_it_grows_too_long()
    {
        var w = new DeploymentWorld(1, 1, 0);
        w.Run();
        w.Image("two");
        w.Run();
        var old = w.ReplicaSets.First();
        var history = string.Join(",", Enumerable.Range(1000, 400));
        w.World.Put(old with { Metadata = old.Metadata with { Annotations = Make.Map([.. old.Metadata.Annotations.Select(a => (a.Key, a.Value)), ("deployment.kubernetes.io/revision-history", history)]) } });
        w.Image("one");
        w.Run();
        var kept = Mark(w.ReplicaSets.Last(), "revision-history");
        kept.Length.ShouldBeLessThanOrEqualTo(2000);
        kept.ShouldStartWith("1001,");
        kept.ShouldEndWith(",1399,1");
    }

    [Fact]
    public void A_name_that_is_taken_counts_as_a_collision_and_gets_another_hash()
    {
        var w = new DeploymentWorld(1, 1, 0);
        w.Run();
        var taken = w.ReplicaSets.Single();
        w.World.Remove(taken);
        w.World.Put(taken with { Metadata = taken.Metadata with { OwnerReferences = [], Labels = Make.Map(("app", "stranger")) } });
        w.Run();
        w.Deployment.Status!.CollisionCount.ShouldBe(1);
        var made = w.World.Caches.Of<ReplicaSet>().ControlledBy(w.Deployment.Metadata.Uid!).ShouldHaveSingleItem();
        made.Metadata.Name.ShouldNotBe(taken.Metadata.Name);
    }

    [Fact]
    public void A_long_name_is_cut_so_that_the_hash_has_room()
    {
        var w = new DeploymentWorld(0, 1, 0);
        var name = new string('a', 250);
        var deployment = w.Deployment with { Metadata = new() { Name = name, Namespace = "default" } };
        w.World.Put(deployment);
        w.World.Settle(new Controllers.Deployments.DeploymentController(w.World.Caches), new("default", name));
        var made = w.World.Caches.Of<ReplicaSet>().All().ShouldHaveSingleItem().Metadata;
        made.Name.ShouldBe($"{new string('a', 253 - 1 - made.Labels["pod-template-hash"].Length)}-{made.Labels["pod-template-hash"]}");
    }

    [Fact]
    public void A_set_without_a_controller_that_matches_is_adopted_and_one_that_matches_no_more_is_released()
    {
        var w = new DeploymentWorld(1, 1, 0);
        w.Run();
        var mine = w.ReplicaSets.Single();
        w.World.Put(mine with { Metadata = mine.Metadata with { OwnerReferences = [] } });
        w.Run();
        w.ReplicaSets.Single().Metadata.ControllerUid().ShouldBe(w.Deployment.Metadata.Uid);
        w.World.Put(w.ReplicaSets.Single() with { Metadata = w.ReplicaSets.Single().Metadata with { Labels = Make.Map(("app", "other")) } });
        w.Round();
        w.World.Caches.Of<ReplicaSet>().Get(ObjectKey.Of(mine))!.Metadata.OwnerReferences.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(10, "25%", "25%", 13, 8)]
    [InlineData(3, "25%", "25%", 4, 3)]
    [InlineData(1, "25%", "25%", 2, 1)]
    [InlineData(5, "0%", "0%", 5, 4)]
    [InlineData(10, "100%", "30%", 20, 7)]
    [InlineData(3, 2, 5, 5, 0)]
    public void Surge_is_rounded_up_and_unavailability_down(int replicas, object surge, object unavailable, int most, int least)
    {
        static IntOrString Read(object o) => o is int number ? number : (string)o;
        var w = new DeploymentWorld(replicas, Read(surge), Read(unavailable));
        w.Run();
        w.ReplicaSets.Single().Metadata.Annotations["deployment.kubernetes.io/max-replicas"].ShouldBe($"{most}");
        foreach (var pod in w.World.Pods.Take(replicas - least).ToList()) w.World.Run(pod.Metadata.Name!, ready: false);
        w.Settle();
        w.Reason("Available").ShouldBe("MinimumReplicasAvailable");
        if (least == 0) return;
        w.World.Run(w.World.Pods.Last().Metadata.Name!, ready: false);
        w.Settle();
        w.Reason("Available").ShouldBe("MinimumReplicasUnavailable");
    }
}
