using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Coordination;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Nodes;

/// <summary>Follows the heartbeats of nodes; see <see cref="Watchdog"/>.</summary>
public sealed class NodeLifecycle : IController
{
    /// <summary>Where nodes keep their leases.</summary>
    public const string Leases = "kube-node-lease";

    readonly ICache<Node> _nodes;
    readonly ICache<Lease> _leases;
    readonly ICache<Pod> _pods;
    readonly Lock _gate = new();
    readonly SortedDictionary<string, Sign> _signs = new(StringComparer.Ordinal);
    readonly Zones _zones = new();
    int _recoveries;

    public NodeLifecycle(ICaches caches)
    {
        _nodes = caches.Of<Node>();
        _leases = caches.Of<Lease>();
        _pods = caches.Of<Pod>();
        PodsByNode.Add(caches);
    }

    public string Name => "node-controller";

    public void Watch(ITriggers triggers)
    {
        triggers.On<Node>(Changed);
        // A lease is only read when its time has run out, or when it brings a lost node back.
        triggers.On<Lease>((_, after) => after?.Metadata.Namespace == Leases && IsLost(after.Metadata.Name!) ? [new("", after.Metadata.Name!)] : []);
    }

    public Decision Reconcile(ObjectKey key, Moment moment)
    {
        if (_nodes.Get(key) is not { } node)
        {
            lock (_gate) _signs.Remove(key.Name);
            return Decision.Nothing;
        }
        var sign = Note(node, moment.Now);
        var observed = new NodeObserved(node, sign.Seen, sign.Known, _pods.OnNode(key.Name), moment.Now, EvictionTurn.Free);
        lock (_gate) return Watchdog.Decide(observed with { Turn = _zones.Turn(node, Watchdog.AsksToEvict(observed), moment.Now) });
    }

    /// <summary>When a zone loses or gains a node, what holds for its others may change.</summary>
    IEnumerable<ObjectKey> Changed(Node? before, Node? after)
    {
        var key = ObjectKey.Of((after ?? before)!);
        lock (_gate)
        {
            var halted = _zones.Halted;
            if (!_zones.Seen(key.Name, after)) return [key];
            // All were silent: it was rather we who didn't hear. Each has its full time again.
            if (halted && !_zones.Halted) _recoveries++;
        }
        return _nodes.All().Where(n => n.Find(Conditions.Ready)?.Status != "True").Select(n => ObjectKey.Of(n)).Append(key);
    }

    /// <summary>
    /// When the heartbeat last changed, by our clock: clocks of machines differ, and after a restart of ours every node has its full
    /// time again.
    /// </summary>
    Sign Note(Node node, DateTimeOffset now)
    {
        var lease = _leases.Get(new(Leases, node.Metadata.Name!))?.Spec?.RenewTime;
        var posted = node.Find(Conditions.Ready) is { Status: not "Unknown" } ready ? ready.LastHeartbeatTime : null;
        lock (_gate)
        {
            if (!_signs.TryGetValue(node.Metadata.Name!, out var sign)) sign = new(null, null, null, now, _recoveries);
            var alive = lease is not null && lease != sign.Lease || posted is not null && posted != sign.Posted;
            alive |= sign.Recoveries != _recoveries;
            return _signs[node.Metadata.Name!] = sign with { Lease = lease, Posted = posted, Seen = alive ? now : sign.Seen, Recoveries = _recoveries };
        }
    }

    bool IsLost(string node) => _nodes.Get(new("", node))?.Find(Conditions.Ready)?.Status == "Unknown";

    sealed record Sign(DateTimeOffset? Lease, DateTimeOffset? Posted, DateTimeOffset? Seen, DateTimeOffset Known, int Recoveries);
}
