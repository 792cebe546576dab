using Kennel.Client.Running;
using Kennel.Controllers.Tests.Model;
using Kennel.Objects.Core;
using Kennel.Objects.Meta;

namespace Kennel.Controllers.Tests.StatefulSets;

public sealed class ClaimTests
{
    static PersistentVolumeClaim Claim(SetWorld w, int ordinal) => w.World.Caches.Of<PersistentVolumeClaim>().Get(new("default", $"data-web-{ordinal}"))!;

    static SetWorld World(string deleted, string scaled, int replicas = 2, bool parallel = false)
    {
        var w = new SetWorld(Sets.Web(replicas, parallel, claims: true).With(s => s with { PersistentVolumeClaimRetentionPolicy = new() { WhenDeleted = deleted, WhenScaled = scaled } }));
        w.Run();
        return w;
    }

    [Theory, Trait("Behaviour", "SS-501"), Trait("Behaviour", "SS-504"), Trait("Behaviour", "SS-720")]
    [InlineData(true)]
    [InlineData(false)]
    public void Without_its_claim_a_pod_is_not_made(bool parallel)
    {
        var w = new SetWorld(Sets.Web(1, parallel, claims: true));
        w.World.Refuse = s => s is Step.Create { Object: PersistentVolumeClaim } ? "already exists" : null;
        w.Settle().ShouldBe("");
        w.World.Pods.ShouldBeEmpty();
        w.World.Refuse = _ => null;
        w.World.Now = w.World.Now.AddSeconds(1);
        w.Settle().ShouldBe("create claim data-web-0\ncreate pod web-0");
    }

    [Fact, Trait("Behaviour", "SS-502")]
    public void A_claim_that_is_there_is_used_as_it_is()
    {
        var w = new SetWorld(Sets.Web(1, claims: true));
        w.World.Put(Make.Claim("data-web-0", "other-class", "7Gi", "ReadWriteMany"));
        var before = Claim(w, 0);
        w.Run().ShouldBe("create pod web-0");
        Claim(w, 0).ShouldBe(before);
    }

    [Fact, Trait("Behaviour", "SS-512")]
    public void References_are_controllers_and_block_and_weaker_ones_are_raised()
    {
        var w = World("Delete", "Delete");
        Full(Claim(w, 0)).ShouldBe([("apps/v1", "StatefulSet", "web", true, true)]);
        w.World.Put(Claim(w, 0) with { Metadata = Claim(w, 0).Metadata with { OwnerReferences = [new() { ApiVersion = "apps/v1", Kind = "StatefulSet", Name = "web", Uid = w.Set.Metadata.Uid! }] } });
        w.Settle().ShouldBe("update claim data-web-0");
        Full(Claim(w, 0)).ShouldBe([("apps/v1", "StatefulSet", "web", true, true)]);
        w.Scale(1);
        w.Settle();
        Full(Claim(w, 1)).ShouldBe([("v1", "Pod", "web-1", true, true)]);
    }

    static IEnumerable<(string, string, string, bool?, bool?)> Full(PersistentVolumeClaim claim) =>
        claim.Metadata.OwnerReferences.Select(r => (r.ApiVersion, r.Kind, r.Name, r.Controller, r.BlockOwnerDeletion));

    [Fact, Trait("Behaviour", "SS-515")]
    public void Back_in_range_before_it_was_deleted_a_pod_owns_its_claim_no_more()
    {
        var w = World("Retain", "Delete", 3);
        w.World.Run("web-2", ready: false);
        w.World.Run("web-1", ready: false);
        w.Scale(1);
        w.Settle().ShouldBe("update claim data-web-2\nupdate claim data-web-1");
        w.Scale(3);
        w.World.Run("web-1");
        w.World.Run("web-2");
        w.Settle().ShouldBe("update claim data-web-1\nupdate claim data-web-2");
        Claim(w, 2).Metadata.OwnerReferences.ShouldBeEmpty();
    }

    [Theory, Trait("Behaviour", "SS-515")]
    [InlineData(false, "")]
    [InlineData(true, "update claim data-web-1")]
    public void Back_in_range_while_it_terminates_only_Parallel_saves_its_claim(bool parallel, string did)
    {
        var w = World("Retain", "Delete", 2, parallel);
        w.Scale(1);
        w.Settle();
        w.Scale(2);
        w.Settle().ShouldBe(did);
    }

    [Fact, Trait("Behaviour", "SS-516")]
    public void Under_OrderedReady_another_policy_waits_behind_an_unhealthy_pod()
    {
        var w = World("Retain", "Retain", 3);
        w.World.Run("web-1", ready: false);
        w.Change(s => s with { PersistentVolumeClaimRetentionPolicy = new() { WhenDeleted = "Delete", WhenScaled = "Retain" } });
        w.Settle().ShouldBe("update claim data-web-0");
        w.World.Run("web-1");
        w.Settle().ShouldBe("update claim data-web-1\nupdate claim data-web-2");
    }

    [Fact, Trait("Behaviour", "SS-520")]
    public void Claims_of_other_volumes_are_nobodys_business()
    {
        var w = new SetWorld(Sets.Web(1).With(s => s with
        {
            PersistentVolumeClaimRetentionPolicy = new() { WhenDeleted = "Delete", WhenScaled = "Delete" },
            Template = s.Template with { Spec = s.Template.Spec! with { Volumes = [new() { Name = "shared", PersistentVolumeClaim = new() { ClaimName = "shared" } }] } },
        }));
        w.World.Put(Make.Claim("shared"));
        w.Run().ShouldBe("create pod web-0");
        w.World.Caches.Of<PersistentVolumeClaim>().All().Single().Metadata.OwnerReferences.ShouldBeEmpty();
    }

    [Theory, Trait("Behaviour", "SS-521")]
    [InlineData("by hand")]
    [InlineData("rollout")]
    [InlineData("evicted")]
    public void Only_scaling_down_gives_a_claim_to_its_pod(string how)
    {
        var w = World("Retain", "Delete", 1);
        switch (how)
        {
            case "by hand": w.World.DeletePod("web-0"); break;
            case "rollout": w.Image("two"); break;
            default: w.World.Fail("web-0"); break;
        }
        w.Run().ShouldNotContain("claim");
        Claim(w, 0).Metadata.OwnerReferences.ShouldBeEmpty();
    }

    [Fact, Trait("Behaviour", "SS-518"), Trait("Behaviour", "SS-1340")]
    public void A_stale_owner_of_the_same_name_is_never_touched()
    {
        var w = World("Retain", "Retain", 1);
        var stale = new OwnerReference { ApiVersion = "v1", Kind = "Pod", Name = "web-0", Uid = "another" };
        w.World.Put(Claim(w, 0) with { Metadata = Claim(w, 0).Metadata with { OwnerReferences = [stale] } });
        w.Change(s => s with { PersistentVolumeClaimRetentionPolicy = new() { WhenDeleted = "Delete", WhenScaled = "Retain" } });
        w.Settle().ShouldBe("");
        Claim(w, 0).Metadata.OwnerReferences.ShouldBe([stale]);
    }
}
