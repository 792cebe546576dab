using System.Collections.Immutable;
using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Controllers.Pods;
using Kennel.Controllers.Scheduling.Filters;
using Kennel.Controllers.Volumes;
using Kennel.Objects;
using Kennel.Objects.Core;
using Kennel.Objects.Policy;
using Kennel.Objects.Storage;

namespace Kennel.Controllers.Scheduling;

/// <summary>
/// Gives pods their nodes. One key a pod, the most important first; what all nodes hold is kept in a <see cref="Ledger"/> that follows the
/// changes, so that a pod costs a look at some nodes and none at other pods. See <see cref="Place"/> for the decision.
/// </summary>
public sealed class Scheduler : IController
{
    public const string DefaultName = "default-scheduler";

    readonly ICache<Pod> _pods;
    readonly ICache<PersistentVolumeClaim> _claims;
    readonly ICache<PersistentVolume> _volumes;
    readonly ICache<StorageClass> _classes;
    readonly ICache<PodDisruptionBudget> _budgets;
    readonly Siblings _siblings;
    // Changes arrive and decisions are made on different threads in the product; in the simulation there is one.
    readonly Lock _gate = new();
    readonly Ledger _ledger;
    readonly Unplaced _unplaced = new();
    List<PodDisruptionBudget>? _known;
    int _start;

    public Scheduler(ICaches caches)
    {
        _pods = caches.Of<Pod>();
        _claims = caches.Of<PersistentVolumeClaim>();
        _volumes = caches.Of<PersistentVolume>();
        _classes = caches.Of<StorageClass>();
        _budgets = caches.Of<PodDisruptionBudget>();
        _siblings = new(caches);
        var spaces = caches.Of<Namespace>();
        _ledger = new(space => spaces.Get(new("", space))?.Metadata.Labels ?? Wire.NoMap<string>());
        Indexes.Add(caches);
    }

    public string Name => DefaultName;

    /// <summary>Looks at nodes so far: what scheduling costs, apart from time.</summary>
    public long Looks { get; private set; }

    public long Urgency(ObjectKey key) => _pods.Get(key) is { } pod ? Guest.PriorityOf(pod) : 0;

    public void Watch(ITriggers triggers)
    {
        triggers.On<Pod>(PodChanged);
        triggers.On<Node>(NodeChanged);
        triggers.On<PersistentVolumeClaim>((before, after) => after is null ? [] : _pods.Using(ObjectKey.Of(after)).Where(IsOurs).Select(p => ObjectKey.Of(p)));
        triggers.On<PersistentVolume>((before, after) => after is { ClaimRef: null } && after.Phase == Marks.Available ? With(Cause.Volumes) : []);
        triggers.On<StorageClass>((_, _) => With(Cause.Volumes));
        triggers.On<Namespace>(SpaceChanged);
        triggers.On<PodDisruptionBudget>((_, _) => BudgetsChanged());
    }

    public Decision Reconcile(ObjectKey key, Moment moment)
    {
        var pod = _pods.Get(key);
        lock (_gate)
        {
            if (pod is null || !IsOurs(pod))
            {
                _unplaced.Remove(key);
                return pod is not null && IsGated(pod) ? Carry.Gated(pod, moment.Now) : Decision.Nothing;
            }
            if (_unplaced.NotBefore(key, moment.Now) is { } later) return Carry.Later(pod, later);
            return Schedule(pod, moment);
        }
    }

    Decision Schedule(Pod pod, Moment moment)
    {
        _ledger.Forget(ObjectKey.Of(pod));
        _ledger.Nominations.Agree(pod);
        var placement = Place.Decide(Observe(pod, moment));
        _start = placement.Next;
        Looks += placement.Looks;
        var decision = Carry.Out(pod, placement, _ledger, moment, _pods.Get);
        Note(pod, placement, moment.Now);
        return decision;
    }

    /// <summary>The next pod must find what was decided for this one.</summary>
    void Note(Pod pod, Placement placement, DateTimeOffset now)
    {
        var key = ObjectKey.Of(pod);
        if (placement.Node is { } node)
        {
            _ledger.Promise(Guest.Of(pod, node, [.. placement.Volumes.Where(p => p.Volume is not null).Select(p => p.Volume!.Metadata.Name!)]));
            _unplaced.Remove(key);
            return;
        }
        if (placement.Displacement is { Clears: true }) _ledger.Nominations.Drop(key);
        if (placement.Displacement?.Candidate is { } candidate)
        {
            foreach (var guest in _ledger.Nominations.On(candidate.Node).ToList()) if (guest.Priority < Guest.PriorityOf(pod)) _ledger.Nominations.Drop(guest.Key);
            _ledger.Nominations.Put(Guest.Of(pod, candidate.Node));
        }
        if (placement.Refusal is not null) _unplaced.Put(pod, placement.Causes, now);
    }

    SchedulingObserved Observe(Pod pod, Moment moment) => new(
        pod,
        _ledger,
        [.. Uses.Claims(pod).Distinct(StringComparer.Ordinal).Select(c => Want(pod, c))],
        pod.Spec?.TopologySpreadConstraints.Count > 0 ? null : _siblings.Of(pod),
        _known ??= [.. _budgets.All()],
        moment.Now,
        _start,
        moment.Random.Next());

    Wanted Want(Pod pod, string name)
    {
        var key = new ObjectKey(pod.Metadata.Namespace!, name);
        if (_claims.Get(key) is not { } claim) return new(name, null, null, null, [], Objection: Uses.Missing(pod, name));
        var volume = claim.VolumeName.Length > 0 ? _volumes.Get(new("", claim.VolumeName)) : null;
        var kind = claim.Class.Length > 0 ? _classes.Get(new("", claim.Class)) : null;
        var open = claim.VolumeName.Length == 0 && kind is { WaitsForConsumer: true };
        var alone = claim.Spec?.AccessModes.Contains("ReadWriteOncePod") == true;
        return new(name, claim, volume, kind, open ? [.. _volumes.For(claim).Where(v => !_ledger.IsReserved(v.Metadata.Name!))] : [],
            alone ? [.. _pods.Using(key).Where(p => p.Metadata.Uid != pod.Metadata.Uid && Holds(p)).Select(p => ObjectKey.Of(p))] : null,
            Uses.IsEphemeral(pod, name) ? Uses.Objection(pod, claim) : null);
    }

    static bool Holds(Pod pod) => !string.IsNullOrEmpty(pod.Spec?.NodeName) && !pod.IsFinished();

    IEnumerable<ObjectKey> PodChanged(Pod? before, Pod? after)
    {
        var pod = (after ?? before)!;
        var key = ObjectKey.Of(pod);
        lock (_gate)
        {
            var node = _ledger.NodeOf(key);
            var left = _ledger.Seen(key, after);
            if (after is null) left |= _ledger.Forget(key);
            var waited = (after is null || !IsOurs(after)) && _unplaced.Remove(key);
            // A look at a pod that is gone ends what was said about it.
            waited |= after is null && string.IsNullOrEmpty(pod.Spec?.NodeName);
            if (left) return [.. Freed(node), .. Uses.ClaimObjects(pod).SelectMany(_pods.Using).Select(p => ObjectKey.Of(p)).Where(_unplaced.Has), .. waited ? [key] : (ReadOnlySpan<ObjectKey>)[]];
            if (after is null) return waited ? [key] : [];
            if (IsGated(after)) return before is null ? [key] : [];
            if (IsOurs(after)) return before is null || Differs(before, after) ? [key] : [];
            var came = string.IsNullOrEmpty(before?.Spec?.NodeName) || !Wire.Same(before.Metadata.Labels, after.Metadata.Labels);
            var leaves = before is { Metadata.DeletionTimestamp: null } && after.Metadata.DeletionTimestamp is not null;
            List<ObjectKey> helped = came ? _unplaced.With(Cause.Friends | Cause.Spread) : leaves ? _unplaced.With(Cause.Spread) : [];
            if (waited) helped.Add(key);
            return helped;
        }
    }

    List<ObjectKey> Freed(string? node)
    {
        List<ObjectKey> keys = node is not null && _ledger.Find(node) is { } room ? _unplaced.Fitting(room, Cause.Room) : [];
        return [.. keys, .. _unplaced.With(Cause.Spread | Cause.Foes)];
    }

    /// <summary>Our own word about the condition is no news; that somebody took its nomination away is.</summary>
    static bool Differs(Pod before, Pod after) =>
        before.Metadata.Uid != after.Metadata.Uid
        || !Equals(before.Spec, after.Spec)
        || before.Status?.Phase != after.Status?.Phase
        || !Wire.Same(before.Metadata.Labels, after.Metadata.Labels)
        || !string.IsNullOrEmpty(before.Status?.NominatedNodeName) && string.IsNullOrEmpty(after.Status?.NominatedNodeName)
        || !IsOurs(before);

    IEnumerable<ObjectKey> NodeChanged(Node? before, Node? after)
    {
        var heartbeat = before is not null && after is not null && !Scheduling.NodeChanged.Matters(before, after);
        if (heartbeat) return [];
        lock (_gate)
        {
            var name = (after ?? before)!.Metadata.Name!;
            _ledger.Seen(name, after);
            if (after is null || _ledger.Find(name) is not { } room) return [];
            var relabelled = before is null || !Wire.Same(before.Metadata.Labels, after.Metadata.Labels);
            return [.. _unplaced.Fitting(room, ~Cause.None), .. relabelled ? _unplaced.With(Cause.Friends | Cause.Foes | Cause.Spread) : []];
        }
    }

    IEnumerable<ObjectKey> SpaceChanged(Namespace? before, Namespace? after)
    {
        if (before is not null && after is not null && Wire.Same(before.Metadata.Labels, after.Metadata.Labels)) return [];
        lock (_gate)
        {
            _ledger.Census.Forget();
            return before is null ? [] : _unplaced.With(Cause.Friends | Cause.Foes);
        }
    }

    IEnumerable<ObjectKey> BudgetsChanged()
    {
        lock (_gate) _known = null;
        return [];
    }

    List<ObjectKey> With(Cause causes)
    {
        lock (_gate) return _unplaced.With(causes);
    }

    /// <summary>It has no node, isn't going away, isn't held back, and asks for this scheduler.</summary>
    static bool IsOurs(Pod pod) => Asks(pod) && pod.Spec!.SchedulingGates.Count == 0;

    static bool IsGated(Pod pod) => Asks(pod) && pod.Spec!.SchedulingGates.Count > 0;

    static bool Asks(Pod pod) =>
        string.IsNullOrEmpty(pod.Spec?.NodeName)
        && pod.Metadata.DeletionTimestamp is null
        && !pod.IsFinished()
        && pod.Spec is { SchedulerName: null or "" or DefaultName };
}
