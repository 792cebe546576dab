using Kennel.Client.Running;
using Kennel.Controllers.Volumes;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.Volumes;

/// <summary>What becomes of a volume whose claim is gone.</summary>
public sealed class ReclaimTests
{
    static readonly NoDirectories _disk = new();

    [Fact]
    [Trait("Behaviour", "SS-1115")]
    [Trait("Behaviour", "SS-1120")]
    public void First_it_is_released_and_nothing_else()
    {
        foreach (var policy in new[] { "Retain", "Delete", "Recycle" })
        {
            var steps = Decide(Volume(policy, "Bound")).Steps;
            steps[0].ShouldBeOfType<ClaimGone>();
            steps[1].ShouldBeOfType<Step.Patch>().Json.ShouldContain("\"phase\":\"Released\"");
            steps.Length.ShouldBe(2);
        }
    }

    [Fact]
    [Trait("Behaviour", "SS-1120")]
    public void A_retained_volume_waits_for_somebody()
    {
        var decision = Decide(Volume("Retain"));
        decision.Steps.ShouldBeEmpty();
        decision.WaitingFor.ShouldBe("somebody to remove spec.claimRef, or the volume: its policy is Retain");
    }

    [Theory]
    [Trait("Behaviour", "SS-1121")]
    [InlineData("Delete", "nfs", "VolumeFailedDelete", "error getting deleter volume plugin for volume \"v\": no deletable volume plugin matched")]
    [InlineData("Delete", "local", "VolumeFailedDelete", "error getting deleter volume plugin for volume \"v\": no deletable volume plugin matched")]
    [InlineData("Delete", "csi", "VolumeFailedDelete", "error getting deleter volume plugin for volume \"v\": no deletable volume plugin matched")]
    [InlineData("Delete", "/data/v", "VolumeFailedDelete", "host_path deleter only supports /tmp/.+ but received provided /data/v")]
    [InlineData("Delete", "/tmp/", "VolumeFailedDelete", "host_path deleter only supports /tmp/.+ but received provided /tmp/")]
    [InlineData("Delete", "/tmp/../etc", "VolumeFailedDelete", "host_path deleter only supports /tmp/.+ but received provided /tmp/../etc")]
    [InlineData("Recycle", "nfs", "VolumeFailedRecycle", "No recycler plugin found for the volume!")]
    [InlineData("Recycle", "local", "VolumeFailedRecycle", "No recycler plugin found for the volume!")]
    [InlineData("Shred", "/tmp/v", "VolumeUnknownReclaimPolicy", "Volume has unrecognized PersistentVolumeReclaimPolicy")]
    public void What_nobody_can_do_fails_and_says_so_once(string policy, string source, string reason, string message)
    {
        var failed = Decide(Volume(policy, source: source));
        var step = failed.Steps.ShouldHaveSingleItem().ShouldBeOfType<Step.Patch>();
        step.Json.ShouldStartWith("""{"status":{"phase":"Failed","message":""");
        (step.Done!.Reason, step.Done.Message, step.Done.Warning).ShouldBe((reason, message, true));
        var again = Decide(Volume(policy, "Failed", source));
        again.Steps.ShouldBeEmpty();
        again.At.ShouldBe(Make.Now + Marks.Resync);
        again.WaitingFor.ShouldBe($"somebody to help: {message}");
    }

    [Fact]
    [Trait("Behaviour", "SS-1121")]
    public void A_hand_made_host_path_below_tmp_goes_with_its_data()
    {
        foreach (var phase in new[] { "Released", "Failed" })
            Decide(Volume("Delete", phase, "/tmp/v")).Steps.Select(s => s.GetType()).ShouldBe([typeof(ClaimGone), typeof(RemoveDirectory), typeof(Step.Delete)]);
    }

    [Fact]
    [Trait("Behaviour", "SS-1120")]
    public void What_a_provisioner_made_is_left_to_it()
    {
        var volume = Volume("Delete") is var v ? v with { Metadata = v.Metadata with { Annotations = Make.Map((Marks.ProvisionedBy, "x.io/y")) } } : null!;
        var decision = Decide(volume);
        decision.Steps.ShouldBeEmpty();
        decision.WaitingFor.ShouldBe("provisioner x.io/y to delete it");
    }

    [Fact]
    [Trait("Behaviour", "SS-1122")]
    public void Recycling_empties_the_folder_and_frees_the_volume()
    {
        var steps = Decide(Volume("Recycle", source: "/data/v") is var v ? v with { Metadata = v.Metadata with { Annotations = Make.Map((Marks.BoundByController, "yes")) } } : null!).Steps;
        steps[0].ShouldBeOfType<ClaimGone>();
        var scrub = steps[1].ShouldBeOfType<ScrubDirectory>();
        scrub.Path.ShouldBe("/data/v");
        (scrub.Done!.Reason, scrub.Done.Message, scrub.Done.Warning).ShouldBe(("VolumeRecycled", "Volume recycled", false));
        steps[2].ShouldBeOfType<Step.Patch>().Json.ShouldContain("\"claimRef\":null");
        steps[3].ShouldBeOfType<Step.Patch>().Json.ShouldContain("\"phase\":\"Available\"");
        steps.Length.ShouldBe(4);
    }

    [Fact]
    [Trait("Behaviour", "SS-1122")]
    public void Nothing_is_recycled_under_a_pod_that_uses_it()
    {
        var volume = Volume("Recycle", source: "/data/v");
        var decision = TendVolume.Decide(new(volume, null, ["default/a", "default/b"], _disk, Make.Now));
        var note = decision.Steps.ShouldHaveSingleItem().ShouldBeOfType<Step.Say>().Done!;
        (note.Reason, note.Message, note.Warning).ShouldBe(("VolumeFailedRecycle", "Volume is used by pods: default/a,default/b", false));
        decision.WaitingFor.ShouldBe("pods default/a,default/b to finish: they use the volume");
    }

    [Theory]
    [Trait("Behaviour", "SS-1122")]
    [Trait("Behaviour", "SS-1123")]
    [InlineData("Recycle", "VolumeFailedRecycle", "Recycle failed: Permission denied")]
    [InlineData("Delete", "VolumeFailedDelete", "Permission denied")]
    public void A_disk_that_refuses_shows_and_is_tried_again(string policy, string reason, string message)
    {
        var told = TendVolume.Decide(new(Volume(policy, source: "/tmp/v"), null, [], _disk, Make.Now, DirectoryStep.Trouble + "Permission denied")).Steps.ShouldHaveSingleItem();
        (told.Done!.Reason, told.Done.Message).ShouldBe((reason, message));
        told.ShouldBeOfType<Step.Patch>().Json.ShouldContain("\"phase\":\"Failed\"");
        TendVolume.Decide(new(Volume(policy, "Failed", "/tmp/v"), null, [], _disk, Make.Now, DirectoryStep.Trouble + "Permission denied")).Steps[1].ShouldBeAssignableTo<DirectoryStep>();
    }

    static PersistentVolume Volume(string policy, string phase = "Released", string source = "/tmp/v") => Make.Volume("v", phase: phase).For(Make.Claim("c")) is var v
        ? v with
        {
            Spec = v.Spec! with
            {
                PersistentVolumeReclaimPolicy = policy,
                HostPath = source.StartsWith('/') ? new() { Path = source } : null,
                Nfs = source == "nfs" ? new() { Server = "s", Path = "/" } : null,
                Local = source == "local" ? new() { Path = "/disk" } : null,
                Csi = source == "csi" ? new() { Driver = "d", VolumeHandle = "h" } : null,
            },
        }
        : null!;

    static Decision Decide(PersistentVolume volume) => TendVolume.Decide(new(volume, null, [], _disk, Make.Now));
}
