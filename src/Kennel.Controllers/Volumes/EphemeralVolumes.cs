using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Volumes;

/// <summary>Looks at pods with generic ephemeral volumes when they come, and again when a claim of theirs goes; see <see cref="Ephemeral"/>.</summary>
public sealed class EphemeralVolumes : IController
{
    readonly ICache<Pod> _pods;
    readonly ICache<PersistentVolumeClaim> _claims;

    public EphemeralVolumes(ICaches caches)
    {
        _pods = caches.Of<Pod>();
        _claims = caches.Of<PersistentVolumeClaim>();
        Indexes.Add(caches);
    }

    public string Name => "ephemeral_volume";

    public void Watch(ITriggers triggers)
    {
        // A pod's volumes don't change: it is looked at when it comes and, to end what was said of it, when it goes.
        triggers.On<Pod>((before, after) => before is null != after is null && Concerns((after ?? before)!) ? [ObjectKey.Of((after ?? before)!)] : []);
        triggers.On<PersistentVolumeClaim>((before, after) => after is null ? _pods.Using(ObjectKey.Of(before!)).Where(Concerns).Select(p => ObjectKey.Of(p)) : []);
    }

    public Decision Reconcile(ObjectKey key, Moment moment) =>
        _pods.Get(key) is { } pod ? Ephemeral.Decide(pod, name => _claims.Get(new(key.Namespace, name))) : Decision.Nothing;

    static bool Concerns(Pod pod) => pod.Spec?.Volumes.Any(v => v.Ephemeral is not null) == true;
}
