using Kennel.Controllers.Tests.Model;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.StatefulSets;

public sealed class ScalingTests
{
    [Fact, Trait("Behaviour", "SS-409"), Trait("Behaviour", "SS-1309")]
    public void Parallel_takes_all_condemned_pods_at_once_healthy_or_not_and_passes_those_that_go()
    {
        var w = new SetWorld(Sets.Web(4, parallel: true));
        w.Run();
        w.World.Run("web-1", ready: false);
        w.World.DeletePod("web-2");
        w.Scale(0);
        w.Settle().ShouldBe("delete pod web-3\ndelete pod web-1\ndelete pod web-0");
    }

    [Fact, Trait("Behaviour", "SS-407"), Trait("Behaviour", "SS-1308")]
    public void While_scaling_down_there_are_more_replicas_than_wanted()
    {
        var w = new SetWorld(Sets.Web(3));
        w.Run();
        w.Scale(1);
        w.Settle();
        (w.Status.Replicas, w.Set.Spec!.Replicas).ShouldBe((3, 1));
    }

    [Fact, Trait("Behaviour", "SS-410"), Trait("Behaviour", "SS-506"), Trait("Behaviour", "SS-502")]
    public void Down_and_up_again_waits_for_the_old_pod_and_uses_its_claim()
    {
        var w = new SetWorld(Sets.Web(2, claims: true));
        w.Run();
        var claims = w.World.Caches.Of<PersistentVolumeClaim>().All().Select(c => c.Metadata.Uid).ToList();
        w.Scale(1);
        w.Settle();
        w.Scale(2);
        w.Settle().ShouldBe("", "the old pod is still there");
        w.World.Stop("web-1");
        w.Settle().ShouldBe("create pod web-1");
        w.World.Caches.Of<PersistentVolumeClaim>().All().Select(c => c.Metadata.Uid).ShouldBe(claims);
    }

    [Fact, Trait("Behaviour", "SS-412")]
    public void New_ordinals_during_a_rollout_come_up_updated()
    {
        var w = new SetWorld(Sets.Web(2));
        w.Run();
        w.Change(s => s with { Replicas = 3, Template = Sets.Template("two") });
        w.Settle().ShouldBe("create pod web-2");
        w.World.Pod("web-2")!.Spec!.Containers[0].Image.ShouldBe("two");
    }

    [Theory, Trait("Behaviour", "SS-413"), Trait("Behaviour", "SS-1326")]
    [InlineData(0, 3, 2, 3, "web-2,web-3,web-4")]
    [InlineData(2, 3, 4, 3, "web-4,web-5,web-6")]
    [InlineData(3, 2, 2, 2, "web-2,web-3")]
    [InlineData(3, 2, null, 2, "web-0,web-1")]
    public void Another_start_ends_with_the_wanted_names(int? before, int replicas, int? start, int after, string names)
    {
        var w = new SetWorld(Sets.Web(replicas).With(s => s with { Ordinals = new() { Start = before } }));
        w.Run();
        w.Change(s => s with { Ordinals = start is null ? null : new() { Start = start }, Replicas = after });
        w.Run();
        string.Join(",", w.World.Pods.Select(p => p.Metadata.Name)).ShouldBe(names);
        (w.Status.Replicas, w.Status.ReadyReplicas).ShouldBe((after, after));
    }

    [Theory, Trait("Behaviour", "SS-1338")]
    [InlineData(3, 30)]
    [InlineData(10, 1)]
    [InlineData(5, 0)]
    public void A_burst_goes_in_one_round(int from, int to)
    {
        var w = new SetWorld(Sets.Web(from, parallel: true));
        w.Run();
        w.Scale(to);
        w.Round();
        w.World.Pods.Count(p => p.Metadata.DeletionTimestamp is null).ShouldBe(to);
    }

    [Theory, Trait("Behaviour", "SS-358"), Trait("Behaviour", "SS-354"), Trait("Behaviour", "SS-353")]
    [InlineData("OnDelete", false)]
    [InlineData("partition", false)]
    [InlineData("scale", true)]
    [InlineData("fails", true)]
    [InlineData("ready", true)]
    public void What_frees_a_stuck_rollout_and_what_does_not(string what, bool frees)
    {
        var w = new SetWorld(Sets.Web(3));
        w.Run();
        w.Image("broken");
        w.Settle();
        w.World.Stop("web-2");
        w.Settle();
        w.World.Run("web-2", ready: false);
        w.Image("two");
        w.Settle().ShouldBe("");
        switch (what)
        {
            case "OnDelete": w.Change(s => s with { UpdateStrategy = new() { Type = "OnDelete" } }); break;
            case "partition": w.Change(s => s with { UpdateStrategy = new() { Type = "RollingUpdate", RollingUpdate = new() { Partition = 2 } } }); break;
            case "scale": w.Scale(2); break;
            case "fails": w.World.Fail("web-2"); break;
            default: w.World.Run("web-2"); break;
        }
        (w.Settle() == "delete pod web-2").ShouldBe(frees);
    }

    [Fact, Trait("Behaviour", "SS-355")]
    public void A_first_revision_that_never_becomes_ready_is_the_same_trap()
    {
        var w = new SetWorld(Sets.Web(2));
        w.Settle();
        w.World.Run("web-0", ready: false);
        w.Image("two");
        w.Settle().ShouldBe("");
        w.World.DeletePod("web-0");
        w.World.Stop("web-0");
        w.Run().ShouldBe("create pod web-0\ncreate pod web-1");
    }

    [Fact, Trait("Behaviour", "SS-354")]
    public void Below_the_partition_a_stuck_pod_comes_back_at_the_current_revision()
    {
        var w = new SetWorld(Sets.Web(2));
        w.Run();
        w.Image("broken");
        w.Settle();
        w.World.Stop("web-1");
        w.Settle();
        w.World.Run("web-1", ready: false);
        w.Change(s => s with { Template = Sets.Template("two"), UpdateStrategy = new() { Type = "RollingUpdate", RollingUpdate = new() { Partition = 2 } } });
        w.World.DeletePod("web-1");
        w.World.Stop("web-1");
        w.Settle().ShouldBe("create pod web-1");
        w.World.Pod("web-1")!.Spec!.Containers[0].Image.ShouldBe("one");
    }

    [Fact, Trait("Behaviour", "SS-357")]
    public void A_pod_that_is_ready_for_a_moment_between_two_crashes_opens_the_trap()
    {
        var w = new SetWorld(Sets.Web(1));
        w.Run();
        w.Image("crashes");
        w.Settle();
        w.World.Stop("web-0");
        w.Settle();
        w.World.Run("web-0", ready: false);
        w.Image("two");
        w.Settle().ShouldBe("");
        w.World.Run("web-0");
        w.Settle().ShouldBe("delete pod web-0");
    }
}
