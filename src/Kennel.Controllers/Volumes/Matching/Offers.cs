using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Volumes.Matching;

/// <summary>
/// Brings free volumes and waiting claims together. A volume that a claim is about to take is promised to it, so that no two claims
/// reach for the same one; a volume that turns up is promised to one waiting claim, and only that one is woken. Both sides are ordered:
/// ten thousand claims and volumes cost ten thousand looks, not their product.
/// </summary>
/// <remarks>Whatever is promised, the API's revision check decides in the end: this saves work, it keeps no promise to users.</remarks>
sealed class Offers
{
    readonly FreeVolumes _free = new();
    readonly WaitingClaims _waiting = new();
    readonly Dictionary<ObjectKey, PersistentVolume> _promised = [];
    readonly Dictionary<string, ObjectKey> _promisedTo = new(StringComparer.Ordinal);

    /// <summary>The volume that was promised to the claim, if it still may serve; else the best of the free ones.</summary>
    public PersistentVolume? For(PersistentVolumeClaim claim) =>
        _promised.TryGetValue(ObjectKey.Of(claim), out var promised) && Match.MayTake(claim, promised) ? promised : _free.Best(claim);

    /// <summary>The claim takes this volume: nobody else is offered it.</summary>
    public void Promise(PersistentVolumeClaim claim, PersistentVolume volume)
    {
        var key = ObjectKey.Of(claim);
        Withdraw(key);
        if (_promisedTo.ContainsKey(volume.Metadata.Name!)) return;
        _free.Remove(volume.Metadata.Name!);
        (_promised[key], _promisedTo[volume.Metadata.Name!]) = (volume, key);
    }

    /// <summary>The claim found nothing: the next free volume that may serve it wakes it.</summary>
    public void Wait(PersistentVolumeClaim claim)
    {
        Withdraw(ObjectKey.Of(claim));
        _waiting.Put(claim);
    }

    /// <summary>The claim needs no free volume; what was promised to it is free again.</summary>
    /// <param name="taken">The volume that the claim names by now: that one isn't free, even if the news of the volume itself is still on its way.</param>
    public void Withdraw(ObjectKey claim, string taken = "")
    {
        _waiting.Remove(claim);
        if (!_promised.Remove(claim, out var volume)) return;
        _promisedTo.Remove(volume.Metadata.Name!);
        if (volume.Metadata.Name != taken) _free.Put(volume);
    }

    /// <summary>A volume changed. Returns the claim that should look, if there is one.</summary>
    public ObjectKey? Changed(PersistentVolume? before, PersistentVolume? after)
    {
        var name = (after ?? before)!.Metadata.Name!;
        _free.Remove(name);
        if (_promisedTo.Remove(name, out var claim)) _promised.Remove(claim);
        return after is not null && IsFree(after) ? Offer(after) : null;
    }

    /// <summary>A claim changed. Returns the claim that should look at the volume that this one no longer needs, if there is one.</summary>
    public ObjectKey? Changed(PersistentVolumeClaim? before, PersistentVolumeClaim? after)
    {
        if (after is { VolumeName.Length: 0 } && before?.Metadata.Uid == after.Metadata.Uid) return null;
        var key = ObjectKey.Of((after ?? before)!);
        var volume = _promised.GetValueOrDefault(key);
        var taken = after?.VolumeName ?? "";
        Withdraw(key, taken);
        return volume is null || volume.Metadata.Name == taken ? null : Offer(volume);
    }

    ObjectKey? Offer(PersistentVolume volume)
    {
        if (_waiting.For(volume) is { } claim)
        {
            Promise(claim, volume);
            return ObjectKey.Of(claim);
        }
        _free.Put(volume);
        return null;
    }

    static bool IsFree(PersistentVolume volume) =>
        volume.ClaimRef is null && volume.Phase == Marks.Available && volume.Metadata.DeletionTimestamp is null;
}
