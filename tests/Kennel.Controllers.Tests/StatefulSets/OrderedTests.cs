using Kennel.Controllers.Tests.Model;

namespace Kennel.Controllers.Tests.StatefulSets;

public sealed class OrderedTests
{
    [Fact, Trait("Behaviour", "SS-214")]
    public void Pods_come_one_by_one_each_when_those_before_it_are_ready()
    {
        var w = new SetWorld(Sets.Web(claims: true));
        w.Settle().ShouldBe("create claim data-web-0\ncreate pod web-0");
        w.World.WaitingFor.ShouldBe("web-0 to become Ready: it has no node yet");
        w.World.Run("web-0", ready: false);
        w.Settle().ShouldBe("");
        w.World.Run("web-0");
        w.Settle().ShouldBe("create claim data-web-1\ncreate pod web-1");
        w.Run().ShouldBe("create claim data-web-2\ncreate pod web-2");
        w.World.WaitingFor.ShouldBeNull();
    }

    [Fact, Trait("Behaviour", "SS-215")]
    public void A_lost_low_pod_comes_back_although_a_higher_one_is_unhealthy()
    {
        var w = new SetWorld(Sets.Web(2));
        w.Run();
        w.World.Run("web-1", ready: false);
        w.World.DeletePod("web-0");
        w.World.Stop("web-0");
        w.Settle().ShouldBe("create pod web-0");
    }

    [Fact, Trait("Behaviour", "SS-217")]
    public void Scaling_down_takes_the_highest_and_waits_until_it_is_gone()
    {
        var w = new SetWorld(Sets.Web(3, claims: true));
        w.Run();
        w.Scale(1);
        w.Settle().ShouldBe("delete pod web-2");
        w.World.WaitingFor.ShouldBe("web-2 to go away: it is terminating");
        w.World.Stop("web-2");
        w.Settle().ShouldBe("delete pod web-1");
        w.Claims.ShouldBe(["data-web-0", "data-web-1", "data-web-2"]);
    }

    [Fact, Trait("Behaviour", "SS-219")]
    public void With_all_pods_unready_scaling_to_zero_deletes_nothing_until_they_are_ready()
    {
        var w = new SetWorld(Sets.Web(3));
        w.Run();
        foreach (var name in new[] { "web-0", "web-1", "web-2" }) w.World.Run(name, ready: false);
        w.Scale(0);
        w.Settle().ShouldBe("");
        w.World.WaitingFor!.ShouldStartWith("web-0 to become Ready before web-2 can be taken away");
        foreach (var name in new[] { "web-0", "web-1", "web-2" }) w.World.Run(name);
        w.Run().ShouldBe("delete pod web-2\ndelete pod web-1\ndelete pod web-0");
        w.Status.CurrentRevision.ShouldNotBeNull();
        (w.Status.Replicas, w.Status.ReadyReplicas, w.Status.AvailableReplicas).ShouldBe((0, null, 0));
    }

    [Fact, Trait("Behaviour", "SS-220")]
    public void With_only_the_highest_condemned_pod_unready_it_is_deleted()
    {
        var w = new SetWorld(Sets.Web(3));
        w.Run();
        w.World.Run("web-2", ready: false);
        w.Scale(1);
        w.Settle().ShouldBe("delete pod web-2");
    }

    [Theory, Trait("Behaviour", "SS-206")]
    [InlineData("Failed")]
    [InlineData("Succeeded")]
    public void A_finished_pod_is_deleted_and_made_anew_only_when_it_is_gone(string phase)
    {
        var w = new SetWorld(Sets.Web(2));
        w.Run();
        w.World.Fail("web-0", phase);
        w.Settle().ShouldBe("delete pod web-0");
        w.World.Stop("web-0");
        w.Settle().ShouldBe("create pod web-0");
    }

    [Fact, Trait("Behaviour", "SS-210")]
    public void A_terminating_pod_blocks_and_is_never_replaced_before_it_is_gone()
    {
        var w = new SetWorld(Sets.Web(3));
        w.Run();
        w.World.DeletePod("web-1");
        w.Scale(4);
        w.Settle().ShouldBe("");
        w.World.Stop("web-1");
        w.Settle().ShouldBe("create pod web-1");
    }

    [Fact, Trait("Behaviour", "SS-211")]
    public void With_minReadySeconds_the_next_pod_waits_for_the_last_moment_of_it()
    {
        var w = new SetWorld(Sets.Web(2).With(s => s with { MinReadySeconds = 10 }));
        w.Settle();
        w.World.Run("web-0");
        w.Settle().ShouldBe("");
        w.World.WaitingFor.ShouldBe("web-0 to be Ready for 10s");
        w.World.At.ShouldBe(w.World.Now.AddSeconds(10));
        w.World.Now = w.World.Now.AddSeconds(10);
        w.Settle().ShouldBe("create pod web-1");
    }

    [Fact, Trait("Behaviour", "SS-353")]
    public void A_stuck_rollout_stays_stuck_until_the_broken_pod_is_deleted_by_hand()
    {
        var w = new SetWorld(Sets.Web(3));
        w.Run();
        w.Image("broken");
        w.Settle().ShouldBe("delete pod web-2");
        w.World.Stop("web-2");
        w.Settle().ShouldBe("create pod web-2");
        w.World.Run("web-2", ready: false);
        w.Image("one");
        w.Settle().ShouldBe("");
        w.World.DeletePod("web-2");
        w.World.Stop("web-2");
        w.Run().ShouldBe("create pod web-2");
        w.Status.CurrentRevision.ShouldBe(w.Status.UpdateRevision);
    }

    [Fact, Trait("Behaviour", "SS-122")]
    public void Another_start_makes_the_new_names_first_and_then_takes_away_the_old()
    {
        var w = new SetWorld(Sets.Web(2));
        w.Run();
        w.Change(s => s with { Ordinals = new() { Start = 2 }, Replicas = 3 });
        w.Run().ShouldBe("create pod web-2\ncreate pod web-3\ncreate pod web-4\ndelete pod web-1\ndelete pod web-0");
        w.World.Pods.Select(p => p.Metadata.Name).ShouldBe(["web-2", "web-3", "web-4"]);
    }

    [Fact, Trait("Behaviour", "SS-607")]
    public void A_set_that_is_being_deleted_only_counts()
    {
        var w = new SetWorld(Sets.Web(3));
        w.Settle();
        w.World.Put(w.Set with { Metadata = w.Set.Metadata with { DeletionTimestamp = w.World.Now, Finalizers = ["foregroundDeletion"] } });
        w.World.Run("web-0");
        w.Settle().ShouldBe("");
        w.Status.ReadyReplicas.ShouldBe(1);
    }
}
