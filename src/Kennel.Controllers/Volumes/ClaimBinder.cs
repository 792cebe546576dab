using System.Collections.Immutable;
using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Controllers.Volumes.Matching;
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
    // Changes arrive and decisions are made on different threads in the product; in the simulation there is one.
    readonly Lock _gate = new();
    readonly Offers _offers = new();

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
        triggers.On<PersistentVolumeClaim>(ClaimChanged);
        triggers.On<PersistentVolume>(VolumeChanged);
        triggers.On<StorageClass>((before, after) => Affected(after ?? before!));
    }

    public Decision Reconcile(ObjectKey key, Moment moment)
    {
        lock (_gate)
        {
            if (_claims.Get(key) is { } claim) return Decide(claim, key, moment);
            _offers.Withdraw(key);
            return Decision.Nothing;
        }
    }

    Decision Decide(PersistentVolumeClaim claim, ObjectKey key, Moment moment)
    {
        var kind = claim.ClassOrNull is { Length: > 0 } name ? _classes.Get(new("", name)) : null;
        var waits = kind is { WaitsForConsumer: true };
        var mayTakeAny = claim.VolumeName.Length == 0 && !claim.BindCompleted && !waits;
        var free = mayTakeAny ? _offers.For(claim) : null;
        var decision = BindClaim.Decide(new(
            claim,
            claim.VolumeName is { Length: > 0 } volume ? _volumes.Get(new("", volume)) : null,
            free is null ? _volumes.Reserved(key) : _volumes.Reserved(key).Append(free),
            kind,
            claim.ClassOrNull is null ? _classes.All().Default() : null,
            waits && claim.VolumeName.Length == 0 ? Waiting(key) : [],
            moment.Now,
            claim.ClassOrNull is null ? _volumes.Unsettled(claim.Class).FirstOrDefault(v => Match.MayTake(claim, v, anyPhase: true)) : null));
        if (free is not null && Takes(decision, free)) _offers.Promise(claim, free);
        else if (mayTakeAny && decision.WaitingFor is not null) _offers.Wait(claim);
        else _offers.Withdraw(key, claim.VolumeName);
        return decision;
    }

    static bool Takes(Decision decision, PersistentVolume free) =>
        decision.Steps is [Step.Update { Object: PersistentVolume taken }, ..] && taken.Metadata.Name == free.Metadata.Name;

    ImmutableArray<string> Waiting(ObjectKey claim) =>
        [.. _pods.Using(claim).Where(p => string.IsNullOrEmpty(p.Spec?.NodeName)).Select(p => p.Metadata.Name!)];

    List<ObjectKey> ClaimChanged(PersistentVolumeClaim? before, PersistentVolumeClaim? after)
    {
        List<ObjectKey> look = [ObjectKey.Of((after ?? before)!)];
        lock (_gate) if (_offers.Changed(before, after) is { } other) look.Add(other);
        return look;
    }

    /// <summary>Whom it is claimed by and was; who names it, when it came or went; and one that waits for such a volume, when it is free.</summary>
    List<ObjectKey> VolumeChanged(PersistentVolume? before, PersistentVolume? after)
    {
        List<ObjectKey> look = [.. Claimed(before), .. Claimed(after)];
        if (before?.ClaimRef is null || after?.ClaimRef is null) look.AddRange(_claims.Naming((after ?? before)!.Metadata.Name!).Select(c => ObjectKey.Of(c)));
        lock (_gate) if (_offers.Changed(before, after) is { } waiting) look.Add(waiting);
        return look;
    }

    static IEnumerable<ObjectKey> Claimed(PersistentVolume? volume) =>
        volume?.ClaimRef is { } r ? [new(r.Namespace ?? "", r.Name ?? "")] : [];

    IEnumerable<ObjectKey> Affected(StorageClass kind) =>
        _claims.Unbound(kind.Metadata.Name!).Concat(_claims.Unbound("")).Select(c => ObjectKey.Of(c));
}
