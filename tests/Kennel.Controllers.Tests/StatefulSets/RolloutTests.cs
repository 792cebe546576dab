using Kennel.Controllers.StatefulSets;
using Kennel.Controllers.Tests.Model;
using Kennel.Objects;

namespace Kennel.Controllers.Tests.StatefulSets;

public sealed class RolloutTests
{
    [Fact, Trait("Behaviour", "SS-322")]
    public void A_template_change_replaces_one_pod_at_a_time_from_the_highest_down()
    {
        var w = new SetWorld(Sets.Web(3));
        w.Run();
        var first = w.Status.CurrentRevision;
        w.Image("two");
        w.Settle().ShouldBe("delete pod web-2");
        w.Status.CurrentRevision.ShouldBe(first);
        w.Status.UpdateRevision.ShouldNotBe(first);
        w.Run().ShouldBe("create pod web-2\ndelete pod web-1\ncreate pod web-1\ndelete pod web-0\ncreate pod web-0");
        w.Status.CurrentRevision.ShouldBe(w.Status.UpdateRevision);
        (w.Status.CurrentReplicas, w.Status.UpdatedReplicas).ShouldBe((3, 3));
    }

    [Fact, Trait("Behaviour", "SS-318")]
    public void Below_the_partition_a_lost_pod_comes_back_as_it_was()
    {
        var w = new SetWorld(Sets.Web(3));
        w.Run();
        w.Change(s => s with { Template = Sets.Template("two"), UpdateStrategy = s.UpdateStrategy! with { RollingUpdate = new() { Partition = 2 } } });
        w.Run().ShouldBe("delete pod web-2\ncreate pod web-2");
        w.World.DeletePod("web-0");
        w.World.Stop("web-0");
        w.Run().ShouldBe("create pod web-0");
        w.World.Pods.Select(p => p.Spec!.Containers[0].Image).ShouldBe(["one", "one", "two"]);
        (w.Status.CurrentReplicas, w.Status.UpdatedReplicas).ShouldBe((2, 1));
    }

    [Fact, Trait("Behaviour", "SS-321")]
    public void The_partition_counts_from_the_start_ordinal()
    {
        var w = new SetWorld(Sets.Web(3).With(s => s with { Ordinals = new() { Start = 5 } }));
        w.Run();
        w.Change(s => s with { Template = Sets.Template("two"), UpdateStrategy = s.UpdateStrategy! with { RollingUpdate = new() { Partition = 1 } } });
        w.Run().ShouldBe("delete pod web-7\ncreate pod web-7\ndelete pod web-6\ncreate pod web-6");
    }

    [Fact, Trait("Behaviour", "SS-323")]
    public void A_partition_beyond_the_replicas_updates_nothing()
    {
        var w = new SetWorld(Sets.Web(2));
        w.Run();
        w.Change(s => s with { Template = Sets.Template("two"), UpdateStrategy = s.UpdateStrategy! with { RollingUpdate = new() { Partition = 9 } } });
        w.Run().ShouldBe("");
        w.Status.UpdateRevision.ShouldNotBe(w.Status.CurrentRevision);
    }

    [Fact, Trait("Behaviour", "SS-310")]
    public void Going_back_uses_the_old_revision_again_and_makes_it_the_newest()
    {
        var w = new SetWorld(Sets.Web(1));
        w.Run();
        var first = w.Status.CurrentRevision;
        w.Image("two");
        w.Run();
        var second = w.Status.CurrentRevision;
        w.Image("one");
        w.Run();
        w.Status.UpdateRevision.ShouldBe(first);
        w.Revisions.ShouldBe([$"{second} 2", $"{first} 3"]);
    }

    [Fact, Trait("Behaviour", "SS-335"), Trait("Behaviour", "SS-336")]
    public void OnDelete_replaces_only_what_is_deleted_by_hand()
    {
        var w = new SetWorld(Sets.Web(2).With(s => s with { UpdateStrategy = new() { Type = "OnDelete" } }));
        w.Run();
        var first = w.Status.CurrentRevision;
        w.Image("two");
        w.Run().ShouldBe("");
        w.World.DeletePod("web-0");
        w.Run().ShouldBe("create pod web-0");
        w.World.Pod("web-0")!.Spec!.Containers[0].Image.ShouldBe("two");
        (w.Status.CurrentRevision, w.Status.CurrentReplicas, w.Status.UpdatedReplicas).ShouldBe((first, 1, 1));
        w.World.DeletePod("web-1");
        w.Run();
        w.Status.CurrentRevision.ShouldBe(w.Status.UpdateRevision, "as of 1.37 the end of it is seen");
        (w.Status.CurrentReplicas, w.Status.UpdatedReplicas).ShouldBe((2, 2));
    }

    [Fact, Trait("Behaviour", "SS-314")]
    public void Without_rollingUpdate_a_lost_pod_comes_back_current_until_the_rollout_has_passed_it()
    {
        var w = new SetWorld(Sets.Web(3).With(s => s with { UpdateStrategy = new() { Type = "RollingUpdate" } }));
        w.Run();
        w.Image("two");
        w.Settle().ShouldBe("delete pod web-2");
        w.World.DeletePod("web-0");
        w.World.Stop("web-0");
        w.Settle().ShouldBe("create pod web-0");
        w.World.Pod("web-0")!.Spec!.Containers[0].Image.ShouldBe("one");
        w.Run();
        w.World.Pods.ShouldAllBe(p => p.Spec!.Containers[0].Image == "two");
    }

    [Fact, Trait("Behaviour", "SS-345")]
    public void History_is_kept_up_to_the_limit_and_never_cut_where_it_lives()
    {
        var w = new SetWorld(Sets.Web(1).With(s => s with { RevisionHistoryLimit = 2 }));
        for (var i = 0; i < 6; i++)
        {
            w.Image($"image-{i}");
            w.Run();
        }
        w.Revisions.Count().ShouldBe(3);
        w.Revisions.Last().ShouldBe($"{w.Status.UpdateRevision} 6");
    }

    [Fact, Trait("Behaviour", "SS-329")]
    public void With_maxUnavailable_a_batch_goes_at_once()
    {
        var w = new SetWorld(Sets.Web(5).With(s => s with { UpdateStrategy = new() { Type = "RollingUpdate", RollingUpdate = new() { Partition = 0, MaxUnavailable = 2 } } }));
        w.Run();
        w.Image("two");
        w.Settle().ShouldBe("delete pod web-4\ndelete pod web-3");
        w.World.Stop("web-4");
        w.World.Stop("web-3");
        w.Run().ShouldStartWith("create pod web-3\ncreate pod web-4\ndelete pod web-2\ndelete pod web-1");
        w.Status.UpdatedReplicas.ShouldBe(5);
    }

    [Theory, Trait("Behaviour", "SS-327")]
    [InlineData("10%", 25, 2)]
    [InlineData("10%", 5, 1)]
    [InlineData("100%", 7, 7)]
    public void A_percentage_rounds_down_to_one_at_least(string percent, int replicas, int limit) =>
        LimitOf(percent, replicas).ShouldBe(limit);

    static int LimitOf(IntOrString limit, int replicas)
    {
        var w = new SetWorld(Sets.Web(replicas, parallel: true).With(s => s with { UpdateStrategy = new() { Type = "RollingUpdate", RollingUpdate = new() { Partition = 0, MaxUnavailable = limit } } }));
        w.Run();
        w.Image("two");
        return w.Settle().Split('\n').Length;
    }
}
