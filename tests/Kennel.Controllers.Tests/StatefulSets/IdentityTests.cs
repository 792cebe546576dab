using Kennel.Controllers.StatefulSets;
using Kennel.Controllers.Tests.Model;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.StatefulSets;

public sealed class IdentityTests
{
    [Theory, Trait("Behaviour", "SS-104")]
    [InlineData("web-0", 0)]
    [InlineData("web-12", 12)]
    [InlineData("web-007", 7)]
    [InlineData("web-2147483647", 2147483647)]
    [InlineData("web-2147483648", -1)]
    [InlineData("web-a-0", -1)]
    [InlineData("web", -1)]
    [InlineData("web-", -1)]
    [InlineData("web--1", -1)]
    [InlineData("wib-1", -1)]
    public void The_ordinal_is_the_number_behind_the_sets_own_name(string name, int ordinal) =>
        Identity.Ordinal(Sets.Web(), new Pod { Metadata = new() { Name = name } }).ShouldBe(ordinal);

    [Fact, Trait("Behaviour", "SS-105"), Trait("Behaviour", "SS-108"), Trait("Behaviour", "SS-109"), Trait("Behaviour", "SS-111"), Trait("Behaviour", "SS-119")]
    public void A_pod_has_its_name_its_labels_its_owner_and_its_claim()
    {
        var w = new SetWorld(Sets.Web(1, claims: true).With(s => s with { Template = s.Template with { Spec = s.Template.Spec! with { Hostname = "ignored", Volumes = [new() { Name = "data", EmptyDir = new() }, new() { Name = "tmp", EmptyDir = new() }] } } }));
        w.Settle();
        var pod = w.World.Pod("web-0")!;
        (pod.Spec!.Hostname, pod.Spec.Subdomain).ShouldBe(("web-0", "svc"));
        pod.Metadata.Labels["statefulset.kubernetes.io/pod-name"].ShouldBe("web-0");
        pod.Metadata.Labels["apps.kubernetes.io/pod-index"].ShouldBe("0");
        pod.Metadata.Labels["controller-revision-hash"].ShouldBe(w.Status.UpdateRevision);
        var owner = pod.Metadata.OwnerReferences.ShouldHaveSingleItem();
        (owner.ApiVersion, owner.Kind, owner.Name, owner.Uid, owner.Controller, owner.BlockOwnerDeletion).ShouldBe(("apps/v1", "StatefulSet", "web", w.Set.Metadata.Uid!, true, true));
        pod.Spec.Volumes.Select(v => $"{v.Name}={v.PersistentVolumeClaim?.ClaimName}").ShouldBe(["data=data-web-0", "tmp="]);
        w.World.Events.Select(e => e.Message).ShouldBe(["Create Claim data-web-0 Pod web-0 in StatefulSet web success", "Create Pod web-0 in StatefulSet web successful"]);
    }

    [Fact, Trait("Behaviour", "SS-117")]
    public void A_claim_carries_the_selectors_labels_and_no_owner()
    {
        var w = new SetWorld(Sets.Web(1, claims: true));
        w.Settle();
        var claim = w.World.Caches.Of<PersistentVolumeClaim>().All().ShouldHaveSingleItem();
        claim.Metadata.Labels.ShouldBe(new Dictionary<string, string> { ["app"] = "web" });
        claim.Metadata.OwnerReferences.ShouldBeEmpty();
    }

    [Fact, Trait("Behaviour", "SS-107")]
    public void A_lost_identity_label_is_put_back()
    {
        var w = new SetWorld(Sets.Web(1));
        w.Run();
        w.World.Change<Pod>("web-0", p => p with { Metadata = p.Metadata with { Labels = new Dictionary<string, string> { ["app"] = "web", ["controller-revision-hash"] = w.Status.UpdateRevision! } } });
        w.Settle().ShouldBe("update pod web-0");
        w.World.Pod("web-0")!.Metadata.Labels["statefulset.kubernetes.io/pod-name"].ShouldBe("web-0");
    }

    [Fact, Trait("Behaviour", "SS-238")]
    public void An_orphan_of_a_fitting_name_is_adopted_and_others_are_left_alone()
    {
        var w = new SetWorld(Sets.Web(2));
        w.Run();
        foreach (var name in new[] { "web-0", "web-1" }) w.World.Change<Pod>(name, p => p with { Metadata = p.Metadata with { OwnerReferences = [] } });
        w.World.Put(new Pod { Metadata = new() { Name = "web-a-0", Namespace = "default", Labels = new Dictionary<string, string> { ["app"] = "web" } } });
        w.Settle().ShouldBe("patch pod web-0\npatch pod web-1");
        w.World.Pod("web-a-0")!.Metadata.OwnerReferences.ShouldBeEmpty();
    }

    [Fact, Trait("Behaviour", "SS-238")]
    public void Nothing_is_adopted_when_the_set_is_no_more_what_the_cache_shows()
    {
        var w = new SetWorld(Sets.Web(1));
        w.Run();
        w.World.Change<Pod>("web-0", p => p with { Metadata = p.Metadata with { OwnerReferences = [] } });
        w.World.Refuse = s => s is Client.Running.Step.Patch { Resource.Kind: "StatefulSet" } ? "it is being deleted" : null;
        w.Round();
        w.World.Pod("web-0")!.Metadata.OwnerReferences.ShouldBeEmpty();
    }

    [Fact, Trait("Behaviour", "SS-237"), Trait("Behaviour", "SS-239")]
    public void A_pod_that_is_labelled_away_is_released_and_blocks_its_name_until_it_goes()
    {
        var w = new SetWorld(Sets.Web(1));
        w.Run();
        w.World.Change<Pod>("web-0", p => p with { Metadata = p.Metadata with { Labels = new Dictionary<string, string>() } });
        w.Round();
        w.World.Pod("web-0")!.Metadata.OwnerReferences.ShouldBeEmpty();
        w.World.Did();
        w.Settle().ShouldBe("");
        w.World.Remove(w.World.Pod("web-0")!);
        w.Settle().ShouldBe("create pod web-0");
    }

    [Fact, Trait("Behaviour", "SS-235")]
    public void Pods_of_another_controller_are_not_counted()
    {
        var w = new SetWorld(Sets.Web(1));
        w.World.Put(new Pod { Metadata = new() { Name = "web-5", Namespace = "default", Labels = new Dictionary<string, string> { ["app"] = "web" }, OwnerReferences = [new() { Kind = "StatefulSet", Name = "web", Uid = "other", Controller = true }] } });
        w.Run();
        w.Status.Replicas.ShouldBe(1);
        w.World.Pod("web-5").ShouldNotBeNull();
    }

    [Fact, Trait("Behaviour", "SS-348")]
    public void An_orphaned_revision_is_adopted_so_that_a_new_set_of_the_name_rolls_nothing()
    {
        var w = new SetWorld(Sets.Web(1));
        w.Run();
        w.World.Change<ControllerRevision>(w.Status.UpdateRevision!, r => r with { Metadata = r.Metadata with { OwnerReferences = [] } });
        w.World.Settle(new StatefulSetController(w.World.Caches), new("default", "web"));
        w.World.Did().ShouldBe($"patch controllerrevision {w.Status.UpdateRevision}");
    }
}
