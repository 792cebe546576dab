using Kennel.Client.Running;
using Kennel.Controllers.Volumes;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.Volumes;

public sealed class ProtectTests
{
    [Fact]
    [Trait("Behaviour", "SS-1124")]
    public void Every_claim_gets_the_finalizer() =>
        Protect.Decide(new ClaimInUse(Make.Claim("c"), [])).Steps.ShouldHaveSingleItem().ShouldBeOfType<Step.Patch>().Json.ShouldContain("[\"kubernetes.io/pvc-protection\"]");

    [Theory]
    [Trait("Behaviour", "SS-1124")]
    [InlineData("n1", "Running", true)]
    [InlineData("n1", "Succeeded", true)]
    [InlineData(null, "Pending", false)]
    public void A_deleted_claim_is_kept_while_a_pod_with_a_node_names_it(string? node, string phase, bool kept)
    {
        var pod = Make.Pod("p", node, claims: "c") with { Status = new() { Phase = phase } };
        Protect.Decide(new ClaimInUse(Leaving(Make.Claim("c")), [pod])).Steps.IsEmpty.ShouldBe(kept);
    }

    [Theory]
    [InlineData("Succeeded", 0, false)]
    [InlineData("Failed", 0, false)]
    [InlineData("Running", 0, true)] // forced away: it may still run
    [InlineData("Succeeded", 30, true)]
    public void A_pod_that_only_its_finalizers_keep_keeps_no_claim(string phase, long graceSeconds, bool kept)
    {
        var pod = Make.Pod("p", "n1", claims: "c") is var p
            ? p with { Metadata = p.Metadata with { DeletionTimestamp = Make.Now, DeletionGracePeriodSeconds = graceSeconds, Finalizers = ["foregroundDeletion"] }, Status = new() { Phase = phase } } : null!;
        Protect.Decide(new ClaimInUse(Leaving(Make.Claim("c")), [pod])).Steps.IsEmpty.ShouldBe(kept);
    }

    [Fact]
    [Trait("Behaviour", "SS-1127")]
    public void Pods_are_looked_at_live_before_the_finalizer_goes()
    {
        var steps = Protect.Decide(new ClaimInUse(Leaving(Make.Claim("c")), [])).Steps;
        steps[0].ShouldBeOfType<NoPodUses>();
        steps[1].ShouldBeOfType<Step.Patch>().Json.ShouldContain("\"finalizers\":null");
    }

    [Fact]
    [Trait("Behaviour", "SS-1127")]
    public void A_cache_that_is_newer_than_the_deletion_is_as_good_as_a_live_look() =>
        Protect.Decide(new ClaimInUse(Leaving(Make.Claim("c")), [], PodsAreFresh: true)).Steps.ShouldHaveSingleItem().ShouldBeOfType<Step.Patch>();

    [Fact]
    [Trait("Behaviour", "SS-1124")]
    public void Who_keeps_the_claim_is_said()
    {
        Pod[] pods = [Make.Pod("b", "n1", claims: "c"), Make.Pod("a", "n1", claims: "c"), Make.Pod("x", null, claims: "c")];
        Protect.Decide(new ClaimInUse(Leaving(Make.Claim("c")), [.. pods])).WaitingFor.ShouldBe("pods a, b to be deleted: they use the claim");
        var held = Leaving(Make.Claim("c")) is var c ? c with { Metadata = c.Metadata with { Finalizers = ["x/y"] } } : null!;
        Protect.Decide(new ClaimInUse(held, [])).WaitingFor.ShouldBe("somebody else's finalizers to go: x/y");
    }

    [Theory]
    [Trait("Behaviour", "SS-1125")]
    [InlineData("Bound", true)]
    [InlineData("Released", false)]
    public void A_deleted_volume_is_kept_while_it_is_bound(string phase, bool kept)
    {
        var volume = Make.Volume("v", phase: phase);
        var leaving = volume with { Metadata = volume.Metadata with { DeletionTimestamp = Make.Now, Finalizers = [Marks.VolumeProtection] } };
        Protect.Decide(leaving).Steps.IsEmpty.ShouldBe(kept);
        Protect.Decide(volume).Steps.ShouldHaveSingleItem();
    }

    static PersistentVolumeClaim Leaving(PersistentVolumeClaim claim) =>
        claim with { Metadata = claim.Metadata with { DeletionTimestamp = Make.Now, Finalizers = [Marks.ClaimProtection] } };
}
