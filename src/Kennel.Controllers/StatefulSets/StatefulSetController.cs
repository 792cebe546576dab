using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Controllers.Pods;
using Kennel.Objects;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;
using Kennel.Objects.Meta;
using Kennel.Objects.Selectors;

namespace Kennel.Controllers.StatefulSets;

/// <summary>Watches sets, their pods, revisions and claims.</summary>
public sealed class StatefulSetController(ICaches caches) : IController
{
    readonly ICache<StatefulSet> _sets = caches.Of<StatefulSet>();
    readonly ICache<Pod> _pods = caches.Of<Pod>();
    readonly ICache<ControllerRevision> _revisions = caches.Of<ControllerRevision>();
    readonly ICache<PersistentVolumeClaim> _claims = caches.Of<PersistentVolumeClaim>();

    public string Name => "statefulset-controller";

    public void Watch(ITriggers triggers)
    {
        triggers.On<StatefulSet>((old, now) => [ObjectKey.Of(now ?? old!)]);
        triggers.On<Pod>((old, now) => Dependents.Keys(old, now, "StatefulSet", _sets, (set, pod) => set.Spec!.Selector.Matches(pod.Metadata.Labels)));
        triggers.On<ControllerRevision>((old, now) => Dependents.Keys(old, now, "StatefulSet", _sets, (set, r) => set.Spec!.Selector.Matches(r.Metadata.Labels)));
        triggers.On<PersistentVolumeClaim>(Claimants);
    }

    public Decision Reconcile(ObjectKey key, Moment moment)
    {
        if (_sets.Get(key) is not { } set) return Decision.Nothing;
        var uid = set.Metadata.Uid ?? "";
        return StatefulSets.Decide(new(
            set,
            [.. _pods.ControlledBy(uid), .. _pods.OrphansIn(key.Namespace)],
            [.. _revisions.ControlledBy(uid), .. _revisions.OrphansIn(key.Namespace)],
            name => _claims.Get(new(key.Namespace, name)),
            name => _revisions.Get(new(key.Namespace, name)),
            moment.Now));
    }

    /// <summary>A claim matters when it goes, or when somebody changes whose it is; that it was bound shows in its pod.</summary>
    IEnumerable<ObjectKey> Claimants(PersistentVolumeClaim? old, PersistentVolumeClaim? now)
    {
        if (old is null || now is not null && Same(old.Metadata, now.Metadata)) yield break;
        var name = old.Metadata.Name ?? "";
        foreach (var set in _sets.In(old.Metadata.Namespace ?? ""))
            if (set.Spec is { } spec && spec.VolumeClaimTemplates.Any(t => name.StartsWith($"{t.Metadata.Name}-{set.Metadata.Name}-", StringComparison.Ordinal)))
                yield return ObjectKey.Of(set);
    }

    static bool Same(ObjectMeta a, ObjectMeta b) => a.DeletionTimestamp == b.DeletionTimestamp && a.Uid == b.Uid && Wire.Same(a.OwnerReferences, b.OwnerReferences);
}
