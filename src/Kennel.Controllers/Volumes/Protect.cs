using System.Collections.Immutable;
using Kennel.Client.Running;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Volumes;

/// <summary>What claim protection knows of one claim.</summary>
/// <param name="Pods">All pods that name the claim.</param>
public sealed record ClaimInUse(PersistentVolumeClaim Claim, ImmutableArray<Pod> Pods);

/// <summary>Finalizers that keep used claims and bound volumes from going away (SS-1124, SS-1125).</summary>
public static class Protect
{
    public static Decision Decide(ClaimInUse o)
    {
        var protectedNow = o.Claim.Metadata.Finalizers.Contains(Marks.ClaimProtection);
        if (o.Claim.Metadata.DeletionTimestamp is null)
            return protectedNow ? Decision.Nothing : new([Merge.WithFinalizer(o.Claim, Marks.ClaimProtection)]);
        if (!protectedNow) return Decision.Nothing;
        foreach (var pod in o.Pods)
            if (Uses.Keeps(pod, o.Claim.Metadata.Name!)) return Decision.Wait($"pod {pod.Metadata.Name} to be deleted: it uses the claim");
        return new([new NoPodUses(o.Claim), Merge.WithoutFinalizer(o.Claim, Marks.ClaimProtection)]);
    }

    public static Decision Decide(PersistentVolume volume)
    {
        var protectedNow = volume.Metadata.Finalizers.Contains(Marks.VolumeProtection);
        if (volume.Metadata.DeletionTimestamp is null)
            return protectedNow ? Decision.Nothing : new([Merge.WithFinalizer(volume, Marks.VolumeProtection)]);
        if (!protectedNow) return Decision.Nothing;
        return volume.Phase == Marks.Bound
            ? Decision.Wait($"claim {volume.ClaimRef?.Namespace}/{volume.ClaimRef?.Name} to be deleted: it is bound to the volume")
            : new([Merge.WithoutFinalizer(volume, Marks.VolumeProtection)]);
    }
}
