using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.Deployments;

public sealed class DeploymentTests
{
    [Fact]
    public void A_new_deployment_makes_one_set_whose_pods_carry_the_hash()
    {
        var w = new DeploymentWorld(3, "25%", "25%");
        w.Run();
        var set = w.ReplicaSets.ShouldHaveSingleItem();
        var hash = set.Metadata.Labels["pod-template-hash"];
        set.Metadata.Name.ShouldBe($"notes-{hash}");
        w.World.Pods.ShouldAllBe(p => p.Metadata.Name!.StartsWith($"notes-{hash}-") && p.Metadata.Labels["pod-template-hash"] == hash);
        set.Spec!.Selector.MatchLabels["pod-template-hash"].ShouldBe(hash);
        w.Deployment.Metadata.Annotations["deployment.kubernetes.io/revision"].ShouldBe("1");
        (w.Deployment.Status!.Replicas, w.Deployment.Status.AvailableReplicas, w.Deployment.Status.UnavailableReplicas).ShouldBe((3, 3, null));
        w.Reason("Available").ShouldBe("MinimumReplicasAvailable");
        w.Reason("Progressing").ShouldBe("NewReplicaSetAvailable");
        w.World.WaitingFor.ShouldBeNull();
        w.World.Events.ShouldContain(e => e.Message == $"Scaled up replica set notes-{hash} from 0 to 3");
    }

    [Theory]
    [InlineData(4, 1, 1)]
    [InlineData(3, 1, 0)]
    [InlineData(3, 0, 1)]
    [InlineData(1, 0, 0)]
    [InlineData(10, 3, 2)]
    public void A_rolling_update_stays_within_its_bounds_all_the_way(int replicas, int surge, int unavailable)
    {
        var w = new DeploymentWorld(replicas, surge, unavailable);
        w.Run();
        w.Image("two");
        var least = replicas - (surge + unavailable == 0 ? 1 : unavailable);
        w.Run(() =>
        {
            w.World.Pods.Count(p => p.Metadata.DeletionTimestamp is null).ShouldBeLessThanOrEqualTo(replicas + surge);
            w.World.Pods.Count(p => p.Metadata.DeletionTimestamp is null && p.Status!.Phase == "Running").ShouldBeGreaterThanOrEqualTo(least);
        });
        w.Sizes.ShouldBe($"{replicas}");
        w.World.Pods.ShouldAllBe(p => p.Spec!.Containers[0].Image == "two");
        w.Deployment.Metadata.Annotations["deployment.kubernetes.io/revision"].ShouldBe("2");
        w.Reason("Progressing").ShouldBe("NewReplicaSetAvailable");
    }

    [Fact]
    public void A_broken_template_stops_at_the_surge_and_rolls_back_to_the_old_set()
    {
        var w = new DeploymentWorld(4, 1, 0);
        w.Run();
        w.Image("broken");
        w.Settle();
        w.Sizes.ShouldBe("4+1");
        w.World.WaitingFor.ShouldNotBeNull();
        w.Image("one");
        w.Run();
        w.Sizes.ShouldBe("4");
        w.ReplicaSets.Count().ShouldBe(2);
        w.Deployment.Metadata.Annotations["deployment.kubernetes.io/revision"].ShouldBe("3");
        w.ReplicaSets.Last().Metadata.Annotations["deployment.kubernetes.io/revision-history"].ShouldBe("1");
    }

    [Fact]
    public void Recreate_lets_all_old_pods_go_before_the_first_new_one_comes()
    {
        var w = new DeploymentWorld(2, 0, 0, recreate: true);
        w.Run();
        w.Image("two");
        w.Run(() => w.World.Pods.Select(p => p.Spec!.Containers[0].Image).Distinct().Count().ShouldBeLessThanOrEqualTo(1));
        w.World.Pods.ShouldAllBe(p => p.Spec!.Containers[0].Image == "two");
        w.World.Pods.Count().ShouldBe(2);
    }

    [Fact]
    public void Scaling_in_the_middle_of_a_rollout_is_spread_over_the_sets()
    {
        var w = new DeploymentWorld(10, 3, 2);
        w.Run();
        w.Image("broken");
        w.Settle();
        w.Sizes.ShouldBe("8+5");
        w.Change(s => s with { Replicas = 15 });
        w.Settle();
        w.Sizes.ShouldBe("11+7");
    }

    [Fact]
    public void A_paused_deployment_scales_and_rolls_nothing()
    {
        var w = new DeploymentWorld(2, 1, 0);
        w.Run();
        w.Change(s => s with { Paused = true });
        w.Image("two");
        w.Change(s => s with { Replicas = 3 });
        w.Run();
        w.Sizes.ShouldBe("3");
        w.World.Pods.ShouldAllBe(p => p.Spec!.Containers[0].Image == "one");
        w.Reason("Progressing").ShouldBe("DeploymentPaused");
        w.Change(s => s with { Paused = false });
        w.Run();
        w.World.Pods.ShouldAllBe(p => p.Spec!.Containers[0].Image == "two");
        w.Reason("Progressing").ShouldBe("NewReplicaSetAvailable");
    }

    [Fact]
    public void A_deployment_paused_in_the_middle_is_scaled_in_proportion_too()
    {
        var w = new DeploymentWorld(10, 3, 2);
        w.Run();
        w.Image("broken");
        w.Settle();
        w.Change(s => s with { Paused = true });
        w.Change(s => s with { Replicas = 5 });
        w.Settle();
        w.Sizes.ShouldBe("5+3");
        w.World.Events.Where(e => e.Reason == "ScalingReplicaSet").TakeLast(2).Select(e => e.Message.Split("replica set ")[0]).Distinct().ShouldBe(["Scaled down "]);
    }

    [Fact]
    public void A_rollout_that_stands_still_for_longer_than_its_deadline_says_so()
    {
        var w = new DeploymentWorld(1, 1, 0);
        w.Run();
        w.Image("broken");
        w.Settle();
        w.World.Now = w.World.Now.AddSeconds(601);
        w.Settle();
        w.Reason("Progressing").ShouldBe("ProgressDeadlineExceeded");
        w.Image("one");
        w.Run();
        w.Reason("Progressing").ShouldBe("NewReplicaSetAvailable");
    }

    [Fact]
    public void Old_empty_sets_beyond_the_history_limit_are_deleted()
    {
        var w = new DeploymentWorld(1, 1, 0);
        w.Change(s => s with { RevisionHistoryLimit = 2 });
        for (var i = 0; i < 6; i++)
        {
            w.Image($"image-{i}");
            w.Run();
        }
        w.ReplicaSets.Count().ShouldBe(3);
    }

    [Fact]
    public void Scaling_to_nothing_and_back_keeps_the_set()
    {
        var w = new DeploymentWorld(3, 1, 0);
        w.Run();
        w.Change(s => s with { Replicas = 0 });
        w.Run();
        w.World.Pods.ShouldBeEmpty();
        w.Change(s => s with { Replicas = 2 });
        w.Run();
        w.World.Pods.Count().ShouldBe(2);
        w.ReplicaSets.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_refused_pod_shows_as_a_failure_of_the_deployment()
    {
        var w = new DeploymentWorld(1, 1, 0);
        w.World.Refuse = s => s is Kennel.Client.Running.Step.Create { Object: Pod } ? "exceeded quota" : null;
        w.Settle();
        w.World.Events.ShouldContain(e => e.Reason == "FailedCreate" && e.Message == "Error creating: exceeded quota");
    }
}
