using Kennel.Controllers.Volumes;
using Kennel.Controllers.Volumes.Matching;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.Volumes;

/// <summary>Free volumes and waiting claims find each other without walks over all of them.</summary>
public sealed class OffersTests
{
    readonly Offers _offers = new();

    [Fact]
    [Trait("Behaviour", "SS-1104")]
    public void The_choice_is_the_same_as_by_looking_at_all()
    {
        var random = new Random(7);
        string[] modes = ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany"];
        for (var round = 0; round < 300; round++)
        {
            var offers = new Offers();
            var volumes = Enumerable.Range(0, random.Next(12)).Select(i => Labelled(
                Make.Volume($"v{i}", $"{random.Next(1, 5)}Gi", random.Next(3) == 0 ? "x" : null, random.Next(5) == 0 ? "Released" : "Available", [.. modes.Where((_, m) => m == i % 3 || random.Next(2) == 0)]),
                random.Next(3))).ToList();
            foreach (var volume in volumes) offers.Changed(null, volume);
            var claim = Make.Claim("c", random.Next(3) == 0 ? "x" : null, $"{random.Next(1, 5)}Gi", modes[random.Next(3)]);
            if (random.Next(3) == 0) claim = claim with { Spec = claim.Spec! with { Selector = new() { MatchLabels = Make.Map(("disk", $"{random.Next(3)}")) } } };
            offers.For(claim)?.Metadata.Name.ShouldBe(Match.Best(claim, volumes)?.Metadata.Name);
            (offers.For(claim) is null).ShouldBe(Match.Best(claim, volumes) is null);
        }
    }

    [Fact]
    public void Two_claims_are_never_offered_the_same_volume()
    {
        Appears("a");
        Appears("b", "2Gi");
        Take("one").ShouldBe("a");
        Take("two").ShouldBe("b");
        Take("three").ShouldBeNull();
        Take("one").ShouldBe("a");
    }

    [Fact]
    public void A_volume_that_appears_wakes_one_claim_that_it_may_serve()
    {
        _offers.Wait(Make.Claim("large", size: "5Gi"));
        _offers.Wait(Make.Claim("small"));
        _offers.Wait(Make.Claim("medium", size: "2Gi"));
        _offers.Wait(Make.Claim("fast", "fast"));
        Appears("v", "3Gi").ShouldBe("medium");
        Appears("w", "3Gi").ShouldBe("small");
        Appears("x", "3Gi").ShouldBeNull();
        Take("late").ShouldBe("x");
    }

    [Fact]
    public void A_volume_whose_claim_went_away_is_offered_to_the_next()
    {
        Appears("v");
        Take("one").ShouldBe("v");
        _offers.Wait(Make.Claim("two"));
        _offers.Changed(Make.Claim("one"), null).ShouldBe(new ObjectKey("default", "two"));
        Take("two").ShouldBe("v");
    }

    [Fact]
    public void A_volume_that_is_claimed_or_gone_is_offered_to_nobody()
    {
        Appears("v");
        _offers.Changed(Make.Volume("v"), Make.Volume("v").For(Make.Claim("x")));
        Appears("w");
        _offers.Changed(Make.Volume("w"), null);
        Take("one").ShouldBeNull();
    }

    [Fact]
    [Trait("Behaviour", "SS-1104")]
    public void A_label_finds_its_claim_among_thousands()
    {
        for (var i = 0; i < 3000; i++)
            _offers.Wait(Make.Claim($"c{i:0000}") is var c ? c with { Spec = c.Spec! with { Selector = new() { MatchLabels = Make.Map(("disk", $"{i}")) } } } : null!);
        for (var i = 2999; i >= 0; i--) _offers.Changed(null, Labelled(Make.Volume($"v{i:0000}"), i)).ShouldBe(new ObjectKey("default", $"c{i:0000}"));
    }

    /// <summary>Ten thousand of each: what would take minutes if a sync looked at all of the other kind ends at once.</summary>
    [Fact]
    public void Ten_thousand_claims_and_volumes_meet_whichever_comes_first()
    {
        const int Many = 10_000;
        for (var i = 0; i < Many; i++) _offers.Wait(Make.Claim($"c{i:00000}"));
        var woken = new HashSet<ObjectKey>();
        for (var i = 0; i < Many; i++) woken.Add(_offers.Changed(null, Make.Volume($"v{i:00000}"))!.Value).ShouldBeTrue();
        woken.Count.ShouldBe(Many);

        for (var i = 0; i < Many; i++) _offers.Changed(null, Make.Volume($"w{i:00000}")).ShouldBeNull();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Many; i++) taken.Add(Take($"d{i:00000}")!).ShouldBeTrue();
        taken.Count.ShouldBe(Many);
    }

    string? Appears(string name, string size = "1Gi") => _offers.Changed(null, Make.Volume(name, size))?.Name;

    string? Take(string name)
    {
        var claim = Make.Claim(name);
        if (_offers.For(claim) is not { } volume) return null;
        _offers.Promise(claim, volume);
        return volume.Metadata.Name;
    }

    static PersistentVolume Labelled(PersistentVolume volume, int disk) => volume with { Metadata = volume.Metadata with { Labels = Make.Map(("disk", $"{disk}")) } };
}
