using Kennel.Objects.Core;
using Kennel.Objects.Quantities;

namespace Kennel.Controllers.Volumes.Matching;

/// <summary>
/// The volumes that nobody claims, on shelves: one shelf for those that are alike but for size and name, smallest first. The best one
/// for a claim is found in logarithmic time; only a selector of expressions can make it walk along a shelf.
/// </summary>
sealed class FreeVolumes
{
    readonly Dictionary<string, PersistentVolume> _all = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, SortedDictionary<Kind, Sizes<PersistentVolume>>> _shelves = new(StringComparer.Ordinal);

    public PersistentVolume? Get(string name) => _all.GetValueOrDefault(name);

    public void Put(PersistentVolume volume)
    {
        Remove(volume.Metadata.Name!);
        _all[volume.Metadata.Name!] = volume;
        foreach (var place in Places(volume)) Shelf(place, Kind.Of(volume)).Add(volume.Capacity, volume.Metadata.Name!, volume);
    }

    public void Remove(string name)
    {
        if (!_all.Remove(name, out var volume)) return;
        foreach (var place in Places(volume))
        {
            var shelves = _shelves[place];
            var shelf = shelves[Kind.Of(volume)];
            shelf.Remove(volume.Capacity, name);
            if (shelf.Count == 0) shelves.Remove(Kind.Of(volume));
            if (shelves.Count == 0) _shelves.Remove(place);
        }
    }

    /// <summary>The one with the fewest access modes, then the smallest, then the first by name, of those that may serve the claim.</summary>
    public PersistentVolume? Best(PersistentVolumeClaim claim)
    {
        if (!_shelves.TryGetValue(Place(claim), out var shelves)) return null;
        var wanted = Kind.Of(claim);
        PersistentVolume? best = null;
        foreach (var (kind, shelf) in shelves)
        {
            if (best is not null && kind.Modes.Count > Kind.Of(best).Modes.Count) break;
            if (!kind.Serves(wanted)) continue;
            foreach (var volume in shelf.From(claim.Request))
            {
                if (!Match.MayTake(claim, volume)) continue;
                if (best is null || Match.Order(volume, best) < 0) best = volume;
                break;
            }
        }
        return best;
    }

    Sizes<PersistentVolume> Shelf(string place, Kind kind)
    {
        if (!_shelves.TryGetValue(place, out var shelves)) _shelves[place] = shelves = [];
        if (!shelves.TryGetValue(kind, out var shelf)) shelves[kind] = shelf = new();
        return shelf;
    }

    /// <summary>Everywhere a claim may look: in the class, and in the class by each label.</summary>
    public static IEnumerable<string> Places(PersistentVolume volume) =>
        volume.Metadata.Labels.Select(l => $"{volume.Class}\n{l.Key}={l.Value}").Prepend(volume.Class);

    /// <summary>Where a claim looks: by the first label that it wants, if it wants one.</summary>
    public static string Place(PersistentVolumeClaim claim) =>
        claim.Spec?.Selector?.MatchLabels is { Count: > 0 } labels ? labels.Select(l => $"{claim.Class}\n{l.Key}={l.Value}").Min(StringComparer.Ordinal)! : claim.Class;
}
