using Kennel.Objects.Selectors;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Volumes;

/// <summary>Which volume a claim should have.</summary>
public static class Match
{
    /// <summary>
    /// The best of the candidates (SS-1101..1108): a volume reserved for this claim at once; otherwise the one with the fewest access
    /// modes, then the smallest, then the first by name.
    /// </summary>
    /// <param name="onlyReserved">Take none but a reserved one: the claim waits for its first consumer.</param>
    public static PersistentVolume? Best(PersistentVolumeClaim claim, IEnumerable<PersistentVolume> candidates, bool onlyReserved = false)
    {
        PersistentVolume? best = null;
        foreach (var volume in candidates)
        {
            if (!Fits(claim, volume)) continue;
            if (volume.ClaimRef is not null)
            {
                if (volume.IsFor(claim)) return volume;
                continue;
            }
            if (onlyReserved || !Free(claim, volume)) continue;
            if (best is null || Order(volume, best) < 0) best = volume;
        }
        return best;
    }

    /// <summary>Why a volume that the claim names can't be bound to it, in upstream's words; null when it can (SS-1109).</summary>
    public static string? Objection(PersistentVolumeClaim claim, PersistentVolume volume) =>
        volume.Metadata.DeletionTimestamp is not null ? $"the volume is marked for deletion \"{volume.Metadata.Name}\""
        : volume.Capacity < claim.Request ? "requested PV is too small"
        : volume.Class != claim.Class ? "storageClassName does not match"
        : !SameAttributes(claim, volume) ? "volumeAttributesClassName does not match"
        : volume.Mode != claim.Mode ? "incompatible volumeMode"
        : !HasModes(claim, volume) ? "incompatible accessMode"
        : null;

    /// <summary>What even a reserved volume must satisfy (SS-1102).</summary>
    static bool Fits(PersistentVolumeClaim claim, PersistentVolume volume) =>
        volume.Metadata.DeletionTimestamp is null
        && volume.Capacity >= claim.Request
        && volume.Mode == claim.Mode
        && SameAttributes(claim, volume)
        && HasModes(claim, volume);

    /// <summary>What a volume that nobody reserved must satisfy besides (SS-1104).</summary>
    static bool Free(PersistentVolumeClaim claim, PersistentVolume volume) =>
        volume.Phase == Marks.Available
        && volume.Class == claim.Class
        && (claim.Spec?.Selector is not { } selector || LabelSelector.From(selector).Matches(volume.Metadata.Labels));

    static bool SameAttributes(PersistentVolumeClaim claim, PersistentVolume volume) =>
        (claim.Spec?.VolumeAttributesClassName ?? "") == (volume.Spec?.VolumeAttributesClassName ?? "");

    static bool HasModes(PersistentVolumeClaim claim, PersistentVolume volume)
    {
        var offered = volume.Spec?.AccessModes ?? [];
        foreach (var mode in claim.Spec?.AccessModes ?? []) if (!offered.Contains(mode)) return false;
        return true;
    }

    static int Order(PersistentVolume a, PersistentVolume b) =>
        (a.Spec!.AccessModes.Count - b.Spec!.AccessModes.Count) is var modes and not 0 ? modes
        : a.Capacity.CompareTo(b.Capacity) is var size and not 0 ? size
        : string.CompareOrdinal(a.Metadata.Name, b.Metadata.Name);
}
