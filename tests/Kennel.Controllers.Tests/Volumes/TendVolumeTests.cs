using Kennel.Client.Running;
using Kennel.Controllers.Volumes;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.Volumes;

public sealed class TendVolumeTests
{
    static readonly NoDirectories _disk = new();

    [Theory]
    [Trait("Behaviour", "SS-1115")]
    [InlineData("Pending", false, "Available")]
    [InlineData("Released", false, "Available")]
    [InlineData("Pending", true, "Available")]
    public void A_volume_without_a_bound_claim_is_available(string phase, bool reserved, string wanted)
    {
        var volume = Make.Volume("v", phase: phase);
        var decision = Decide(reserved ? volume.For(Make.Claim("c"), uid: false) : volume, null);
        decision.Steps.ShouldHaveSingleItem().ShouldBeOfType<Step.Patch>().Json.ShouldContain($"\"phase\":\"{wanted}\"");
    }

    [Fact]
    [Trait("Behaviour", "SS-1115")]
    public void A_volume_whose_claim_is_gone_is_released_after_a_live_look()
    {
        var steps = Decide(Make.Volume("v", phase: "Bound").For(Make.Claim("c")), null).Steps;
        steps[0].ShouldBeOfType<ClaimGone>();
        steps[1].ShouldBeOfType<Step.Patch>().Json.ShouldContain("\"phase\":\"Released\"");
    }

    [Fact]
    [Trait("Behaviour", "SS-1120")]
    public void Retain_keeps_the_volume_and_its_data() =>
        Decide(Make.Volume("v", phase: "Released").For(Make.Claim("c")), null).Steps.ShouldBeEmpty();

    [Fact]
    [Trait("Behaviour", "SS-1118")]
    public void A_volume_whose_claim_went_elsewhere_is_free_again()
    {
        var claim = Make.Claim("c").Bound("other");
        var chosen = Make.Volume("v", phase: "Bound").For(claim);
        var byUs = chosen with { Metadata = chosen.Metadata with { Annotations = Make.Map((Marks.BoundByController, "yes")) } };
        Decide(byUs, claim).Steps[0].ShouldBeOfType<Step.Patch>().Json.ShouldContain("\"claimRef\":null");
        Decide(chosen, claim).Steps[0].ShouldBeOfType<Step.Patch>().Json.ShouldContain("\"claimRef\":{\"uid\":null}");
    }

    [Fact]
    [Trait("Behaviour", "SS-1121")]
    public void A_hand_made_host_path_is_deleted_only_under_tmp()
    {
        var claim = Make.Claim("c");
        PersistentVolume At(string path) => Make.Volume("v", phase: "Released").For(claim) is var v
            ? v with { Spec = v.Spec! with { PersistentVolumeReclaimPolicy = "Delete", HostPath = new() { Path = path } } } : null!;
        Decide(At("/tmp/x"), null).Steps.Select(s => s.GetType()).ShouldBe([typeof(ClaimGone), typeof(RemoveDirectory), typeof(Step.Delete)]);
        foreach (var path in new[] { "/data/x", "/tmp/", "/tmp/../etc" })
        {
            var failed = Decide(At(path), null).Steps.ShouldHaveSingleItem();
            failed.Done!.Reason.ShouldBe("VolumeFailedDelete");
            failed.Done.Message.ShouldBe($"host_path deleter only supports /tmp/.+ but received provided {path}");
            failed.ShouldBeOfType<Step.Patch>().Json.ShouldContain("\"phase\":\"Failed\"");
        }
    }

    static Decision Decide(PersistentVolume volume, PersistentVolumeClaim? claim) => TendVolume.Decide(new(volume, claim, [], _disk, Make.Now));
}
