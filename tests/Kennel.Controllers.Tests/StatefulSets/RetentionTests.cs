using Kennel.Controllers.Tests.Model;
using Kennel.Objects.Core;
using Kennel.Objects.Meta;

namespace Kennel.Controllers.Tests.StatefulSets;

public sealed class RetentionTests
{
    static SetWorld World(string deleted, string scaled, int replicas = 2)
    {
        var w = new SetWorld(Sets.Web(replicas, claims: true).With(s => s with { PersistentVolumeClaimRetentionPolicy = new() { WhenDeleted = deleted, WhenScaled = scaled } }));
        w.Run();
        return w;
    }

    static string Owners(SetWorld w, int ordinal) =>
        string.Join(",", w.World.Caches.Of<PersistentVolumeClaim>().Get(new("default", $"data-web-{ordinal}"))!.Metadata.OwnerReferences.Select(r => $"{r.Kind} {r.Name}{(r.Controller == true ? "" : " (no controller)")}"));

    [Theory, Trait("Behaviour", "SS-508"), Trait("Behaviour", "SS-509"), Trait("Behaviour", "SS-510"), Trait("Behaviour", "SS-511")]
    [InlineData("Retain", "Retain", "", "")]
    [InlineData("Delete", "Retain", "StatefulSet web", "StatefulSet web")]
    [InlineData("Retain", "Delete", "", "Pod web-1")]
    [InlineData("Delete", "Delete", "StatefulSet web", "Pod web-1")]
    public void Owner_references_say_what_becomes_of_a_claim(string deleted, string scaled, string inRange, string condemned)
    {
        var w = World(deleted, scaled);
        Owners(w, 1).ShouldBe(inRange);
        w.Scale(1);
        w.Settle().ShouldEndWith("delete pod web-1");
        (Owners(w, 0), Owners(w, 1)).ShouldBe((inRange, condemned));
    }

    [Fact, Trait("Behaviour", "SS-513")]
    public void The_reference_is_set_before_the_pod_is_deleted()
    {
        var w = World("Retain", "Delete");
        w.Scale(1);
        w.Settle().ShouldBe("update claim data-web-1\ndelete pod web-1");
    }

    [Fact, Trait("Behaviour", "SS-519")]
    public void No_pod_is_made_onto_a_claim_that_is_about_to_be_collected()
    {
        var w = World("Retain", "Delete");
        w.Scale(1);
        w.Settle();
        w.World.Stop("web-1");
        w.Scale(2);
        w.Settle().ShouldBe("");
        w.World.WaitingFor.ShouldBe("claim data-web-1 to go away: it belongs to a web-1 that was scaled away");
        w.World.Remove(w.World.Caches.Of<PersistentVolumeClaim>().Get(new("default", "data-web-1"))!);
        w.Settle().ShouldBe("create claim data-web-1\ncreate pod web-1");
    }

    [Fact, Trait("Behaviour", "SS-516")]
    public void Another_policy_on_a_living_set_rewrites_the_references()
    {
        var w = World("Retain", "Retain");
        w.Change(s => s with { PersistentVolumeClaimRetentionPolicy = new() { WhenDeleted = "Delete", WhenScaled = "Retain" } });
        w.Settle();
        (Owners(w, 0), Owners(w, 1)).ShouldBe(("StatefulSet web", "StatefulSet web"));
        w.Change(s => s with { PersistentVolumeClaimRetentionPolicy = new() { WhenDeleted = "Retain", WhenScaled = "Retain" } });
        w.Settle();
        (Owners(w, 0), Owners(w, 1)).ShouldBe(("", ""));
    }

    [Theory, Trait("Behaviour", "SS-517"), Trait("Behaviour", "SS-518")]
    [InlineData("ConfigMap", "boss", "other", true, "ConfigMap boss", true)]
    [InlineData("ConfigMap", "friend", "other", false, "ConfigMap friend (no controller),StatefulSet web", false)]
    [InlineData("StatefulSet", "web", "stale", true, "StatefulSet web", false)]
    public void Other_owners_are_respected(string kind, string name, string uid, bool controller, string after, bool warned)
    {
        var w = World("Retain", "Retain", 1);
        w.World.Change<PersistentVolumeClaim>("data-web-0", c => c with { Metadata = c.Metadata with { OwnerReferences = [new OwnerReference { ApiVersion = "v1", Kind = kind, Name = name, Uid = uid, Controller = controller }] } });
        w.Change(s => s with { PersistentVolumeClaimRetentionPolicy = new() { WhenDeleted = "Delete", WhenScaled = "Retain" } });
        w.Round();
        w.Round();
        Owners(w, 0).ShouldBe(after);
        w.World.Events.Any(e => e.Reason == "ConflictingController").ShouldBe(warned);
    }

    [Fact, Trait("Behaviour", "SS-503")]
    public void A_claim_on_its_way_out_keeps_its_pod_from_being_made()
    {
        var w = World("Retain", "Retain", 1);
        w.World.DeletePod("web-0");
        w.World.Stop("web-0");
        w.World.Change<PersistentVolumeClaim>("data-web-0", c => c with { Metadata = c.Metadata with { DeletionTimestamp = w.World.Now } });
        w.Settle().ShouldBe("");
        w.World.Events.ShouldContain(e => e.Message == "Create Pod web-0 in StatefulSet web failed error: pvc data-web-0 is being deleted");
        w.World.Remove(w.World.Caches.Of<PersistentVolumeClaim>().Get(new("default", "data-web-0"))!);
        w.Settle().ShouldBe("create claim data-web-0\ncreate pod web-0");
    }

    [Fact, Trait("Behaviour", "SS-505")]
    public void A_pending_pod_whose_claim_vanished_gets_it_again()
    {
        var w = new SetWorld(Sets.Web(1, claims: true));
        w.Settle();
        w.World.Remove(w.World.Caches.Of<PersistentVolumeClaim>().All().Single());
        w.Settle().ShouldBe("create claim data-web-0");
    }
}
