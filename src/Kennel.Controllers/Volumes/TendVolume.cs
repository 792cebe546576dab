using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Kennel.Client.Running;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Volumes;

/// <summary>What the binder knows when it looks at one volume.</summary>
/// <param name="Claim">The claim of the name that claimRef gives, if there is one of any uid.</param>
/// <param name="Directories">Where hostPath volumes live.</param>
public sealed record VolumeObserved(PersistentVolume Volume, PersistentVolumeClaim? Claim, IDirectories Directories);

/// <summary>Keeps a volume's phase true and reclaims it when its claim is gone (SS-1115..1122).</summary>
public static class TendVolume
{
    public static Decision Decide(VolumeObserved o)
    {
        var reference = o.Volume.ClaimRef;
        if (string.IsNullOrEmpty(reference?.Uid)) return Phase(o, Marks.Available);
        if (o.Claim is not { } claim || claim.Metadata.Uid != reference.Uid) return Release(o);
        if (claim.VolumeName == o.Volume.Metadata.Name) return Phase(o, Marks.Bound);
        if (claim.VolumeName.Length == 0) return Decision.Wait($"claim {claim.Metadata.Namespace}/{claim.Metadata.Name} to be bound to it");
        return IsOurs(o.Volume) && o.Volume.ReclaimPolicy == "Delete" ? Release(o) : Unbind(o);
    }

    static Decision Phase(VolumeObserved o, string phase) =>
        o.Volume.Phase == phase ? Decision.Nothing : new([Binding.VolumePhase(o.Volume, phase)]);

    /// <summary>The claim went to another volume (SS-1118): this one is free again, or still reserved by the user.</summary>
    static Decision Unbind(VolumeObserved o)
    {
        var reference = o.Volume.Annotation(Marks.BoundByController) is null
            ? new JsonObject { ["claimRef"] = new JsonObject { ["uid"] = null, ["resourceVersion"] = null } }
            : new JsonObject { ["claimRef"] = null };
        var patch = new JsonObject
        {
            ["spec"] = reference,
            ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Marks.BoundByController] = null } },
        };
        return new([Merge.Patch(o.Volume, patch, unchanged: true), Binding.VolumePhase(o.Volume, Marks.Available)]);
    }

    static Decision Release(VolumeObserved o)
    {
        var steps = ImmutableArray.CreateBuilder<Step>();
        if (o.Volume.Phase is not (Marks.Released or Marks.Failed))
        {
            steps.Add(new ClaimGone(o.Volume));
            steps.Add(Binding.VolumePhase(o.Volume, Marks.Released));
        }
        steps.AddRange(Reclaim(o));
        return new(steps.ToImmutable());
    }

    static ImmutableArray<Step> Reclaim(VolumeObserved o) => o.Volume.ReclaimPolicy switch
    {
        "Retain" => [],
        "Delete" => Delete(o),
        "Recycle" => Fail(o, "VolumeFailedRecycle", "No recycler plugin found for the volume!"),
        _ => Fail(o, "VolumeUnknownReclaimPolicy", "Volume has unrecognized reclaim policy"),
    };

    /// <summary>A provisioned volume is deleted by who provisioned it; a hostPath made by hand only under /tmp (SS-1121).</summary>
    static ImmutableArray<Step> Delete(VolumeObserved o)
    {
        if (IsOurs(o.Volume) || o.Volume.Spec?.Local is not null || o.Volume.Spec?.Csi is not null) return [];
        if (o.Volume.Spec?.HostPath is not { } host)
            return Fail(o, "VolumeFailedDelete", $"error getting deleter volume plugin for volume \"{o.Volume.Metadata.Name}\": no deletable volume plugin matched");
        if (!UnderTmp(host.Path)) return Fail(o, "VolumeFailedDelete", $"host_path deleter only supports /tmp/.+ but received provided {host.Path}");
        return [new ClaimGone(o.Volume), new RemoveDirectory(o.Directories, host.Path), Gone(o.Volume)];
    }

    /// <summary>Removes the volume object itself.</summary>
    public static Step.Delete Gone(PersistentVolume volume) =>
        new(PersistentVolume.Resource, Kennel.Objects.ObjectKey.Of(volume), volume.Metadata.Uid);

    static ImmutableArray<Step> Fail(VolumeObserved o, string reason, string message) =>
        o.Volume.Phase == Marks.Failed && o.Volume.Status?.Message == message
            ? []
            : [Binding.VolumePhase(o.Volume, Marks.Failed, reason, message) with { Done = new(o.Volume, reason, message, Warning: true) }];

    static bool UnderTmp(string path) => path.StartsWith("/tmp/", StringComparison.Ordinal) && path.Length > 5 && !path.Contains("..");

    static bool IsOurs(PersistentVolume volume) => volume.Annotation(Marks.ProvisionedBy) is not null;
}
