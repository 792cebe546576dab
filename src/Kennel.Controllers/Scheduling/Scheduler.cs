using System.Collections.Immutable;
using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Controllers.Volumes;
using Kennel.Objects;
using Kennel.Objects.Core;
using Kennel.Objects.Storage;

namespace Kennel.Controllers.Scheduling;

/// <summary>
/// Gives pods their nodes. One key a pod; what all nodes hold is kept in a <see cref="Ledger"/> that follows the changes, so that a
/// pod costs one walk over the nodes and not over the pods. See <see cref="Place"/> for the decision.
/// </summary>
public sealed class Scheduler : IController
{
    public const string DefaultName = "default-scheduler";

    readonly ICache<Pod> _pods;
    readonly ICache<PersistentVolumeClaim> _claims;
    readonly ICache<PersistentVolume> _volumes;
    readonly ICache<StorageClass> _classes;
    readonly ICache<Namespace> _namespaces;
    // Changes arrive and decisions are made on different threads in the product; in the simulation there is one.
    readonly Lock _gate = new();
    readonly Ledger _ledger = new();
    readonly SortedSet<ObjectKey> _waiting = [];

    public Scheduler(ICaches caches)
    {
        _pods = caches.Of<Pod>();
        _claims = caches.Of<PersistentVolumeClaim>();
        _volumes = caches.Of<PersistentVolume>();
        _classes = caches.Of<StorageClass>();
        _namespaces = caches.Of<Namespace>();
        Indexes.Add(caches);
    }

    public string Name => DefaultName;

    public void Watch(ITriggers triggers)
    {
        triggers.On<Pod>(PodChanged);
        triggers.On<Node>(NodeChanged);
        triggers.On<PersistentVolumeClaim>((before, after) => after is null ? [] : Unscheduled(_pods.Using(ObjectKey.Of(after))));
        triggers.On<PersistentVolume>((before, after) => after is { ClaimRef: null } && after.Phase == Marks.Available ? Waiting() : []);
        triggers.On<StorageClass>((_, _) => Waiting());
        triggers.On<Namespace>((_, _) => []);
    }

    public Decision Reconcile(ObjectKey key, Moment moment)
    {
        var pod = _pods.Get(key);
        lock (_gate)
        {
            _waiting.Remove(key);
            if (pod is null || !IsOurs(pod)) return Decision.Nothing;
            _ledger.Forget(key);
            var placement = Place.Decide(Observe(pod, moment.Now));
            if (placement.Node is { } node) Hold(pod, node, placement);
            else _waiting.Add(key);
            return Carry.Out(pod, placement, moment.Now);
        }
    }

    SchedulingObserved Observe(Pod pod, DateTimeOffset now) => new(
        pod,
        _ledger.Rooms,
        _ledger.Refusing.Values,
        [.. Uses.Claims(pod).Distinct(StringComparer.Ordinal).Select(c => Want(pod, c))],
        space => _namespaces.Get(new("", space))?.Metadata.Labels ?? Wire.NoMap<string>(),
        now);

    Wanted Want(Pod pod, string name)
    {
        var key = new ObjectKey(pod.Metadata.Namespace!, name);
        if (_claims.Get(key) is not { } claim) return new(name, null, null, null, []);
        var volume = claim.VolumeName.Length > 0 ? _volumes.Get(new("", claim.VolumeName)) : null;
        var kind = claim.Class.Length > 0 ? _classes.Get(new("", claim.Class)) : null;
        var open = claim.VolumeName.Length == 0 && kind is { WaitsForConsumer: true };
        var busy = claim.Spec?.AccessModes.Contains("ReadWriteOncePod") == true && _pods.Using(key).Any(p => p.Metadata.Uid != pod.Metadata.Uid && Holds(p));
        return new(name, claim, volume, kind, open ? [.. _volumes.For(claim).Where(v => !_ledger.IsReserved(v.Metadata.Name!))] : [], busy);
    }

    static bool Holds(Pod pod) => !string.IsNullOrEmpty(pod.Spec?.NodeName) && pod.Status?.Phase is not ("Succeeded" or "Failed");

    void Hold(Pod pod, string node, Placement placement)
    {
        var reserved = placement.Volumes.Where(p => p.Volume is not null).Select(p => p.Volume!.Metadata.Name!);
        _ledger.Promise(Guest.Of(pod, node, [.. reserved]));
    }

    IEnumerable<ObjectKey> PodChanged(Pod? before, Pod? after)
    {
        var key = ObjectKey.Of((after ?? before)!);
        lock (_gate)
        {
            var left = after is null ? _ledger.Forget(key) : _ledger.Seen(key, after);
            var waited = (after is null || !IsOurs(after)) && _waiting.Remove(key);
            if (left) return [.. _waiting];
            // A look at a pod that is gone ends what was said about it.
            if (after is null) return waited ? [key] : [];
        }
        if (!IsOurs(after)) return before is not null && !string.IsNullOrEmpty(before.Spec?.NodeName) ? [] : LonelyOnes();
        // Our own word about the condition is no news.
        return before is null || !Equals(before.Spec, after.Spec) || before.Status?.Phase != after.Status?.Phase ? [key] : [];
    }

    IEnumerable<ObjectKey> NodeChanged(Node? before, Node? after)
    {
        var heartbeat = before is not null && after is not null && !Scheduling.NodeChanged.Matters(before, after);
        if (heartbeat) return [];
        lock (_gate)
        {
            _ledger.Seen((after ?? before)!.Metadata.Name!, after);
            return after is null ? [] : [.. _waiting];
        }
    }

    ObjectKey[] Waiting()
    {
        lock (_gate) return [.. _waiting];
    }

    /// <summary>Waiting pods that want to be near others: a new pod on a node may be the one.</summary>
    ObjectKey[] LonelyOnes()
    {
        lock (_gate) return [.. _waiting.Where(k => _pods.Get(k)?.Spec?.Affinity?.PodAffinity is not null || _pods.Get(k)?.Spec?.TopologySpreadConstraints.Count > 0)];
    }

    static IEnumerable<ObjectKey> Unscheduled(IEnumerable<Pod> pods) => pods.Where(IsOurs).Select(p => ObjectKey.Of(p));

    /// <summary>It has no node, isn't going away, isn't held back, and asks for this scheduler.</summary>
    static bool IsOurs(Pod pod) =>
        string.IsNullOrEmpty(pod.Spec?.NodeName)
        && pod.Metadata.DeletionTimestamp is null
        && pod.Status?.Phase is not ("Succeeded" or "Failed")
        && pod.Spec is { SchedulingGates.Count: 0 }
        && pod.Spec.SchedulerName is null or "" or DefaultName;
}
