using Kennel.Controllers.Volumes.Matching;
using Kennel.Objects.Core;
using Kennel.Objects.Selectors;

namespace Kennel.Controllers.Volumes;

/// <summary>Which volume a claim should have.</summary>
public static class Match
{
    /// <summary>
    /// The best of the candidates (SS-1101..1108): those with the fewest access modes come first; among them one that is reserved for this
    /// claim, whatever its class, selector, phase or size; otherwise the smallest, and the first by name among equals.
    /// </summary>
    /// <param name="onlyReserved">Take none but a reserved one: the claim waits for its first consumer.</param>
    public static PersistentVolume? Best(PersistentVolumeClaim claim, IEnumerable<PersistentVolume> candidates, bool onlyReserved = false)
    {
        PersistentVolume? best = null;
        foreach (var volume in candidates)
        {
            var may = volume.ClaimRef is null ? !onlyReserved && MayTake(claim, volume) : volume.IsFor(claim) && Fits(claim, volume);
            if (may && (best is null || Order(volume, best) < 0)) best = volume;
        }
        return best;
    }

    /// <summary>A volume that nobody claims may serve the claim (SS-1102, SS-1104).</summary>
    /// <param name="anyPhase">It may serve once it is Available.</param>
    public static bool MayTake(PersistentVolumeClaim claim, PersistentVolume volume, bool anyPhase = false) =>
        volume.ClaimRef is null
        && (anyPhase || volume.Phase == Marks.Available)
        && volume.Class == claim.Class
        && Fits(claim, volume)
        && (claim.Spec?.Selector is not { } selector || LabelSelector.From(selector).Matches(volume.Metadata.Labels));

    /// <summary>Why a volume that the claim names can't be bound to it, in upstream's words; null when it can (SS-1109).</summary>
    public static string? Objection(PersistentVolumeClaim claim, PersistentVolume volume) =>
        volume.Metadata.DeletionTimestamp is not null ? $"the volume is marked for deletion \"{volume.Metadata.Name}\""
        : volume.Capacity < claim.Request ? "requested PV is too small"
        : volume.Class != claim.Class ? "storageClassName does not match"
        : Kind.Of(volume).Attributes != Kind.Of(claim).Attributes ? "volumeAttributesClassName does not match"
        : volume.Mode != claim.Mode ? "incompatible volumeMode"
        : !Kind.Of(volume).Serves(Kind.Of(claim)) ? "incompatible accessMode"
        : null;

    /// <summary>Which of two volumes comes first for a claim that both may serve.</summary>
    internal static int Order(PersistentVolume a, PersistentVolume b) =>
        (Kind.Of(a).Modes.Count - Kind.Of(b).Modes.Count) is var modes and not 0 ? modes
        : (a.ClaimRef is null).CompareTo(b.ClaimRef is null) is var reserved and not 0 ? reserved
        : a.Capacity.CompareTo(b.Capacity) is var size and not 0 ? size
        : string.CompareOrdinal(a.Metadata.Name, b.Metadata.Name);

    /// <summary>What even a reserved volume must satisfy (SS-1102).</summary>
    static bool Fits(PersistentVolumeClaim claim, PersistentVolume volume) =>
        volume.Metadata.DeletionTimestamp is null && volume.Capacity >= claim.Request && Kind.Of(volume).Serves(Kind.Of(claim));
}
