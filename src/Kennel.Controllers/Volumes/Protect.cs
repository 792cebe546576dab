using System.Collections.Immutable;
using Kennel.Client.Running;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Volumes;

/// <summary>What claim protection knows of one claim.</summary>
/// <param name="Pods">All pods that name the claim.</param>
/// <param name="PodsAreFresh">What is known of pods is newer than the claim's deletion: no pod that was given a node before it can be missing.</param>
public sealed record ClaimInUse(PersistentVolumeClaim Claim, ImmutableArray<Pod> Pods, bool PodsAreFresh = false);

/// <summary>Finalizers that keep used claims and bound volumes from going away (SS-1124, SS-1125).</summary>
public static class Protect
{
    public static Decision Decide(ClaimInUse o)
    {
        var protectedNow = o.Claim.Metadata.Finalizers.Contains(Marks.ClaimProtection);
        if (o.Claim.Metadata.DeletionTimestamp is null)
            return protectedNow ? Decision.Nothing : new([Merge.WithFinalizer(o.Claim, Marks.ClaimProtection)]);
        if (!protectedNow) return Others(o.Claim.Metadata.Finalizers);
        var users = o.Pods.Where(p => Uses.Keeps(p, o.Claim.Metadata.Name!)).Select(p => p.Metadata.Name).Order(StringComparer.Ordinal).ToList();
        if (users.Count > 0) return Decision.Wait($"pod{(users.Count > 1 ? "s" : "")} {string.Join(", ", users)} to be deleted: {(users.Count > 1 ? "they use" : "it uses")} the claim");
        var leave = Merge.WithoutFinalizer(o.Claim, Marks.ClaimProtection);
        return new(o.PodsAreFresh ? [leave] : [new NoPodUses(o.Claim), leave]);
    }

    public static Decision Decide(PersistentVolume volume)
    {
        var protectedNow = volume.Metadata.Finalizers.Contains(Marks.VolumeProtection);
        if (volume.Metadata.DeletionTimestamp is null)
            return protectedNow ? Decision.Nothing : new([Merge.WithFinalizer(volume, Marks.VolumeProtection)]);
        if (!protectedNow) return Others(volume.Metadata.Finalizers);
        return volume.Phase == Marks.Bound
            ? Decision.Wait($"claim {volume.ClaimRef?.Namespace}/{volume.ClaimRef?.Name} to be deleted: it is bound to the volume")
            : new([Merge.WithoutFinalizer(volume, Marks.VolumeProtection)]);
    }

    static Decision Others(IReadOnlyList<string> finalizers) =>
        finalizers.Count == 0 ? Decision.Nothing : Decision.Wait($"somebody else's finalizers to go: {string.Join(", ", finalizers)}");
}
