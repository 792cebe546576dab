using System.Collections.Immutable;
using System.Net;
using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Network.Filters;
using Kennel.Network.Hosts;
using Kennel.Objects;
using Kennel.Objects.Core;
using Kennel.Objects.Discovery;

namespace Kennel.Network.Services;

/// <param name="Table">Name of the packet filter's table: one an instance.</param>
/// <param name="PodCidr">The pods' addresses.</param>
/// <param name="Node">The name of this machine's node: its endpoints are the local ones.</param>
public sealed record ServiceProxyOptions(string Table, string PodCidr, string Node);

/// <summary>
/// Keeps the machine's packet filter true to Services and EndpointSlices. One key: however many changes come while some are being
/// applied, the next transaction has them all, and nothing that hasn't changed.
/// </summary>
public sealed class ServiceProxy : IController
{
    const string ByService = "routed-slices-by-service";
    const string Zone = "topology.kubernetes.io/zone";

    static readonly ObjectKey _key = new("", "ruleset");

    // The bridge is made with the first pod, so its setting is tried again soon.
    static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(200);

    // Firewalls are reloaded by people and programs, seldom.
    static readonly TimeSpan Look = TimeSpan.FromMinutes(1);

    readonly ICache<Service> _services;
    readonly ICache<EndpointSlice> _slices;
    readonly ICache<Node> _nodes;
    readonly IHost _host;
    readonly ServiceProxyOptions _options;
    readonly Settings _settings;
    readonly PacketFilter _filter;
    readonly Forwarding _forwarding;
    readonly IPNetwork _pods;
    readonly Routing _routing = new();
    ImmutableArray<Routed> _datagrams = [];

    /// <param name="settings">The machine's, shared with others who need them.</param>
    public ServiceProxy(ICaches caches, IHost host, Settings settings, ServiceProxyOptions options)
    {
        _services = caches.Of<Service>();
        _slices = caches.Of<EndpointSlice>();
        _nodes = caches.Of<Node>();
        _slices.Index(ByService, s => ServiceOf(s) is { } service ? [service.ToString()] : []);
        _host = host;
        _options = options;
        _settings = settings;
        _filter = new(host, options.Table);
        _forwarding = new(host, options.Table, options.PodCidr);
        _pods = IPNetwork.Parse(options.PodCidr);
    }

    public string Name => "service-proxy";

    public void Watch(ITriggers triggers)
    {
        triggers.On<Service>((_, _) => [_key]);
        triggers.On<EndpointSlice>((_, _) => [_key]);
        triggers.On<Node>((before, after) => (after ?? before)!.Metadata.Name == _options.Node && ZoneOf(before) != ZoneOf(after) ? [_key] : []);
    }

    public Decision Reconcile(ObjectKey key, Moment moment)
    {
        if (_settings.BridgeFiltered is not { } filtered) return new([new MakeSettings(_settings), new KeepForwarding(_forwarding)], "the machine's settings", moment.Now);
        var here = new Place(_options.Node, ZoneOf(_nodes.Get(new("", _options.Node))));
        var options = new RulesetOptions(_options.Table, _options.PodCidr, MasqueradePods: !filtered);
        var services = _routing.Of(_services.All(), k => _slices.ByIndex(ByService, k.ToString()), options, here);
        var table = Ruleset.Of(services.SelectMany(s => s.Parts), options);
        var steps = ImmutableArray.CreateBuilder<Step>(3);
        if (!_settings.BridgeReady) steps.Add(new MakeSettings(_settings));
        if (_filter.Needed(table).Length > 0) Apply(steps, table, services);
        else if (_settings.BridgeReady) steps.AddRange(new CheckTable(_filter, Ruleset.Entry), new KeepForwarding(_forwarding));
        // Until the bridge is there only node ports on 127.0.0.1 are missing.
        return new(steps.ToImmutable(), At: moment.Now + (!_settings.BridgeReady && HasPods(services) ? Soon : Look));
    }

    /// <summary>Leaves no trace in the packet filter.</summary>
    public async ValueTask<string?> Remove(CancellationToken cancel) => await _filter.Remove(cancel) ?? await _forwarding.Remove(cancel);

    void Apply(ImmutableArray<Step>.Builder steps, Table table, ImmutableArray<Routing.Known> services)
    {
        steps.Add(new ApplyTable(_filter, table));
        ImmutableArray<Routed> datagrams = [.. services.SelectMany(s => s.Ports).Where(p => p.Protocol == "udp")];
        if (_filter.Applied is not null && datagrams.Length == _datagrams.Length && datagrams.Zip(_datagrams).All(p => ReferenceEquals(p.First, p.Second))) return;
        if (!datagrams.IsEmpty) steps.Add(new ForgetStale(_host, datagrams));
        _datagrams = datagrams;
    }

    bool HasPods(ImmutableArray<Routing.Known> services) =>
        services.Any(s => s.Ports.Any(p => p.To.All.Any(t => _pods.Contains(IPAddress.Parse(t.Address)))));

    static string? ZoneOf(Node? node) => node?.Metadata.Labels.GetValueOrDefault(Zone);

    static ObjectKey? ServiceOf(EndpointSlice slice) =>
        slice.Metadata.Labels.TryGetValue("kubernetes.io/service-name", out var service) ? new(slice.Metadata.Namespace ?? "", service) : null;
}
