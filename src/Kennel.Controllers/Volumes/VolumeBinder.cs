using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Volumes;

/// <summary>Looks at volumes: their phase, and what becomes of them without their claim; see <see cref="TendVolume"/>.</summary>
public sealed class VolumeBinder : IController
{
    readonly ICache<PersistentVolumeClaim> _claims;
    readonly ICache<PersistentVolume> _volumes;
    readonly IDirectories _directories;

    public VolumeBinder(ICaches caches, IDirectories directories)
    {
        _claims = caches.Of<PersistentVolumeClaim>();
        _volumes = caches.Of<PersistentVolume>();
        _directories = directories;
        Indexes.Add(caches);
    }

    public string Name => "persistentvolume-controller";

    public void Watch(ITriggers triggers)
    {
        triggers.On<PersistentVolume>((before, after) => [ObjectKey.Of((after ?? before)!)]);
        triggers.On<PersistentVolumeClaim>((before, after) => Volumes(before).Concat(Volumes(after)));
    }

    public Decision Reconcile(ObjectKey key, Moment moment)
    {
        if (_volumes.Get(key) is not { } volume || volume.Metadata.DeletionTimestamp is not null && volume.Phase == Marks.Released) return Decision.Nothing;
        var claim = volume.ClaimRef is { } r ? _claims.Get(new(r.Namespace ?? "", r.Name ?? "")) : null;
        return TendVolume.Decide(new(volume, claim, _directories));
    }

    IEnumerable<ObjectKey> Volumes(PersistentVolumeClaim? claim)
    {
        if (claim is null) return [];
        var reserved = _volumes.Reserved(ObjectKey.Of(claim)).Select(v => ObjectKey.Of(v));
        return claim.VolumeName.Length == 0 ? reserved : reserved.Append(new("", claim.VolumeName));
    }
}
