using System.Text.Json.Nodes;
using Kennel.Client.Running;
using Kennel.Controllers.Volumes;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.Volumes;

/// <summary>Bound claims that ask for more.</summary>
public sealed class ExpandTests
{
    [Fact]
    [Trait("Behaviour", "SS-525")]
    public void A_directory_grows_in_three_writes_that_show_the_resize_begin_and_end()
    {
        var steps = Expand.Decide(Grown(), Ours(), Make.Now).Steps;
        Json(steps[0]).ShouldBe(
            """{"status":{"allocatedResources":{"storage":"5Gi"},"allocatedResourceStatuses":{"storage":"ControllerResizeInProgress"},"conditions":[{"type":"Resizing","status":"True","lastTransitionTime":"2026-01-01T12:00:00Z"}]},"metadata":{"uid":"uid-c"}}""");
        Json(steps[1]).ShouldBe("""{"spec":{"capacity":{"storage":"5Gi"}},"metadata":{"uid":"uid-v"}}""");
        Json(steps[2]).ShouldBe("""{"status":{"capacity":{"storage":"5Gi"},"allocatedResourceStatuses":null,"conditions":null},"metadata":{"uid":"uid-c"}}""");
        steps.Select(s => s.Done is { } n ? $"{n.Reason} {n.Message}" : null).ShouldBe(["Resizing External resizer is resizing volume v", null, "VolumeResizeSuccessful Resize volume succeeded"]);
    }

    [Fact]
    public void A_resize_that_was_broken_off_goes_on_where_it_stood()
    {
        var claim = Grown();
        var begun = claim with
        {
            Status = claim.Status! with
            {
                AllocatedResources = Make.Map(("storage", "5Gi")),
                AllocatedResourceStatuses = Make.Map(("storage", "ControllerResizeInProgress")),
                Conditions = [new() { Type = "Resizing", Status = "True" }, new() { Type = "ModifyingVolume", Status = "True" }],
            },
        };
        var volume = Ours() is var v ? v with { Spec = v.Spec! with { Capacity = Make.Map(("storage", "5Gi")) } } : null!;
        Json(Expand.Decide(begun, volume, Make.Now).Steps.ShouldHaveSingleItem())
            .ShouldBe("""{"status":{"capacity":{"storage":"5Gi"},"allocatedResourceStatuses":null,"conditions":[{"status":"True","type":"ModifyingVolume"}]},"metadata":{"uid":"uid-c"}}""");
    }

    [Fact]
    public void What_is_large_enough_or_not_bound_to_its_volume_stays()
    {
        Expand.Decide(Make.Claim("c", "x", "5Gi").Bound("v"), Ours(), Make.Now).Steps.ShouldBeEmpty();
        Expand.Decide(Grown(), null, Make.Now).Steps.ShouldBeEmpty();
        Expand.Decide(Grown(), Make.Volume("v").For(Make.Claim("other")), Make.Now).Steps.ShouldBeEmpty();
        Expand.Decide(Grown() with { Status = new() { Phase = "Lost" } }, Ours(), Make.Now).Steps.ShouldBeEmpty();
    }

    [Fact]
    public void Volumes_of_others_are_left_to_others()
    {
        var decision = Expand.Decide(Grown(), Make.Volume("v").For(Make.Claim("c")), Make.Now);
        decision.Steps.ShouldHaveSingleItem().Done!.Message.ShouldBe("waiting for an external controller to expand this PVC");
        decision.WaitingFor.ShouldBe("somebody to expand PersistentVolume v to 5Gi: no provisioner here made it");
    }

    [Fact]
    [Trait("Behaviour", "SS-525")]
    public async Task A_claim_of_a_set_grows_when_its_owner_edits_it_and_shows_no_trace_of_the_resize_after()
    {
        await using var world = new LiveWorld(c => [new ClaimBinder(c), new VolumeBinder(c, new NoDirectories()), new Expander(c)], api =>
        {
            api.Put(Ours() with { Status = new() { Phase = "Bound" } });
            api.Put(Make.Claim("c", "x").Bound("v"));
        });
        var claim = world.Api.Get<PersistentVolumeClaim>("default", "c")!;
        world.Api.Put(claim with { Spec = claim.Spec! with { Resources = new() { Requests = Make.Map(("storage", "3Gi")) } } });
        await world.Until<PersistentVolumeClaim>("c", c => c.Status!.Capacity["storage"] == "3Gi");
        var after = world.Api.Get<PersistentVolumeClaim>("default", "c")!;
        after.Status!.Conditions.ShouldBeEmpty();
        after.Status.AllocatedResourceStatuses.ShouldBeEmpty();
        after.Status.AllocatedResources["storage"].ShouldBe("3Gi");
        after.Status.Phase.ShouldBe("Bound");
        world.Api.Get<PersistentVolume>("", "v")!.Spec!.Capacity["storage"].ShouldBe("3Gi");
    }

    static PersistentVolumeClaim Grown() => Make.Claim("c", "x").Bound("v") is var c ? c with { Spec = c.Spec! with { Resources = new() { Requests = Make.Map(("storage", "5Gi")) } } } : null!;

    static PersistentVolume Ours() => Make.Volume("v", kind: "x").For(Make.Claim("c")) is var v
        ? v with { Metadata = v.Metadata with { Annotations = Make.Map((Marks.ProvisionedBy, "rancher.io/local-path")) } } : null!;

    static string Json(Step step) => JsonNode.Parse(step.ShouldBeOfType<Step.Patch>().Json)!.ToJsonString();
}
