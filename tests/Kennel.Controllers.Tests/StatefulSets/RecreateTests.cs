using Kennel.Controllers.Tests.Model;
using Kennel.Objects.Apps;

namespace Kennel.Controllers.Tests.StatefulSets;

[Trait("Behaviour", "SS-359")]
public sealed class RecreateTests
{
    static SetWorld World(bool parallel = false, bool claims = false)
    {
        var w = new SetWorld(Sets.Web(3, parallel, claims).With(s => s with { UpdateStrategy = new() { Type = "Recreate" } }));
        w.Run();
        return w;
    }

    static string? Reason(SetWorld w) => w.Status.Conditions.SingleOrDefault(c => c.Type == "Progressing" && c.Status == "True")?.Reason;

    [Theory]
    [InlineData(false, "create pod web-0")]
    [InlineData(true, "create pod web-0\ncreate pod web-1\ncreate pod web-2")]
    public void All_old_pods_go_at_once_and_new_ones_come_when_none_is_left(bool parallel, string first)
    {
        var w = World(parallel);
        Reason(w).ShouldBe("RecreateComplete");
        w.Image("two");
        w.Settle().ShouldBe("delete pod web-2\ndelete pod web-1\ndelete pod web-0");
        Reason(w).ShouldBe("RecreateInProgress");
        w.World.Stop("web-0");
        w.World.Stop("web-2");
        w.Settle().ShouldBe("");
        w.World.WaitingFor.ShouldBe("web-1 to go away: it is terminating");
        w.World.Stop("web-1");
        w.Settle().ShouldBe(first);
        Reason(w).ShouldBe(parallel ? "RecreateComplete" : "RecreateInProgress");
        w.Run();
        Reason(w).ShouldBe("RecreateComplete");
        w.Status.CurrentRevision.ShouldBe(w.Status.UpdateRevision);
        w.World.Pods.ShouldAllBe(p => p.Spec!.Containers[0].Image == "two");
    }

    [Fact]
    public void Pods_that_never_became_ready_are_no_trap()
    {
        var w = World();
        w.Image("broken");
        w.Settle();
        foreach (var name in new[] { "web-0", "web-1", "web-2" }) w.World.Stop(name);
        w.Settle().ShouldBe("create pod web-0");
        w.World.Run("web-0", ready: false);
        w.Image("one");
        w.Settle().ShouldBe("delete pod web-0");
        w.World.Stop("web-0");
        w.Run().ShouldBe("create pod web-0\ncreate pod web-1\ncreate pod web-2");
    }

    [Fact]
    public void Pods_out_of_range_go_with_the_others_and_claims_stay()
    {
        var w = World(claims: true);
        w.Change(s => s with { Replicas = 1, Template = Sets.Template("two") });
        w.Settle().ShouldBe("delete pod web-2\ndelete pod web-1\ndelete pod web-0");
        w.Run().ShouldBe("create pod web-0");
        w.Claims.ShouldBe(["data-web-0", "data-web-1", "data-web-2"]);
    }

    [Fact]
    public void The_strategy_alone_starts_nothing_and_other_strategies_have_no_condition()
    {
        var w = new SetWorld(Sets.Web(2));
        w.Run();
        w.Status.Conditions.ShouldBeEmpty();
        w.Change(s => s with { UpdateStrategy = new() { Type = "Recreate" } });
        w.Settle().ShouldBe("");
        Reason(w).ShouldBe("RecreateComplete");
    }

    [Fact]
    public void The_time_of_the_condition_stays_while_its_status_does()
    {
        var w = World();
        var since = w.Status.Conditions.Single().LastTransitionTime;
        w.World.Now = w.World.Now.AddMinutes(1);
        w.Image("two");
        w.Run();
        w.Status.Conditions.Single().ShouldSatisfyAllConditions(c => c.LastTransitionTime.ShouldBe(since), c => c.Reason.ShouldBe("RecreateComplete"));
    }
}
