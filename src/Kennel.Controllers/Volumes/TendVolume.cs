using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Volumes;

/// <summary>What the binder knows when it looks at one volume.</summary>
/// <param name="Claim">The claim of the name that claimRef gives, if there is one of any uid.</param>
/// <param name="Users">Pods (namespace/name) that aren't finished and name that claim.</param>
/// <param name="Directories">Where hostPath volumes live.</param>
/// <param name="Problem">Why the last try failed, or null.</param>
public sealed record VolumeObserved(
    PersistentVolume Volume, PersistentVolumeClaim? Claim, ImmutableArray<string> Users, IDirectories Directories, DateTimeOffset Now, string? Problem = null);

/// <summary>Keeps a volume's phase true until it is bound, and again when its claim is gone (SS-1115..1118); see <see cref="Reclaim"/> for what then.</summary>
public static class TendVolume
{
    public static Decision Decide(VolumeObserved o)
    {
        var reference = o.Volume.ClaimRef;
        if (string.IsNullOrEmpty(reference?.Uid)) return Available(o);
        if (o.Claim is not { } claim || claim.Metadata.Uid != reference.Uid) return Reclaim.Decide(o);
        if (claim.VolumeName.Length == 0) return claim.Mode == o.Volume.Mode ? Decision.Wait($"claim {ObjectKey.Of(claim)} to be bound to it") : Mismatch(o, claim);
        if (claim.VolumeName != o.Volume.Metadata.Name)
            return o.Volume.IsProvisioned && o.Volume.ReclaimPolicy == "Delete" ? Reclaim.Decide(o) : new(Unbind(o.Volume));
        // The claim's side writes this phase: two writers would write it twice.
        return o.Volume.Phase == Marks.Bound ? Decision.Nothing : Decision.Wait($"claim {ObjectKey.Of(claim)} to be bound to it");
    }

    static Decision Available(VolumeObserved o) =>
        o.Volume.Phase != Marks.Available ? new([Binding.VolumePhase(o.Volume, Marks.Available)])
        : o.Volume.ClaimRef is { } reserved ? Decision.Wait($"claim {reserved.Namespace}/{reserved.Name}, for which it is reserved")
        : Decision.Nothing;

    /// <summary>A volume that its user reserved for a claim of another mode: both are told.</summary>
    static Decision Mismatch(VolumeObserved o, PersistentVolumeClaim claim)
    {
        var ours = $"Cannot bind PersistentVolume to requested PersistentVolumeClaim \"{claim.Metadata.Name}\" due to incompatible volumeMode.";
        var theirs = $"Cannot bind PersistentVolume \"{o.Volume.Metadata.Name}\" to requested PersistentVolumeClaim due to incompatible volumeMode.";
        return new(
            [
                new Step.Say { Done = new(o.Volume, "VolumeMismatch", ours, Warning: true) },
                new Step.Say { Done = new(claim, "VolumeMismatch", theirs, Warning: true) },
            ],
            $"claim {ObjectKey.Of(claim)} to be of volumeMode {o.Volume.Mode}", o.Now + Marks.Resync);
    }

    /// <summary>The volume is free again: of the claim that the binder chose for it, or, of one that its user chose, of its uid only (SS-1118).</summary>
    public static ImmutableArray<Step> Unbind(PersistentVolume volume)
    {
        var patch = volume.Annotation(Marks.BoundByController) is null
            ? new JsonObject { ["spec"] = new JsonObject { ["claimRef"] = new JsonObject { ["uid"] = null } } }
            : new JsonObject
            {
                ["spec"] = new JsonObject { ["claimRef"] = null },
                ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Marks.BoundByController] = null } },
            };
        return [Merge.Patch(volume, patch, unchanged: true), Binding.VolumePhase(volume, Marks.Available)];
    }
}
