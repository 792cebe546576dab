using System.Collections.Immutable;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Volumes;

/// <summary>What becomes of a volume whose claim is gone: kept, deleted with its data, or scrubbed for the next claim (SS-1120..1123).</summary>
public static class Reclaim
{
    public static Decision Decide(VolumeObserved o)
    {
        if (o.Volume.Phase is Marks.Released or Marks.Failed) return Act(o);
        return new([new ClaimGone(o.Volume), Binding.VolumePhase(o.Volume, Marks.Released)], $"what its policy {o.Volume.ReclaimPolicy} says");
    }

    static Decision Act(VolumeObserved o) => o.Volume.ReclaimPolicy switch
    {
        "Retain" => Decision.Wait("somebody to remove spec.claimRef, or the volume: its policy is Retain"),
        "Delete" => Delete(o),
        "Recycle" => Recycle(o),
        _ => Fail(o, "VolumeUnknownReclaimPolicy", "Volume has unrecognized PersistentVolumeReclaimPolicy"),
    };

    /// <summary>A provisioned volume is deleted by who provisioned it; a hostPath made by hand only under /tmp (SS-1121).</summary>
    static Decision Delete(VolumeObserved o)
    {
        if (o.Volume.IsProvisioned) return Decision.Wait($"provisioner {o.Volume.Annotation(Marks.ProvisionedBy)} to delete it");
        if (o.Volume.Spec?.HostPath is not { } host)
            return Fail(o, "VolumeFailedDelete", $"error getting deleter volume plugin for volume \"{o.Volume.Metadata.Name}\": no deletable volume plugin matched");
        if (!UnderTmp(host.Path)) return Fail(o, "VolumeFailedDelete", $"host_path deleter only supports /tmp/.+ but received provided {host.Path}");
        return Trouble(o, "VolumeFailedDelete", "") ?? new([new ClaimGone(o.Volume), new RemoveDirectory(o.Directories, host.Path), Gone(o.Volume)]);
    }

    /// <summary>The folder is emptied, and the volume is there for the next claim (SS-1122).</summary>
    static Decision Recycle(VolumeObserved o)
    {
        if (o.Users.Length > 0 && o.Claim is null)
        {
            var users = string.Join(",", o.Users);
            return new([new Step.Say { Done = new(o.Volume, "VolumeFailedRecycle", $"Volume is used by pods: {users}") }], $"pods {users} to finish: they use the volume", o.Now + Marks.Resync);
        }
        if (o.Volume.Spec?.HostPath is not { } host) return Fail(o, "VolumeFailedRecycle", "No recycler plugin found for the volume!");
        return Trouble(o, "VolumeFailedRecycle", "Recycle failed: ") ?? new(
        [
            new ClaimGone(o.Volume),
            new ScrubDirectory(o.Directories, host.Path) { Done = new(o.Volume, "VolumeRecycled", "Volume recycled") },
            .. TendVolume.Unbind(o.Volume),
        ]);
    }

    /// <summary>Removes the volume object itself.</summary>
    public static Step.Delete Gone(PersistentVolume volume) => new(PersistentVolume.Resource, ObjectKey.Of(volume), volume.Metadata.Uid);

    /// <summary>What can't be done is said once, and looked at again like everything that is released (SS-1123).</summary>
    static Decision Fail(VolumeObserved o, string reason, string message) =>
        new(o.Volume.Phase == Marks.Failed ? [] : [Failed(o, reason, message)], $"somebody to help: {message}", o.Now + Marks.Resync);

    /// <summary>The disk refused last time: the volume shows it, which wakes it for the next try.</summary>
    static Decision? Trouble(VolumeObserved o, string reason, string prefix) =>
        o.Volume.Phase != Marks.Failed && o.Problem?.StartsWith(DirectoryStep.Trouble, StringComparison.Ordinal) == true
            ? new([Failed(o, reason, prefix + o.Problem[DirectoryStep.Trouble.Length..])]) : null;

    static Step.Patch Failed(VolumeObserved o, string reason, string message) =>
        Binding.VolumePhase(o.Volume, Marks.Failed, message) with { Done = new(o.Volume, reason, message, Warning: true) };

    static bool UnderTmp(string path) => path.StartsWith("/tmp/", StringComparison.Ordinal) && path.Length > 5 && !path.Contains("..");
}
