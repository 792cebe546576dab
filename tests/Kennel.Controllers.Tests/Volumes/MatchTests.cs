using Kennel.Controllers.Volumes;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.Volumes;

public sealed class MatchTests
{
    [Fact]
    [Trait("Behaviour", "SS-1101")]
    public void Fewer_access_modes_win_over_a_smaller_size() =>
        Best(Make.Claim("c"), Make.Volume("both", "1Gi", null, "Available", "ReadWriteOnce", "ReadWriteMany"), Make.Volume("big", "10Gi")).ShouldBe("big");

    [Fact]
    [Trait("Behaviour", "SS-1104")]
    public void The_smallest_that_is_large_enough_wins_and_the_first_by_name_among_equals() =>
        Best(Make.Claim("c", size: "2Gi"), Make.Volume("tiny", "1Gi"), Make.Volume("b", "3Gi"), Make.Volume("a", "3Gi"), Make.Volume("huge", "5Gi")).ShouldBe("a");

    [Fact]
    [Trait("Behaviour", "SS-1102")]
    public void Nothing_is_taken_that_is_too_small_or_of_another_mode_or_somebody_elses_or_going_away()
    {
        var other = Make.Claim("other");
        var block = Make.Volume("block") is var b ? b with { Spec = b.Spec! with { VolumeMode = "Block" } } : null!;
        var leaving = Make.Volume("leaving") is var l ? l with { Metadata = l.Metadata with { DeletionTimestamp = Make.Now } } : null!;
        Best(Make.Claim("c"), Make.Volume("small", "500Mi"), block, leaving, Make.Volume("taken").For(other), Make.Volume("reserved").For(other, uid: false)).ShouldBeNull();
    }

    [Fact]
    [Trait("Behaviour", "SS-1103")]
    public void A_volume_reserved_for_the_claim_is_chosen_at_once_whatever_its_class_and_phase()
    {
        var claim = Make.Claim("c");
        Best(claim, Make.Volume("free"), Make.Volume("mine", "9Gi", "slow", "Pending").For(claim, uid: false)).ShouldBe("mine");
    }

    [Fact]
    [Trait("Behaviour", "SS-1104")]
    public void A_volume_must_be_available() => Best(Make.Claim("c"), Make.Volume("new", phase: "Pending")).ShouldBeNull();

    [Fact]
    [Trait("Behaviour", "SS-1115")]
    public void A_released_volume_is_not_matched_again_even_for_a_claim_of_the_same_name()
    {
        var before = Make.Claim("c");
        var again = before with { Metadata = before.Metadata with { Uid = "uid-another" } };
        Best(again, Make.Volume("v", phase: "Released").For(before)).ShouldBeNull();
    }

    [Theory]
    [Trait("Behaviour", "SS-1105")]
    [InlineData(null, null, true)]
    [InlineData("", null, true)]
    [InlineData(null, "fast", false)]
    [InlineData("fast", null, false)]
    [InlineData("fast", "fast", true)]
    public void Classes_must_be_the_same_and_none_is_a_class_of_its_own(string? ofClaim, string? ofVolume, bool fits) =>
        (Best(Make.Claim("c", ofClaim), Make.Volume("v", kind: ofVolume)) is not null).ShouldBe(fits);

    [Fact]
    [Trait("Behaviour", "SS-1104")]
    public void A_selector_is_respected()
    {
        var claim = Make.Claim("c") is var c ? c with { Spec = c.Spec! with { Selector = new() { MatchLabels = Make.Map(("disk", "ssd")) } } } : null!;
        PersistentVolume Labelled(string name, string disk) => Make.Volume(name) is var v ? v with { Metadata = v.Metadata with { Labels = Make.Map(("disk", disk)) } } : null!;
        Best(claim, Labelled("a", "hdd"), Labelled("b", "ssd")).ShouldBe("b");
    }

    static string? Best(PersistentVolumeClaim claim, params PersistentVolume[] volumes) => Match.Best(claim, volumes)?.Metadata.Name;
}
