using System.Collections.Immutable;
using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Network.Filters;
using Kennel.Network.Hosts;
using Kennel.Network.Services;
using Kennel.Objects;
using Kennel.Objects.Core;
using Kennel.Objects.Networking;

namespace Kennel.Network.Policies;

/// <summary>Keeps the machine's packet filter true to NetworkPolicies. While there are none there is no table, and no change of a pod costs more than a look.</summary>
public sealed class PolicyEnforcer : IController
{
    static readonly ObjectKey _key = new("", "policies");

    // Firewalls are reloaded by people and programs, seldom.
    static readonly TimeSpan Look = TimeSpan.FromMinutes(1);

    readonly ICache<NetworkPolicy> _policies;
    readonly ICache<Pod> _pods;
    readonly ICache<Namespace> _namespaces;
    readonly Settings _settings;
    readonly PacketFilter _filter;
    readonly string _name;
    readonly string _node;

    /// <param name="settings">Tells whether the bridge hands packets between pods to the machine's filter.</param>
    /// <param name="table">The table's name: one an instance.</param>
    /// <param name="node">The name of this machine's node.</param>
    public PolicyEnforcer(ICaches caches, IHost host, Settings settings, string table, string node)
    {
        (_policies, _pods, _namespaces) = (caches.Of<NetworkPolicy>(), caches.Of<Pod>(), caches.Of<Namespace>());
        (_settings, _name, _node) = (settings, table, node);
        _filter = new(host, table);
    }

    public string Name => "network-policy";

    public void Watch(ITriggers triggers)
    {
        triggers.On<NetworkPolicy>((_, _) => [_key]);
        triggers.On<Pod>((before, after) => IsUsed && Matters(before, after) ? [_key] : []);
        triggers.On<Namespace>((before, after) => IsUsed && (before is null || after is null || !Wire.Same(before.Metadata.Labels, after.Metadata.Labels)) ? [_key] : []);
    }

    public Decision Reconcile(ObjectKey key, Moment moment)
    {
        if (!IsUsed) return _filter.Applied is null ? Decision.Nothing : new([new RemoveTable(_filter)]);
        if (_settings.BridgeFiltered is not { } filtered) return new([new MakeSettings(_settings)], "the machine's settings", moment.Now);
        var observed = new Observed([.. _policies.All()], Member.Of(_pods.All()), [.. _namespaces.All()], _node);
        var table = PolicyTable.Of(observed, _name);
        Step step = _filter.Needed(table).Length > 0 ? new ApplyTable(_filter, table) : new CheckTable(_filter, PolicyTable.Entry);
        // Pods of one bridge meet there and nowhere else when it doesn't ask the machine.
        return new([step], filtered ? null : "the kernel's br_netfilter: without it policies don't hold between pods of this machine", moment.Now + Look);
    }

    bool IsUsed => _policies.All().Any();

    static bool Matters(Pod? before, Pod? after) => before is null || after is null
        || before.Status?.PodIP != after.Status?.PodIP
        || before.Spec?.NodeName != after.Spec?.NodeName
        || before.Metadata.DeletionTimestamp is null != after.Metadata.DeletionTimestamp is null
        || IsOver(before) != IsOver(after)
        || !Wire.Same(before.Metadata.Labels, after.Metadata.Labels);

    static bool IsOver(Pod pod) => pod.Status?.Phase is "Succeeded" or "Failed";
}
