using System.Collections.Immutable;
using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Controllers.Pods;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Volumes;

/// <summary>Looks at volumes: their phase, and what becomes of them without their claim; see <see cref="TendVolume"/>.</summary>
public sealed class VolumeBinder : IController
{
    readonly ICache<PersistentVolumeClaim> _claims;
    readonly ICache<PersistentVolume> _volumes;
    readonly ICache<Pod> _pods;
    readonly IDirectories _directories;

    public VolumeBinder(ICaches caches, IDirectories directories)
    {
        _claims = caches.Of<PersistentVolumeClaim>();
        _volumes = caches.Of<PersistentVolume>();
        _pods = caches.Of<Pod>();
        _directories = directories;
        Indexes.Add(caches);
    }

    public string Name => "persistentvolume-controller";

    public void Watch(ITriggers triggers)
    {
        triggers.On<PersistentVolume>((before, after) => [ObjectKey.Of((after ?? before)!)]);
        triggers.On<PersistentVolumeClaim>((before, after) => Volumes(before).Concat(Volumes(after)));
        triggers.On<Pod>((before, after) => IsFinished(after) && !IsFinished(before) ? Uses.ClaimObjects(before).SelectMany(Recycled) : []);
    }

    public Decision Reconcile(ObjectKey key, Moment moment)
    {
        if (_volumes.Get(key) is not { } volume || volume.Metadata.DeletionTimestamp is not null && volume.Phase == Marks.Released) return Decision.Nothing;
        var reference = volume.ClaimRef is { } r ? new ObjectKey(r.Namespace ?? "", r.Name ?? "") : default;
        var claim = volume.ClaimRef is null ? null : _claims.Get(reference);
        return TendVolume.Decide(new(volume, claim, volume.ReclaimPolicy == "Recycle" ? Users(reference) : [], _directories, moment.Now, moment.Problem));
    }

    ImmutableArray<string> Users(ObjectKey claim) => [.. _pods.Using(claim).Where(p => !IsFinished(p)).Select(p => ObjectKey.Of(p).ToString())];

    static bool IsFinished(Pod? pod) => pod?.IsFinished() != false;

    IEnumerable<ObjectKey> Recycled(ObjectKey claim) => _volumes.Reserved(claim).Where(v => v.ReclaimPolicy == "Recycle").Select(v => ObjectKey.Of(v));

    IEnumerable<ObjectKey> Volumes(PersistentVolumeClaim? claim)
    {
        if (claim is null) return [];
        var reserved = _volumes.Reserved(ObjectKey.Of(claim)).Select(v => ObjectKey.Of(v));
        return claim.VolumeName.Length == 0 ? reserved : reserved.Append(new("", claim.VolumeName));
    }
}
