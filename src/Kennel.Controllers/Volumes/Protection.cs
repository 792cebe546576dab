using Kennel.Client;
using Kennel.Client.Caching;
using Kennel.Client.Running;
using Kennel.Controllers.Pods;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Volumes;

/// <summary>Keeps claims that pods use; see <see cref="Protect"/>.</summary>
public sealed class ClaimProtection : IController
{
    readonly ICache<PersistentVolumeClaim> _claims;
    readonly ICache<Pod> _pods;

    public ClaimProtection(ICaches caches)
    {
        _claims = caches.Of<PersistentVolumeClaim>();
        _pods = caches.Of<Pod>();
        Indexes.Add(caches);
    }

    public string Name => "pvc-protection-controller";

    public void Watch(ITriggers triggers)
    {
        triggers.On<PersistentVolumeClaim>((before, after) => [ObjectKey.Of((after ?? before)!)]);
        triggers.On<Pod>((before, after) => after is null || after.IsDone() && before?.IsDone() != true ? Uses.ClaimObjects(before ?? after) : []);
    }

    public Decision Reconcile(ObjectKey key, Moment moment)
    {
        if (_claims.Get(key) is not { } claim) return Decision.Nothing;
        // Asked for before the pods are read: what the cache has reached by then is in what is read after.
        var fresh = _pods.Revision >= Cache.RevisionOf(claim.Metadata.ResourceVersion);
        return Protect.Decide(new ClaimInUse(claim, [.. _pods.Using(key)], fresh));
    }
}

/// <summary>Keeps volumes that are bound; see <see cref="Protect"/>.</summary>
public sealed class VolumeProtection(ICaches caches) : IController
{
    readonly ICache<PersistentVolume> _volumes = caches.Of<PersistentVolume>();

    public string Name => "pv-protection-controller";

    public void Watch(ITriggers triggers) =>
        triggers.On<PersistentVolume>((before, after) => [ObjectKey.Of((after ?? before)!)]);

    public Decision Reconcile(ObjectKey key, Moment moment) =>
        _volumes.Get(key) is { } volume ? Protect.Decide(volume) : Decision.Nothing;
}
