using Kennel.Client.Running;
using Kennel.Controllers.Volumes;
using Kennel.Controllers.Volumes.LocalPath;
using Kennel.Objects.Core;
using Kennel.Objects.Storage;

namespace Kennel.Controllers.Tests.Volumes;

public sealed class LocalPathTests
{
    static readonly LocalPathOptions _options = new("/var/lib/kennel/volumes", new NoDirectories());

    [Fact]
    public void A_claim_with_a_selected_node_gets_a_directory_there()
    {
        var claim = Make.Claim("data-web-0", "local-path", "2Gi").Noted(Marks.SelectedNode, "n1");
        var steps = Decide(claim, Make.Class("local-path"), Make.Node("n1")).Steps;
        steps[0].Done!.Reason.ShouldBe("Provisioning");
        const string path = "/var/lib/kennel/volumes/pvc-uid-data-web-0_default_data-web-0";
        steps[1].ShouldBeOfType<CreateDirectory>().Path.ShouldBe(path);
        var create = steps[2].ShouldBeOfType<Step.Create>();
        create.Done!.Message.ShouldBe("Successfully provisioned volume pvc-uid-data-web-0");
        var volume = create.Object.ShouldBeOfType<PersistentVolume>();
        volume.Metadata.Annotations[Marks.ProvisionedBy].ShouldBe("rancher.io/local-path");
        volume.Spec!.HostPath.ShouldBe(new() { Path = path, Type = "DirectoryOrCreate" });
        volume.Spec.ClaimRef!.Uid.ShouldBe("uid-data-web-0");
        volume.Spec.PersistentVolumeReclaimPolicy.ShouldBe("Delete");
        volume.Spec.Capacity["storage"].ShouldBe("2Gi");
        volume.Spec.NodeAffinity!.Required!.NodeSelectorTerms[0].MatchExpressions[0].Values.ShouldBe(["n1"]);
    }

    [Fact]
    public void Nothing_is_provisioned_before_a_node_is_selected_or_twice_or_for_others()
    {
        var selected = Make.Claim("c", "x").Noted(Marks.SelectedNode, "n1");
        Decide(Make.Claim("c", "x"), Make.Class("x"), null).Steps.ShouldBeEmpty();
        Decide(selected, Make.Class("x"), Make.Node("n1"), there: true).Steps.ShouldBeEmpty();
        Decide(selected, Make.Class("x", "kubernetes.io/no-provisioner"), Make.Node("n1")).Steps.ShouldBeEmpty();
        Decide(selected.Bound("v"), Make.Class("x"), Make.Node("n1")).Steps.ShouldBeEmpty();
    }

    [Fact]
    public void A_node_that_is_gone_is_selected_anew() =>
        Decide(Make.Claim("c", "x").Noted(Marks.SelectedNode, "n1"), Make.Class("x"), null).Steps.ShouldHaveSingleItem().ShouldBeOfType<Step.Patch>().Json
            .ShouldContain("\"volume.kubernetes.io/selected-node\":null");

    [Fact]
    public void Only_directories_right_below_the_root_are_ever_removed()
    {
        Clean("/var/lib/kennel/volumes/pvc-1_default_c").Steps.Select(s => s.GetType()).ShouldBe([typeof(ClaimGone), typeof(RemoveDirectory), typeof(Step.Delete)]);
        foreach (var path in new[] { "/etc", "/var/lib/kennel/volumes/", "/var/lib/kennel/volumes/a/b", "/var/lib/kennel/volumes/.." })
            Clean(path).Steps.ShouldHaveSingleItem().Done!.Reason.ShouldBe("VolumeFailedDelete");
    }

    [Fact]
    public void A_clone_is_a_copy_of_its_sources_directory()
    {
        var steps = Decide(Cloning(), Make.Class("x"), Make.Node("n1"), source: new(Source(), Volume("n1"))).Steps;
        var copy = steps[1].ShouldBeOfType<CopyDirectory>();
        copy.From.ShouldBe("/var/lib/kennel/volumes/src");
        copy.To.ShouldBe("/var/lib/kennel/volumes/pvc-uid-c_default_c");
        steps[2].ShouldBeOfType<Step.Create>();
    }

    [Theory]
    [InlineData("nothing", "claim src to be created: it is to be cloned", "error getting PVC src (namespace default) from api server: persistentvolumeclaims \"src\" not found")]
    [InlineData("leaving", "claim src to stay: it is to be cloned and is being deleted", "the PVC DataSource src is currently being deleted")]
    [InlineData("unbound", "claim src to be bound: it is to be cloned", "the PVC DataSource src must have a status of Bound. Got Pending")]
    [InlineData("static", "claim src to have a volume of this provisioner: it is to be cloned", "the source PVC src has a volume of another provisioner")]
    [InlineData("small", "somebody to ask for more: requested volume size 1073741824 is less than the size 2147483648 for the source PVC src", "requested volume size 1073741824 is less than the size 2147483648 for the source PVC src")]
    [InlineData("elsewhere", "node n2 to be selected: claim src is to be cloned and its volume is there, not on n1", null)]
    public void A_clone_that_can_not_be_made_says_why(string how, string waits, string? failure)
    {
        var source = how switch
        {
            "nothing" => new(null, null),
            "leaving" => new(Source() with { Metadata = Source().Metadata with { DeletionTimestamp = Make.Now } }, Volume("n1")),
            "unbound" => new(Make.Claim("src"), null),
            "static" => new(Source(), Make.Volume("src").For(Source())),
            "small" => new(Source(), Volume("n1", "2Gi")),
            _ => new Source(Source(), Volume("n2")),
        };
        var decision = Decide(Cloning(), Make.Class("x"), Make.Node("n1"), source: source);
        decision.WaitingFor.ShouldBe(waits);
        if (failure is null) decision.Steps.ShouldBeEmpty();
        else decision.Steps.ShouldHaveSingleItem().Done!.Message.ShouldBe($"failed to provision volume with StorageClass \"x\": {failure}");
    }

    [Fact]
    public void Snapshots_and_other_sources_are_refused_in_a_sentence()
    {
        var claim = Make.Claim("c", "x").Noted(Marks.SelectedNode, "n1");
        var wanting = claim with { Spec = claim.Spec! with { DataSourceRef = new() { ApiGroup = "snapshot.storage.k8s.io", Kind = "VolumeSnapshot", Name = "s" } } };
        Decide(wanting, Make.Class("x"), Make.Node("n1")).WaitingFor.ShouldBe("somebody to fill the claim from VolumeSnapshot s: only claims of the same namespace can be cloned here");
    }

    [Theory]
    [InlineData("rancher.io/local-path", false, "failed to provision volume with StorageClass \"x\": configuration error, no node was specified")]
    [InlineData("k8s.io/minikube-hostpath", false, null)]
    public void A_class_that_provisions_at_once(string provisioner, bool waits, string? failure)
    {
        var steps = Decide(Make.Claim("c", "x"), Make.Class("x", provisioner, waits), null).Steps;
        if (failure is not null) steps.ShouldHaveSingleItem().Done!.Message.ShouldBe(failure);
        else steps[2].ShouldBeOfType<Step.Create>().Object.ShouldBeOfType<PersistentVolume>().Spec!.NodeAffinity.ShouldBeNull();
    }

    static PersistentVolumeClaim Cloning() => Make.Claim("c", "x").Noted(Marks.SelectedNode, "n1") is var c
        ? c with { Spec = c.Spec! with { DataSource = new() { Kind = "PersistentVolumeClaim", Name = "src" } } } : null!;

    static PersistentVolumeClaim Source() => Make.Claim("src", "x").Bound("src");

    static PersistentVolume Volume(string node, string size = "1Gi") => Make.Volume("src", size).For(Source()) is var v
        ? v with
        {
            Metadata = v.Metadata with { Annotations = Make.Map((Marks.ProvisionedBy, "rancher.io/local-path")) },
            Spec = v.Spec! with
            {
                HostPath = new() { Path = "/var/lib/kennel/volumes/src" },
                NodeAffinity = new() { Required = new() { NodeSelectorTerms = [new() { MatchExpressions = [new() { Key = "kubernetes.io/hostname", Operator = "In", Values = [node] }] }] } },
            },
        }
        : null!;

    static Decision Clean(string path)
    {
        var volume = Make.Volume("pvc-1", phase: "Released").For(Make.Claim("c"));
        return Cleaner.Decide(
            volume with
            {
                Metadata = volume.Metadata with { Annotations = Make.Map((Marks.ProvisionedBy, "rancher.io/local-path")) },
                Spec = volume.Spec! with { PersistentVolumeReclaimPolicy = "Delete", HostPath = new() { Path = path } },
            },
            _options);
    }

    static Decision Decide(PersistentVolumeClaim claim, StorageClass kind, Node? node, bool there = false, Source? source = null) =>
        Provision.Decide(new(claim, kind, node, there, _options, source));
}
