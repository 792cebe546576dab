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
    [Trait("Behaviour", "SS-1118")]
    public void A_provisioned_volume_that_is_to_be_deleted_is_reclaimed_instead()
    {
        var claim = Make.Claim("c").Bound("other");
        var volume = Make.Volume("v", phase: "Bound").For(claim);
        var made = volume with
        {
            Metadata = volume.Metadata with { Annotations = Make.Map((Marks.ProvisionedBy, "rancher.io/local-path")) },
            Spec = volume.Spec! with { PersistentVolumeReclaimPolicy = "Delete" },
        };
        Decide(made, claim).Steps[1].ShouldBeOfType<Step.Patch>().Json.ShouldContain("\"phase\":\"Released\"");
        Decide(made with { Spec = made.Spec with { PersistentVolumeReclaimPolicy = "Retain" } }, claim).Steps[1].ShouldBeOfType<Step.Patch>().Json.ShouldContain("\"phase\":\"Available\"");
    }

    [Fact]
    [Trait("Behaviour", "SS-1117")]
    public void A_volume_reserved_for_a_claim_stays_Available_and_waits_for_it()
    {
        var decision = Decide(Make.Volume("v").For(Make.Claim("c"), uid: false), null);
        decision.Steps.ShouldBeEmpty();
        decision.WaitingFor.ShouldBe("claim default/c, for which it is reserved");
    }

    [Fact]
    [Trait("Behaviour", "SS-1111")]
    public void The_phase_Bound_is_left_to_who_binds_the_claim()
    {
        var claim = Make.Claim("c");
        Decide(Make.Volume("v").For(claim), claim).WaitingFor.ShouldBe("claim default/c to be bound to it");
        Decide(Make.Volume("v").For(claim), claim.Bound("v")).Steps.ShouldBeEmpty();
        Decide(Make.Volume("v", phase: "Bound").For(claim), claim.Bound("v")).ShouldBe(Decision.Nothing);
    }

    [Fact]
    [Trait("Behaviour", "SS-1102")]
    public void A_volume_reserved_for_a_claim_of_another_mode_tells_both()
    {
        var volume = Make.Volume("v").For(Make.Claim("c")) is var v ? v with { Spec = v.Spec! with { VolumeMode = "Block" } } : null!;
        Decide(volume, Make.Claim("c")).Steps.Select(s => $"{s.Done!.Regarding.Metadata.Name} {s.Done.Reason} {s.Done.Message}").ShouldBe(
        [
            "v VolumeMismatch Cannot bind PersistentVolume to requested PersistentVolumeClaim \"c\" due to incompatible volumeMode.",
            "c VolumeMismatch Cannot bind PersistentVolume \"v\" to requested PersistentVolumeClaim due to incompatible volumeMode.",
        ]);
    }

    static Decision Decide(PersistentVolume volume, PersistentVolumeClaim? claim) => TendVolume.Decide(new(volume, claim, [], _disk, Make.Now));
}
