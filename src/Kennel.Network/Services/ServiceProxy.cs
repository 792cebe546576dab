using System.Collections.Immutable;
using System.Net;
using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Network.Hosts;
using Kennel.Objects;
using Kennel.Objects.Core;
using Kennel.Objects.Discovery;

namespace Kennel.Network.Services;

/// <param name="Table">Name of the packet filter's table: one an instance.</param>
/// <param name="Bridge">The bridge that the pods hang on.</param>
/// <param name="PodCidr">The pods' addresses.</param>
public sealed record ServiceProxyOptions(string Table, string Bridge, string PodCidr);

/// <summary>
/// Keeps the machine's packet filter true to Services and EndpointSlices. One key: however many changes come while a ruleset is being
/// applied, the next one has them all.
/// </summary>
public sealed class ServiceProxy : IController
{
    static readonly ObjectKey _key = new("", "ruleset");

    // The bridge is made with the first pod, so its setting is tried again soon.
    static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(200);

    // Firewalls are reloaded by people and programs, seldom.
    static readonly TimeSpan Look = TimeSpan.FromMinutes(1);

    readonly ICache<Service> _services;
    readonly ICache<EndpointSlice> _slices;
    readonly ServiceProxyOptions _options;
    readonly Settings _settings;
    readonly PacketFilter _filter;
    readonly Forwarding _forwarding;
    readonly IPNetwork _pods;

    public ServiceProxy(ICaches caches, IHost host, ServiceProxyOptions options)
    {
        _services = caches.Of<Service>();
        _slices = caches.Of<EndpointSlice>();
        _options = options;
        _settings = new(host, options.Bridge);
        _filter = new(host, options.Table);
        _forwarding = new(host, options.Table, options.PodCidr);
        _pods = IPNetwork.Parse(options.PodCidr);
    }

    public string Name => "service-proxy";

    public void Watch(ITriggers triggers)
    {
        triggers.On<Service>((_, _) => [_key]);
        triggers.On<EndpointSlice>((_, _) => [_key]);
    }

    public Decision Reconcile(ObjectKey key, Moment moment)
    {
        if (_settings.BridgeFiltered is not { } filtered) return new([new MakeSettings(_settings), new KeepForwarding(_forwarding)], "the machine's settings", moment.Now);
        var services = Routed.Of(_services.All(), _slices.All());
        var text = Ruleset.Text(services, new(_options.Table, _options.PodCidr, MasqueradePods: !filtered));
        var steps = ImmutableArray.CreateBuilder<Step>(2);
        if (!_settings.BridgeReady) steps.Add(new MakeSettings(_settings));
        if (text != _filter.Applied) steps.Add(new ApplyRules(_filter, text));
        else if (_settings.BridgeReady) steps.AddRange(new CheckRules(_filter), new KeepForwarding(_forwarding));
        // Until the bridge is there only node ports on 127.0.0.1 are missing.
        return new(steps.ToImmutable(), At: moment.Now + (!_settings.BridgeReady && HasPods(services) ? Soon : Look));
    }

    /// <summary>Leaves no trace in the packet filter.</summary>
    public async ValueTask<string?> Remove(CancellationToken cancel) => await _filter.Remove(cancel) ?? await _forwarding.Remove(cancel);

    bool HasPods(ImmutableArray<Routed> services) =>
        services.Any(s => s.Targets.Any(t => _pods.Contains(IPAddress.Parse(t.Address))));
}
