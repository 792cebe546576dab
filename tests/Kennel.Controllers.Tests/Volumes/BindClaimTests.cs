using Kennel.Client.Running;
using Kennel.Controllers.Volumes;
using Kennel.Objects.Core;
using Kennel.Objects.Storage;

namespace Kennel.Controllers.Tests.Volumes;

public sealed class BindClaimTests
{
    [Fact]
    [Trait("Behaviour", "SS-1111")]
    public void Binding_writes_the_reference_then_the_volumes_phase_then_the_claim_then_its_status()
    {
        var steps = Decide(Make.Claim("c"), candidates: Make.Volume("v", "10Gi")).Steps;
        var reserve = steps[0].ShouldBeOfType<Step.Update>().Object.ShouldBeOfType<PersistentVolume>();
        reserve.Spec!.ClaimRef!.ShouldBe(new() { ApiVersion = "v1", Kind = "PersistentVolumeClaim", Namespace = "default", Name = "c", Uid = "uid-c", ResourceVersion = "7" });
        reserve.Metadata.Annotations[Marks.BoundByController].ShouldBe("yes");
        steps[1].ShouldBeOfType<Step.Patch>().ShouldSatisfyAllConditions(p => p.Subresource.ShouldBe("status"), p => p.Json.ShouldContain("\"phase\":\"Bound\""), p => p.Key.Name.ShouldBe("v"));
        steps[2].ShouldBeOfType<Step.Patch>().Json.ShouldBe(
            """{"metadata":{"annotations":{"pv.kubernetes.io/bind-completed":"yes","pv.kubernetes.io/bound-by-controller":"yes"},"uid":"uid-c"},"spec":{"volumeName":"v"}}""");
        steps[3].ShouldBeOfType<Step.Patch>().Json.ShouldBe(
            """{"status":{"phase":"Bound","accessModes":["ReadWriteOnce"],"capacity":{"storage":"10Gi"}},"metadata":{"uid":"uid-c"}}""");
        steps.Length.ShouldBe(4);
    }

    [Fact]
    [Trait("Behaviour", "SS-1111")]
    public void Steps_that_are_done_are_not_done_again()
    {
        var claim = Make.Claim("c");
        Decide(claim.Bound("v"), named: Make.Volume("v", phase: "Bound").For(claim)).Steps.ShouldBeEmpty();
        Decide(claim, candidates: Make.Volume("v", phase: "Bound").For(claim)).Steps.Length.ShouldBe(2);
    }

    [Fact]
    [Trait("Behaviour", "SS-1111")]
    public void A_volume_that_the_user_reserved_is_not_marked_as_chosen_by_the_binder()
    {
        var claim = Make.Claim("c");
        var step = Decide(claim, candidates: Make.Volume("v").For(claim, uid: false)).Steps[0].ShouldBeOfType<Step.Update>();
        step.Object.Metadata.Annotations.ContainsKey(Marks.BoundByController).ShouldBeFalse();
    }

    [Theory]
    [Trait("Behaviour", "SS-1109")]
    [InlineData("small", "requested PV is too small")]
    [InlineData("class", "storageClassName does not match")]
    [InlineData("mode", "incompatible accessMode")]
    [InlineData("leaving", "the volume is marked for deletion \"v\"")]
    public void A_named_volume_that_does_not_fit_is_said_to_be_a_mismatch(string case_, string why)
    {
        var volume = case_ switch
        {
            "small" => Make.Volume("v", "1Mi"),
            "class" => Make.Volume("v", kind: "other"),
            "mode" => Make.Volume("v", "1Gi", null, "Available", "ReadOnlyMany"),
            _ => Make.Volume("v") is var v ? v with { Metadata = v.Metadata with { DeletionTimestamp = Make.Now } } : null!,
        };
        Notes(Decide(Make.Claim("c", volume: "v"), named: volume)).ShouldBe([$"VolumeMismatch Cannot bind to requested volume \"v\": {why}"]);
    }

    [Fact]
    [Trait("Behaviour", "SS-1110")]
    public void A_named_volume_of_another_claim_is_waited_for()
    {
        var decision = Decide(Make.Claim("c", volume: "v"), named: Make.Volume("v").For(Make.Claim("other")));
        Notes(decision).ShouldBe(["FailedBinding volume \"v\" already bound to a different claim."]);
        decision.At.ShouldBe(Make.Now + Marks.Resync);
    }

    [Theory]
    [Trait("Behaviour", "SS-1112")]
    [InlineData("emptied", "ClaimLost Bound claim has lost reference to PersistentVolume. Data on the volume is lost!")]
    [InlineData("gone", "ClaimLost Bound claim has lost its PersistentVolume. Data on the volume is lost!")]
    [InlineData("taken", "ClaimMisbound Two claims are bound to the same volume, this one is bound incorrectly")]
    public void A_bound_claim_that_lost_its_volume_is_lost(string how, string note)
    {
        var claim = Make.Claim("c").Bound(how == "emptied" ? "" : "v");
        var decision = Decide(claim, named: how == "taken" ? Make.Volume("v").For(Make.Claim("other")) : null);
        Notes(decision).ShouldBe([note]);
        decision.Steps[0].ShouldBeOfType<Step.Patch>().Json.ShouldContain("\"phase\":\"Lost\"");
        Decide(claim with { Status = new() { Phase = "Lost" } }, named: how == "taken" ? Make.Volume("v").For(Make.Claim("other")) : null).Steps.ShouldBeEmpty();
    }

    [Fact]
    [Trait("Behaviour", "SS-1112")]
    public void A_bound_claim_whose_volume_forgot_it_is_bound_again() =>
        Decide(Make.Claim("c").Bound("v"), named: Make.Volume("v")).Steps.Length.ShouldBe(2);

    [Fact]
    [Trait("Behaviour", "SS-1113")]
    public void Without_volume_and_class_it_says_so_and_looks_again()
    {
        var decision = Decide(Make.Claim("c"));
        Notes(decision).ShouldBe(["FailedBinding no persistent volumes available for this claim and no storage class is set"]);
        decision.At.ShouldBe(Make.Now + Marks.Resync);
    }

    [Theory]
    [Trait("Behaviour", "SS-1114")]
    [InlineData(null, "ProvisioningFailed storageclass.storage.k8s.io \"fast\" not found")]
    [InlineData("kubernetes.io/no-provisioner", "ProvisioningFailed no volume plugin matched name: kubernetes.io/no-provisioner")]
    [InlineData("x.io/y", "ExternalProvisioning Waiting for a volume to be created either by the external provisioner 'x.io/y' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.")]
    public void Provisioning_is_left_to_others_or_impossible(string? provisioner, string note) =>
        Notes(Decide(Make.Claim("c", "fast"), kind: provisioner is null ? null : Make.Class("fast", provisioner, waits: false))).ShouldBe([note]);

    [Fact]
    [Trait("Behaviour", "SS-1133")]
    public void A_claim_without_class_takes_a_volume_without_class_before_the_default_class()
    {
        Decide(Make.Claim("c"), standard: Make.Class("local-path"), candidates: Make.Volume("v")).Steps.Length.ShouldBe(4);
        Decide(Make.Claim("c"), standard: Make.Class("local-path")).Steps.ShouldHaveSingleItem().ShouldBeOfType<Step.Patch>().Json
            .ShouldBe("""{"spec":{"storageClassName":"local-path"},"metadata":{"uid":"uid-c","resourceVersion":"7"}}""");
    }

    [Fact]
    [Trait("Behaviour", "SS-1106")]
    public void A_claim_that_wants_no_class_never_gets_the_default_one() =>
        Notes(Decide(Make.Claim("c", ""), standard: Make.Class("local-path"))).ShouldBe(["FailedBinding no persistent volumes available for this claim and no storage class is set"]);

    [Fact]
    [Trait("Behaviour", "SS-1128")]
    public void A_class_that_waits_for_a_consumer_leaves_free_volumes_alone()
    {
        var claim = Make.Claim("c", "local");
        var free = Make.Volume("v", kind: "local");
        Notes(Decide(claim, kind: Make.Class("local"), candidates: free)).ShouldBe(["WaitForFirstConsumer waiting for first consumer to be created before binding"]);
        Notes(Decide(claim, Make.Class("local"), pods: ["a"])).ShouldBe(["WaitForPodScheduled waiting for pod a to be scheduled"]);
        Notes(Decide(claim, Make.Class("local"), pods: ["a", "b"])).ShouldBe(["WaitForPodScheduled waiting for pods a,b to be scheduled"]);
        Decide(claim, kind: Make.Class("local"), candidates: free.For(claim, uid: false)).Steps.Length.ShouldBe(4);
        var young = Decide(claim with { Metadata = claim.Metadata with { CreationTimestamp = Make.Now } }, Make.Class("local"), pods: ["a"]);
        Notes(young).ShouldBeEmpty("the pod is being scheduled right now");
        (young.WaitingFor, young.At).ShouldBe(("pod a to be scheduled", Make.Now + Marks.Moment));
    }

    [Fact]
    [Trait("Behaviour", "SS-1132")]
    public void The_newest_default_class_counts()
    {
        var old = Make.Class("a", isDefault: true);
        var young = old with { Metadata = old.Metadata with { Name = "b", CreationTimestamp = Make.Now } };
        new[] { old, young, Make.Class("c") }.Default()!.Metadata.Name.ShouldBe("b");
        new[] { young with { Metadata = young.Metadata with { Name = "d" } }, young }.Default()!.Metadata.Name.ShouldBe("b");
    }

    static Decision Decide(
        PersistentVolumeClaim claim, StorageClass? kind = null, StorageClass? standard = null, PersistentVolume? named = null, string[]? pods = null, PersistentVolume? candidates = null) =>
        BindClaim.Decide(new(claim, named, candidates is null ? [] : [candidates], kind, standard, [.. pods ?? []], Make.Now));

    static IEnumerable<string> Notes(Decision decision) => decision.Steps.Where(s => s.Done is not null).Select(s => $"{s.Done!.Reason} {s.Done.Message}");
}
