using System.Collections.Immutable;
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
public sealed class StatefulSetController : IController
{
    const string OrphansByStem = "pods without a controller by the name of the set they could belong to";
    const string OwnedByStem = "claims that a set or a pod owns by template and set";

    readonly ICache<StatefulSet> _sets;
    readonly ICache<Pod> _pods;
    readonly ICache<ControllerRevision> _revisions;
    readonly ICache<PersistentVolumeClaim> _claims;

    public StatefulSetController(ICaches caches)
    {
        (_sets, _pods, _revisions, _claims) = (caches.Of<StatefulSet>(), caches.Of<Pod>(), caches.Of<ControllerRevision>(), caches.Of<PersistentVolumeClaim>());
        _pods.Index(OrphansByStem, pod => pod.Metadata.Controller() is null ? Stem(pod.Metadata) : []);
        _claims.Index(OwnedByStem, claim => claim.Metadata.OwnerReferences.Any(r => r.Kind is "StatefulSet" or "Pod") ? Stem(claim.Metadata) : []);
    }

    public string Name => "statefulset-controller";

    public void Watch(ITriggers triggers)
    {
        triggers.On<StatefulSet>((old, now) => [ObjectKey.Of(now ?? old!)]);
        triggers.On<Pod>(Keys);
        triggers.On<ControllerRevision>((old, now) => Dependents.Keys(old, now, "StatefulSet", _sets, (set, r) => set.Spec!.Selector.Matches(r.Metadata.Labels)));
        triggers.On<PersistentVolumeClaim>(Claimants);
    }

    public Decision Reconcile(ObjectKey key, Moment moment)
    {
        if (_sets.Get(key) is not { } set) return Decision.Nothing;
        var uid = set.Metadata.Uid ?? "";
        return StatefulSets.Decide(new(
            set,
            ImmutableArray.CreateRange(_pods.ControlledBy(uid)),
            ImmutableArray.CreateRange(_pods.ByIndex(OrphansByStem, $"{key}")),
            [.. _revisions.ControlledBy(uid), .. _revisions.OrphansIn(key.Namespace)],
            name => _pods.Get(new(key.Namespace, name)),
            name => _claims.Get(new(key.Namespace, name)),
            set.Spec?.VolumeClaimTemplates.Any(t => _claims.ByIndex(OwnedByStem, $"{key.Namespace}/{t.Metadata.Name}-{key.Name}").Any()) == true,
            name => _revisions.Get(new(key.Namespace, name)),
            moment.Setbacks,
            moment.Now));
    }

    static IEnumerable<string> Stem(ObjectMeta meta) => Identity.Stem(meta.Name) is { } stem ? [$"{meta.Namespace}/{stem}"] : [];

    /// <summary>The controlling set before and after; for a pod without a controller, and for a name that has become free, the set that it would belong to.</summary>
    IEnumerable<ObjectKey> Keys(Pod? old, Pod? now)
    {
        var (before, after) = (Owner(old), Owner(now));
        if (before is { } left && before != after) yield return left;
        if (after is { } held) yield return held;
        if (Identity.Stem((now ?? old)!.Metadata.Name) is not { } stem) yield break;
        var named = new ObjectKey((now ?? old)!.Metadata.Namespace ?? "", stem);
        if (named == before || named == after || _sets.Get(named) is not { Spec: { } spec }) yield break;
        var isOrphan = now is not null && now.Metadata.Controller() is null && spec.Selector.Matches(now.Metadata.Labels);
        if (now is null || isOrphan && !(old is not null && old.Metadata.Controller() is null && Wire.Same(old.Metadata.Labels, now.Metadata.Labels))) yield return named;
    }

    static ObjectKey? Owner(Pod? pod) => pod?.Metadata.Controller() is { Kind: "StatefulSet" } r ? new(pod.Metadata.Namespace ?? "", r.Name) : null;

    /// <summary>A claim matters when it goes, or when somebody changes whose it is; that it was bound shows in its pod.</summary>
    IEnumerable<ObjectKey> Claimants(PersistentVolumeClaim? old, PersistentVolumeClaim? now)
    {
        if (old is null || now is not null && Same(old.Metadata, now.Metadata)) yield break;
        if (Identity.Stem(old.Metadata.Name) is not { } stem) yield break;
        // Both names may have dashes in them: data-web is the claim "data" of "web", and of no other set unless that is there.
        for (var dash = stem.IndexOf('-'); dash >= 0; dash = stem.IndexOf('-', dash + 1))
            if (_sets.Get(new(old.Metadata.Namespace ?? "", stem[(dash + 1)..])) is { Spec: { } spec } set && spec.VolumeClaimTemplates.Any(t => t.Metadata.Name == stem[..dash]))
                yield return ObjectKey.Of(set);
    }

    static bool Same(ObjectMeta a, ObjectMeta b) => a.DeletionTimestamp == b.DeletionTimestamp && a.Uid == b.Uid && Wire.Same(a.OwnerReferences, b.OwnerReferences);
}
