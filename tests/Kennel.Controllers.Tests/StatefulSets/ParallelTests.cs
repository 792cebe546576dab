using Kennel.Controllers.Tests.Model;

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

    [Fact, Trait("Behaviour", "SS-356")]
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

    [Fact, Trait("Behaviour", "SS-222")]
    public void A_refused_pod_ends_the_round_and_what_exists_is_still_counted()
    {
        var w = new SetWorld(Sets.Web(4, parallel: true));
        w.World.Refuse = s => s is Kennel.Client.Running.Step.Create { Object.Metadata.Name: "web-2" } ? "exceeded quota" : null;
        w.Round();
        w.Round();
        w.Status.Replicas.ShouldBe(2);
        w.World.Events.ShouldContain(e => e.Reason == "FailedCreate" && e.Warning && e.Message == "Create Pod web-2 in StatefulSet web failed error: exceeded quota");
        w.World.Events.ShouldContain(e => e.Reason == "SuccessfulCreate" && e.Message == "Create Pod web-0 in StatefulSet web successful");
    }
}
