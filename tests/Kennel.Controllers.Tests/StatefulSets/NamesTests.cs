using Kennel.Controllers.StatefulSets;
using Kennel.Controllers.Tests.Model;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;
using Kennel.Objects.Meta;

namespace Kennel.Controllers.Tests.StatefulSets;

public sealed class NamesTests
{
    [Theory, Trait("Behaviour", "SS-101"), Trait("Behaviour", "SS-102"), Trait("Behaviour", "SS-108")]
    [InlineData(null, "web-0,web-1,web-2")]
    [InlineData(0, "web-0,web-1,web-2")]
    [InlineData(9, "web-10,web-11,web-9")]
    public void Pods_are_numbered_from_the_start_without_padding(int? start, string names)
    {
        var w = new SetWorld(Sets.Web(3).With(s => s with { Ordinals = start is null ? null : new() { Start = start } }));
        w.Run();
        string.Join(",", w.World.Pods.Select(p => p.Metadata.Name)).ShouldBe(names);
        w.World.Pods.ShouldAllBe(p => p.Metadata.Labels["apps.kubernetes.io/pod-index"] == p.Metadata.Name!.Substring("web-".Length));
    }

    [Fact, Trait("Behaviour", "SS-102")]
    public void Empty_ordinals_start_at_0()
    {
        var w = new SetWorld(Sets.Web(1).With(s => s with { Ordinals = new() }));
        w.Run();
        w.World.Pods.Single().Metadata.Name.ShouldBe("web-0");
    }

    [Fact, Trait("Behaviour", "SS-103"), Trait("Behaviour", "SS-234"), Trait("Behaviour", "SS-104")]
    public void A_pod_whose_number_is_too_large_is_left_alone()
    {
        var w = new SetWorld(Sets.Web(1));
        w.World.Put(new Pod { Metadata = new() { Name = "web-2147483648", Namespace = "default", Labels = Make.Map(("app", "web")), OwnerReferences = [new() { Kind = "StatefulSet", Name = "web", Uid = w.Set.Metadata.Uid!, Controller = true }] } });
        w.Run().ShouldBe("create pod web-0");
        w.World.Pods.Count().ShouldBe(2);
        w.Status.Replicas.ShouldBe(1);
    }

    [Fact, Trait("Behaviour", "SS-110"), Trait("Behaviour", "SS-112"), Trait("Behaviour", "SS-107"), Trait("Behaviour", "SS-109")]
    public void A_pod_has_what_its_template_has_and_three_labels_more()
    {
        var w = new SetWorld(Sets.Web(1).With(s => s with { Template = s.Template with { Metadata = new() { Labels = Make.Map(("app", "web"), ("tier", "db")), Annotations = Make.Map(("note", "hello")), Finalizers = ["example.com/hold"] } } }));
        w.Settle();
        var pod = w.World.Pod("web-0")!;
        pod.Metadata.Labels.ShouldBe(Make.Map(("app", "web"), ("tier", "db"), ("statefulset.kubernetes.io/pod-name", "web-0"), ("apps.kubernetes.io/pod-index", "0"), ("controller-revision-hash", w.Status.UpdateRevision!)), ignoreOrder: true);
        pod.Metadata.Annotations.ShouldBe(Make.Map(("note", "hello")));
        pod.Metadata.Finalizers.ShouldBe(["example.com/hold"]);
        pod.Metadata.GenerateName.ShouldBe("web-");
    }

    [Fact, Trait("Behaviour", "SS-106")]
    public void Hostname_subdomain_and_index_are_not_held_up_on_a_pod_that_exists()
    {
        var w = new SetWorld(Sets.Web(1));
        w.Run();
        w.World.Change<Pod>("web-0", p => p with
        {
            Metadata = p.Metadata with { Labels = Make.Map([.. p.Metadata.Labels.Where(l => l.Key != "apps.kubernetes.io/pod-index").Select(l => (l.Key, l.Value))]) },
            Spec = p.Spec! with { Hostname = "other", Subdomain = "other" },
        });
        w.Settle().ShouldBe("");
    }

    [Fact, Trait("Behaviour", "SS-115"), Trait("Behaviour", "SS-116"), Trait("Behaviour", "SS-117"), Trait("Behaviour", "SS-118")]
    public void A_claim_is_a_copy_of_its_template_under_its_own_name()
    {
        var template = new PersistentVolumeClaim
        {
            Metadata = new() { Name = "data", Namespace = "elsewhere", Labels = Make.Map(("app", "other"), ("kind", "fast")), Annotations = Make.Map(("note", "keep")), Finalizers = ["example.com/hold"] },
            Spec = new() { AccessModes = ["ReadWriteOnce"], StorageClassName = "fast", Resources = new() { Requests = Make.Map(("storage", "1Gi")) } },
        };
        var w = new SetWorld(Sets.Web(1).With(s => s with { VolumeClaimTemplates = [template], Selector = new() { MatchLabels = Make.Map(("app", "web")), MatchExpressions = [new() { Key = "app", Operator = "Exists" }] } }));
        w.Settle();
        var claim = w.World.Caches.Of<PersistentVolumeClaim>().All().Single();
        (claim.Metadata.Name, claim.Metadata.Namespace).ShouldBe(("data-web-0", "default"));
        claim.Metadata.Labels.ShouldBe(Make.Map(("app", "web"), ("kind", "fast")), ignoreOrder: true);
        claim.Metadata.Annotations.ShouldBe(template.Metadata.Annotations);
        claim.Metadata.Finalizers.ShouldBe(template.Metadata.Finalizers);
        claim.Metadata.OwnerReferences.ShouldBeEmpty();
        claim.Spec.ShouldBe(template.Spec);
    }

    [Fact, Trait("Behaviour", "SS-118")]
    public void Owners_that_a_claim_template_names_are_kept()
    {
        var friend = new OwnerReference { ApiVersion = "v1", Kind = "ConfigMap", Name = "friend", Uid = "f" };
        var w = new SetWorld(Sets.Web(1, claims: true).With(s => s with { VolumeClaimTemplates = [s.VolumeClaimTemplates[0] with { Metadata = new() { Name = "data", OwnerReferences = [friend] } }] }));
        w.Run();
        w.World.Caches.Of<PersistentVolumeClaim>().All().Single().Metadata.OwnerReferences.ShouldBe([friend]);
    }

    [Fact, Trait("Behaviour", "SS-826")]
    public void Claim_templates_of_one_name_are_one_claim_and_one_volume()
    {
        var w = new SetWorld(Sets.Web(1, claims: true).With(s => s with { VolumeClaimTemplates = [.. s.VolumeClaimTemplates, .. s.VolumeClaimTemplates] }));
        w.Run().ShouldBe("create claim data-web-0\ncreate pod web-0");
        w.World.Pod("web-0")!.Spec!.Volumes.Count.ShouldBe(1);
    }

    [Fact, Trait("Behaviour", "SS-121"), Trait("Behaviour", "SS-303")]
    public void A_long_name_is_cut_at_223_characters_in_the_names_of_revisions()
    {
        var long_ = new string('a', 240);
        var w = new ModelWorld();
        w.Put(Sets.Web(0) with { Metadata = new() { Name = long_, Namespace = "default" } });
        w.Settle(new StatefulSetController(w.Caches), new("default", long_));
        w.Caches.Of<ControllerRevision>().All().Single().Metadata.Name!.ShouldMatch("^a{223}-[a-z0-9]+$");
    }

    [Fact, Trait("Behaviour", "SS-113"), Trait("Behaviour", "SS-105")]
    public void Without_a_service_a_pod_has_no_subdomain()
    {
        var w = new SetWorld(Sets.Web(1).With(s => s with { ServiceName = "" }));
        w.Settle();
        (w.World.Pod("web-0")!.Spec!.Hostname, w.World.Pod("web-0")!.Spec!.Subdomain).ShouldBe(("web-0", ""));
    }
}
