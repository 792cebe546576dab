using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Volumes.Matching;

/// <summary>The claims that found no volume, kept as <see cref="FreeVolumes"/> keeps volumes: a volume that turns up finds one of them without a walk over all.</summary>
sealed class WaitingClaims
{
    readonly Dictionary<ObjectKey, PersistentVolumeClaim> _all = [];
    readonly SortedDictionary<string, SortedDictionary<Kind, Sizes<PersistentVolumeClaim>>> _lines = new(StringComparer.Ordinal);

    public void Put(PersistentVolumeClaim claim)
    {
        Remove(ObjectKey.Of(claim));
        _all[ObjectKey.Of(claim)] = claim;
        var place = FreeVolumes.Place(claim);
        if (!_lines.TryGetValue(place, out var lines)) _lines[place] = lines = [];
        if (!lines.TryGetValue(Kind.Of(claim), out var line)) lines[Kind.Of(claim)] = line = new();
        line.Add(claim.Request, Name(claim), claim);
    }

    public void Remove(ObjectKey key)
    {
        if (!_all.Remove(key, out var claim)) return;
        var lines = _lines[FreeVolumes.Place(claim)];
        var line = lines[Kind.Of(claim)];
        line.Remove(claim.Request, Name(claim));
        if (line.Count == 0) lines.Remove(Kind.Of(claim));
        if (lines.Count == 0) _lines.Remove(FreeVolumes.Place(claim));
    }

    /// <summary>The claim that a free volume should go to: the largest that it may serve.</summary>
    public PersistentVolumeClaim? For(PersistentVolume volume)
    {
        var kind = Kind.Of(volume);
        PersistentVolumeClaim? best = null;
        foreach (var place in FreeVolumes.Places(volume))
        {
            if (!_lines.TryGetValue(place, out var lines)) continue;
            foreach (var (wanted, line) in lines)
                if (kind.Serves(wanted) && line.UpTo(volume.Capacity).FirstOrDefault(c => Match.MayTake(c, volume)) is { } claim)
                    if (best is null || claim.Request > best.Request) best = claim;
        }
        return best;
    }

    static string Name(PersistentVolumeClaim claim) => $"{claim.Metadata.Namespace}/{claim.Metadata.Name}";
}
