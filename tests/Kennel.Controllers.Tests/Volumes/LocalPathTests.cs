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

    static Decision Decide(PersistentVolumeClaim claim, StorageClass kind, Node? node, bool there = false) => Provision.Decide(new(claim, kind, node, there, _options));
}
