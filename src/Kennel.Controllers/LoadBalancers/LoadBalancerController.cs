using System.Collections.Immutable;
using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.LoadBalancers;

/// <summary>Gives services of type LoadBalancer their addresses; see <see cref="LoadBalancers"/>.</summary>
public sealed class LoadBalancerController : IController
{
    const string ByPort = "balanced-services-by-port";
    const string All = "balanced-services";

    readonly ICache<Service> _services;
    readonly ICache<Node> _nodes;
    readonly ImmutableArray<int> _reserved;

    /// <param name="reserved">TCP ports of the machine that no service may take.</param>
    public LoadBalancerController(ICaches caches, params ImmutableArray<int> reserved)
    {
        (_services, _nodes, _reserved) = (caches.Of<Service>(), caches.Of<Node>(), reserved);
        _services.Index(ByPort, s => LoadBalancers.IsOurs(s) ? LoadBalancers.Ports(s) : []);
        _services.Index(All, s => LoadBalancers.IsOurs(s) ? [""] : []);
    }

    public string Name => "service-lb-controller";

    public void Watch(ITriggers triggers)
    {
        triggers.On<Service>((before, after) => Concerned(before).Concat(Concerned(after)).Append(ObjectKey.Of((after ?? before)!)).Distinct());
        triggers.On<Node>((before, after) => before is null || after is null || Face(before) != Face(after) ? _services.ByIndex(All, "").Select(s => ObjectKey.Of(s)) : []);
    }

    public Decision Reconcile(ObjectKey key, Moment moment)
    {
        if (_services.Get(key) is not { } service) return Decision.Nothing;
        return LoadBalancers.Decide(new(service, LoadBalancers.IsOurs(service) ? [.. Sharing(service)] : [], LoadBalancers.IsOurs(service) ? [.. _nodes.All()] : [], _reserved));
    }

    /// <summary>Whoever waits for a port of it.</summary>
    IEnumerable<ObjectKey> Concerned(Service? service) => service is not null && LoadBalancers.IsOurs(service) ? Sharing(service).Select(s => ObjectKey.Of(s)) : [];

    IEnumerable<Service> Sharing(Service service) =>
        LoadBalancers.Ports(service).SelectMany(p => _services.ByIndex(ByPort, p)).Where(s => s.Metadata.Uid != service.Metadata.Uid).DistinctBy(s => ObjectKey.Of(s));

    /// <summary>What of a node matters here.</summary>
    static string Face(Node node) => string.Join(' ', (node.Status?.Addresses ?? []).Select(a => a.Address)
        .Append(node.Status?.Conditions.FirstOrDefault(c => c.Type == "Ready")?.Status)
        .Append(node.Metadata.Labels.ContainsKey("node.kubernetes.io/exclude-from-external-load-balancers") ? "excluded" : ""));
}
