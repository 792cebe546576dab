using Kennel.Controllers.Tests.Model;
using Kennel.Objects.Apps;

namespace Kennel.Controllers.Tests.StatefulSets;

public sealed class ParallelTests
{
    [Fact, Trait("Behaviour", "SS-223")]
    public void All_pods_come_and_go_at_once_whatever_their_health()
    {
        var w = new SetWorld(Sets.Web(3, parallel: true));
        w.Settle().ShouldBe("create pod web-0\ncreate pod web-1\ncreate pod web-2");
        foreach (var name in new[] { "web-0", "web-1", "web-2" }) w.World.Run(name, ready: false);
        w.Scale(4);
        w.Settle().ShouldBe("create pod web-3");
        w.Scale(1);
        w.Settle().ShouldBe("delete pod web-3\ndelete pod web-2\ndelete pod web-1");
    }

    [Fact, Trait("Behaviour", "SS-224")]
    public void A_terminating_pod_is_passed_over_and_never_replaced_early()
    {
        var w = new SetWorld(Sets.Web(2, parallel: true));
        w.Run();
        w.World.DeletePod("web-0");
        w.Scale(3);
        w.Settle().ShouldBe("create pod web-2");
        w.World.Stop("web-0");
        w.Settle().ShouldBe("create pod web-0");
    }

    static StatefulSet AtMostOneDown(int replicas) =>
        Sets.Web(replicas, parallel: true).With(s => s with { UpdateStrategy = new() { Type = "RollingUpdate", RollingUpdate = new() { Partition = 0, MaxUnavailable = 1 } } });

    [Fact, Trait("Behaviour", "SS-331"), Trait("Behaviour", "SS-328")]
    public void With_maxUnavailable_broken_pods_of_another_revision_go_at_once_and_cost_no_budget()
    {
        var w = new SetWorld(AtMostOneDown(3));
        w.Run();
        w.World.Run("web-0", ready: false);
        w.World.Run("web-1", ready: false);
        w.Image("two");
        w.Settle().ShouldBe("delete pod web-1\ndelete pod web-0");
        w.World.Stop("web-0");
        w.World.Stop("web-1");
        w.Settle().ShouldBe("create pod web-0\ncreate pod web-1");
        w.World.Run("web-0");
        w.Settle().ShouldBe("", "web-1 is down still, and that is all that may be");
        w.World.Run("web-1");
        w.Settle().ShouldBe("delete pod web-2");
    }

    [Fact, Trait("Behaviour", "SS-331")]
    public void With_maxUnavailable_a_broken_first_revision_can_be_left_behind()
    {
        var w = new SetWorld(AtMostOneDown(2));
        w.Settle();
        w.World.Run("web-0", ready: false);
        w.World.Run("web-1", ready: false);
        w.Image("two");
        w.Run().ShouldBe("delete pod web-1\ndelete pod web-0\ncreate pod web-0\ncreate pod web-1");
    }

    [Fact, Trait("Behaviour", "SS-330")]
    public void With_maxUnavailable_a_finished_pod_frees_its_place_at_once()
    {
        var w = new SetWorld(AtMostOneDown(4).With(s => s with { UpdateStrategy = new() { Type = "RollingUpdate", RollingUpdate = new() { Partition = 0, MaxUnavailable = 2 } } }));
        w.Run();
        w.Image("two");
        w.Settle().ShouldBe("delete pod web-3\ndelete pod web-2");
        w.World.Stop("web-3");
        w.Settle().ShouldBe("create pod web-3");
        w.World.Run("web-3");
        w.Settle().ShouldBe("delete pod web-1", "web-2 isn't even gone");
    }

    [Fact, Trait("Behaviour", "SS-356"), Trait("Behaviour", "SS-225")]
    public void A_broken_old_pod_does_not_keep_the_rollout_from_it()
    {
        var w = new SetWorld(Sets.Web(2, parallel: true));
        w.Settle();
        w.World.Run("web-0", ready: false);
        w.World.Run("web-1", ready: false);
        w.Image("two");
        w.Settle().ShouldBe("delete pod web-1");
        w.World.Stop("web-1");
        w.Settle().ShouldBe("create pod web-1");
        w.World.Run("web-1");
        w.Settle().ShouldBe("delete pod web-0");
    }

    [Fact, Trait("Behaviour", "SS-356")]
    public void An_unavailable_pod_of_the_new_revision_keeps_healthy_old_ones_from_being_updated()
    {
        var w = new SetWorld(Sets.Web(3, parallel: true));
        w.Run();
        w.Image("two");
        w.Settle().ShouldBe("delete pod web-2");
        w.World.Stop("web-2");
        w.Settle().ShouldBe("create pod web-2");
        w.World.Run("web-2", ready: false);
        w.Settle().ShouldBe("");
        w.World.WaitingFor!.ShouldStartWith("web-2 to become Ready");
    }

    [Fact, Trait("Behaviour", "SS-222"), Trait("Behaviour", "SS-228"), Trait("Behaviour", "SS-711"), Trait("Behaviour", "SS-714"), Trait("Behaviour", "SS-713")]
    public void A_refused_pod_keeps_no_other_from_being_made_and_what_exists_is_still_counted()
    {
        var w = new SetWorld(Sets.Web(4, parallel: true));
        w.World.Refuse = s => s is Kennel.Client.Running.Step.Create { Object.Metadata.Name: "web-1" } ? "exceeded quota" : null;
        w.Round();
        w.World.Pods.Select(p => p.Metadata.Name).ShouldBe(["web-0", "web-2", "web-3"]);
        w.Round();
        w.Status.Replicas.ShouldBe(3);
        w.World.WaitingFor.ShouldBe("web-0 to become Ready: it has no node yet");
        w.World.Events.ShouldContain(e => e.Reason == "FailedCreate" && e.Warning && e.Message == "Create Pod web-1 in StatefulSet web failed error: exceeded quota");
        w.World.Events.ShouldContain(e => e.Reason == "SuccessfulCreate" && e.Message == "Create Pod web-0 in StatefulSet web successful");
    }
}
