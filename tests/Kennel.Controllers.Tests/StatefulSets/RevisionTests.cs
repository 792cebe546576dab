using Kennel.Controllers.Tests.Model;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.StatefulSets;

public sealed class RevisionTests
{
    static IEnumerable<ControllerRevision> All(SetWorld w) => w.World.Caches.Of<ControllerRevision>().All().OrderBy(r => r.Revision);

    [Fact, Trait("Behaviour", "SS-302"), Trait("Behaviour", "SS-305"), Trait("Behaviour", "SS-313")]
    public void A_revision_carries_labels_annotations_owner_and_number()
    {
        var w = new SetWorld(Sets.Web(1));
        w.World.Put(w.Set with { Metadata = w.Set.Metadata with { Annotations = Make.Map(("kubernetes.io/change-cause", "first")) } });
        w.Run();
        w.Image("two");
        w.Run();
        All(w).Select(r => r.Revision).ShouldBe([1, 2]);
        foreach (var revision in All(w))
        {
            revision.Metadata.Labels["app"].ShouldBe("web");
            revision.Metadata.Name.ShouldBe($"web-{revision.Metadata.Labels["controller.kubernetes.io/hash"]}");
            revision.Metadata.Annotations["kubernetes.io/change-cause"].ShouldBe("first");
            var owner = revision.Metadata.OwnerReferences.ShouldHaveSingleItem();
            (owner.Kind, owner.Name, owner.Controller, owner.BlockOwnerDeletion).ShouldBe(("StatefulSet", "web", true, true));
        }
    }

    [Fact, Trait("Behaviour", "SS-313")]
    public void When_the_current_revision_is_gone_the_update_revision_is_the_current_one()
    {
        var w = new SetWorld(Sets.Web(1));
        w.Run();
        w.World.Put(w.Set with { Status = w.Status with { CurrentRevision = "web-lost" } });
        w.Settle();
        w.Status.CurrentRevision.ShouldBe(w.Status.UpdateRevision);
    }

    [Fact, Trait("Behaviour", "SS-301"), Trait("Behaviour", "SS-343"), Trait("Behaviour", "SS-309")]
    public void Only_the_template_is_versioned()
    {
        var w = new SetWorld(Sets.Web(2, claims: true));
        w.Run();
        w.Change(s => s with { Replicas = 3, MinReadySeconds = 1, RevisionHistoryLimit = 3, Ordinals = new() { Start = 0 }, PersistentVolumeClaimRetentionPolicy = new() { WhenDeleted = "Delete", WhenScaled = "Delete" } });
        w.World.Now = w.World.Now.AddMinutes(1);
        w.Run();
        All(w).Count().ShouldBe(1);
    }

    [Fact, Trait("Behaviour", "SS-344")]
    public void A_restart_is_an_annotation_on_the_template()
    {
        var w = new SetWorld(Sets.Web(2));
        w.Run();
        w.Change(s => s with { Template = s.Template with { Metadata = s.Template.Metadata with { Annotations = Make.Map(("kubectl.kubernetes.io/restartedAt", "now")) } } });
        w.Run().ShouldBe("delete pod web-1\ncreate pod web-1\ndelete pod web-0\ncreate pod web-0");
    }

    [Fact, Trait("Behaviour", "SS-319"), Trait("Behaviour", "SS-318")]
    public void A_pod_of_an_old_revision_has_the_sets_present_claims_and_service()
    {
        var w = new SetWorld(Sets.Web(2, claims: true));
        w.Run();
        w.Change(s => s with { Template = Sets.Template("two"), UpdateStrategy = new() { Type = "RollingUpdate", RollingUpdate = new() { Partition = 2 } } });
        w.World.DeletePod("web-1");
        w.World.Stop("web-1");
        w.Run();
        var pod = w.World.Pod("web-1")!;
        (pod.Spec!.Containers[0].Image, pod.Spec.Subdomain, pod.Spec.Volumes[0].PersistentVolumeClaim!.ClaimName).ShouldBe(("one", "svc", "data-web-1"));
        pod.Metadata.Labels["controller-revision-hash"].ShouldBe(w.Status.CurrentRevision);
    }

    [Theory, Trait("Behaviour", "SS-314"), Trait("Behaviour", "SS-315"), Trait("Behaviour", "SS-316"), Trait("Behaviour", "SS-317")]
    [InlineData("RollingUpdate", null, "one")] // explicit type, no rollingUpdate: what the rollout has not reached comes back as it was
    [InlineData("RollingUpdate", 0, "two")] // what an omitted strategy becomes: at once the new one
    [InlineData("RollingUpdate", 1, "one")]
    [InlineData("OnDelete", null, "two")]
    public void Which_revision_a_lost_pod_gets_depends_on_how_the_strategy_was_written(string type, int? partition, string image)
    {
        var w = new SetWorld(Sets.Web(3).With(s => s with { UpdateStrategy = new() { Type = type, RollingUpdate = partition is null ? null : new() { Partition = partition } } }));
        w.Run();
        w.Image("two");
        w.Settle();
        w.World.DeletePod("web-0");
        w.World.Stop("web-0");
        w.Settle();
        w.World.Pod("web-0")!.Spec!.Containers[0].Image.ShouldBe(image);
    }

    [Fact, Trait("Behaviour", "SS-325")]
    public void A_pod_without_a_revision_is_replaced()
    {
        var w = new SetWorld(Sets.Web(2));
        w.Run();
        w.World.Change<Pod>("web-0", p => p with { Metadata = p.Metadata with { Labels = Make.Map(("app", "web"), ("statefulset.kubernetes.io/pod-name", "web-0")) } });
        w.Settle().ShouldBe("delete pod web-0");
    }

    [Fact, Trait("Behaviour", "SS-339"), Trait("Behaviour", "SS-323")]
    public void Behind_a_partition_a_rollout_is_not_over()
    {
        var w = new SetWorld(Sets.Web(3));
        w.Run();
        w.Change(s => s with { Template = Sets.Template("two"), UpdateStrategy = new() { Type = "RollingUpdate", RollingUpdate = new() { Partition = 1 } } });
        w.Run();
        (w.Status.CurrentRevision == w.Status.UpdateRevision, w.Status.CurrentReplicas, w.Status.UpdatedReplicas).ShouldBe((false, 1, 2));
        w.Change(s => s with { UpdateStrategy = new() { Type = "RollingUpdate", RollingUpdate = new() { Partition = 0 } } });
        w.Run();
        w.Status.CurrentRevision.ShouldBe(w.Status.UpdateRevision);
    }

    [Fact, Trait("Behaviour", "SS-320"), Trait("Behaviour", "SS-321"), Trait("Behaviour", "SS-322")]
    public void The_next_is_updated_only_when_the_last_is_available()
    {
        var w = new SetWorld(Sets.Web(2).With(s => s with { MinReadySeconds = 10 }));
        w.Settle();
        for (var i = 0; i < 2; i++)
        {
            w.World.Run($"web-{i}");
            w.World.Now = w.World.Now.AddSeconds(10);
            w.Settle();
        }
        w.Image("two");
        w.Settle().ShouldBe("delete pod web-1");
        w.World.Stop("web-1");
        w.Settle().ShouldBe("create pod web-1");
        w.World.Run("web-1");
        w.World.Now = w.World.Now.AddSeconds(9);
        w.Settle().ShouldBe("");
        w.World.Now = w.World.Now.AddSeconds(1);
        w.Settle().ShouldBe("delete pod web-0");
    }

    [Theory, Trait("Behaviour", "SS-346"), Trait("Behaviour", "SS-345")]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(-1, 6)]
    public void The_limit_counts_what_nothing_uses(int limit, int left)
    {
        var w = new SetWorld(Sets.Web(1).With(s => s with { RevisionHistoryLimit = limit }));
        for (var i = 0; i < 6; i++) { w.Image($"i{i}"); w.Run(); }
        w.Run();
        All(w).Count().ShouldBe(left);
    }

    [Fact, Trait("Behaviour", "SS-345")]
    public void A_revision_that_a_pod_is_of_is_never_cut()
    {
        var w = new SetWorld(Sets.Web(2).With(s => s with { RevisionHistoryLimit = 0, UpdateStrategy = new() { Type = "OnDelete" } }));
        w.Run();
        w.Image("two");
        w.Settle();
        w.World.DeletePod("web-1");
        w.Run();
        w.Image("three");
        w.Settle();
        All(w).Count().ShouldBe(3);
    }

    [Theory, Trait("Behaviour", "SS-328"), Trait("Behaviour", "SS-1319")]
    [InlineData(2)]
    [InlineData(3)]
    public void No_more_than_maxUnavailable_are_ever_down_under_a_rollout(int limit)
    {
        var w = new SetWorld(Sets.Web(5, parallel: true).With(s => s with { UpdateStrategy = new() { Type = "RollingUpdate", RollingUpdate = new() { Partition = 0, MaxUnavailable = limit } } }));
        w.Run();
        w.World.Check = () => w.World.Pods.Count(p => p.Metadata.DeletionTimestamp is null && p.Status?.Phase == "Running").ShouldBeGreaterThanOrEqualTo(5 - limit);
        w.Image("two");
        w.Run();
        (w.Status.CurrentRevision == w.Status.UpdateRevision, w.Status.UpdatedReplicas).ShouldBe((true, 5));
    }
}
