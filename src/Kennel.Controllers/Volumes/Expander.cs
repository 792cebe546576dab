using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Volumes;

/// <summary>Looks at claims that ask for more than they have; see <see cref="Expand"/>.</summary>
public sealed class Expander(ICaches caches) : IController
{
    readonly ICache<PersistentVolumeClaim> _claims = caches.Of<PersistentVolumeClaim>();
    readonly ICache<PersistentVolume> _volumes = caches.Of<PersistentVolume>();

    public string Name => "volume_expand";

    public void Watch(ITriggers triggers) =>
        triggers.On<PersistentVolumeClaim>((before, after) => Wants(after) || Wants(before) ? [ObjectKey.Of((after ?? before)!)] : []);

    public Decision Reconcile(ObjectKey key, Moment moment) =>
        _claims.Get(key) is { } claim ? Expand.Decide(claim, _volumes.Get(new("", claim.VolumeName)), moment.Now) : Decision.Nothing;

    static bool Wants(PersistentVolumeClaim? claim) => claim is { Phase: Marks.Bound } && claim.Request > claim.CapacityNow;
}
