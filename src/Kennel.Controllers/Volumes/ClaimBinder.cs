using System.Collections.Immutable;
using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Core;
using Kennel.Objects.Storage;

namespace Kennel.Controllers.Volumes;

/// <summary>Looks at claims and binds them; see <see cref="BindClaim"/>.</summary>
public sealed class ClaimBinder : IController
{
    readonly ICache<PersistentVolumeClaim> _claims;
    readonly ICache<PersistentVolume> _volumes;
    readonly ICache<StorageClass> _classes;
    readonly ICache<Pod> _pods;

    public ClaimBinder(ICaches caches)
    {
        _claims = caches.Of<PersistentVolumeClaim>();
        _volumes = caches.Of<PersistentVolume>();
        _classes = caches.Of<StorageClass>();
        _pods = caches.Of<Pod>();
        Indexes.Add(caches);
    }

    public string Name => "persistentvolume-controller";

    public void Watch(ITriggers triggers)
    {
        triggers.On<PersistentVolumeClaim>((before, after) => [ObjectKey.Of((after ?? before)!)]);
        triggers.On<PersistentVolume>((before, after) => Claimed(before).Concat(Claimed(after)).Concat(Named(before, after)).Concat(Freed(before, after)));
        triggers.On<StorageClass>((before, after) => Affected(after ?? before!));
    }

    public Decision Reconcile(ObjectKey key, Moment moment)
    {
        if (_claims.Get(key) is not { } claim) return Decision.Nothing;
        var kind = claim.ClassOrNull is { Length: > 0 } name ? _classes.Get(new("", name)) : null;
        return BindClaim.Decide(new(
            claim,
            claim.VolumeName is { Length: > 0 } volume ? _volumes.Get(new("", volume)) : null,
            _volumes.For(claim),
            kind,
            claim.ClassOrNull is null ? _classes.All().Default() : null,
            kind is { WaitsForConsumer: true } && claim.VolumeName.Length == 0 ? Waiting(key) : [],
            moment.Now));
    }

    ImmutableArray<string> Waiting(ObjectKey claim) =>
        [.. _pods.Using(claim).Where(p => string.IsNullOrEmpty(p.Spec?.NodeName)).Select(p => p.Metadata.Name!)];

    static IEnumerable<ObjectKey> Claimed(PersistentVolume? volume) =>
        volume?.ClaimRef is { } r ? [new(r.Namespace ?? "", r.Name ?? "")] : [];

    /// <summary>A volume came or went: claims that name it hear of it.</summary>
    IEnumerable<ObjectKey> Named(PersistentVolume? before, PersistentVolume? after) =>
        before is null || after is null ? _claims.Naming((after ?? before)!.Metadata.Name!).Select(c => ObjectKey.Of(c)) : [];

    /// <summary>A volume became free: all claims of its class that have none may want it.</summary>
    IEnumerable<ObjectKey> Freed(PersistentVolume? before, PersistentVolume? after)
    {
        static bool Free(PersistentVolume? v) => v is { ClaimRef: null } && v.Phase == Marks.Available;
        var news = Free(after) && (!Free(before) || !before!.Spec!.Equals(after!.Spec) || !Wire.Same(before.Metadata.Labels, after.Metadata.Labels));
        return news ? _claims.Unbound(after!.Class).Select(c => ObjectKey.Of(c)) : [];
    }

    IEnumerable<ObjectKey> Affected(StorageClass kind) =>
        _claims.Unbound(kind.Metadata.Name!).Concat(_claims.Unbound("")).Select(c => ObjectKey.Of(c));
}
