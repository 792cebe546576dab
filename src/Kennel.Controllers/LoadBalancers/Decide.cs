using System.Collections.Immutable;
using System.Net;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.LoadBalancers;

/// <summary>
/// A service of type LoadBalancer is reached by the addresses of the machines themselves: there is no balancer in front. So of two services that want the same
/// port, the older one has it and the other waits.
/// </summary>
public static class LoadBalancers
{
    const string Excluded = "node.kubernetes.io/exclude-from-external-load-balancers";

    /// <summary>Whether addresses are ours to give: another class is another program's.</summary>
    public static bool IsOurs(Service service) => service.Spec is { Type: "LoadBalancer", LoadBalancerClass: null or "" };

    /// <summary>The ports that a service wants of a machine: <c>TCP/80</c>.</summary>
    public static IEnumerable<string> Ports(Service service) => service.Spec!.Ports.Select(p => $"{p.Protocol ?? "TCP"}/{p.Port}");

    public static Decision Decide(Observed o)
    {
        var has = o.Service.Status?.LoadBalancer?.Ingress ?? [];
        if (o.Service.Metadata.DeletionTimestamp is not null || o.Service.Spec is null) return Decision.Nothing;
        if (o.Service.Spec.Type != "LoadBalancer") return has.Count == 0 ? Decision.Nothing : new([Write(o.Service, [])]);
        if (!IsOurs(o.Service)) return Decision.Nothing;
        if (Taken(o) is { } taken)
            return new([.. has.Count == 0 ? (Step[])[] : [Write(o.Service, [])], new Step.Say { Done = new(o.Service, "SyncLoadBalancerFailed", $"Error syncing load balancer: {taken}", Warning: true) }], taken);
        IReadOnlyList<LoadBalancerIngress> wanted = [.. Addresses(o.Nodes).Select(a => new LoadBalancerIngress { Ip = a, IpMode = "VIP" })];
        if (wanted.Count == 0 && has.Count == 0) return Decision.Wait("a node that is Ready and has an address");
        if (Wire.Same(has, wanted)) return Decision.Nothing;
        return new([Write(o.Service, wanted) with { Done = new(o.Service, "EnsuredLoadBalancer", "Ensured load balancer") }]);
    }

    /// <summary>Why a port can't be had, or null.</summary>
    static string? Taken(Observed o)
    {
        foreach (var port in o.Service.Spec!.Ports)
            if ((port.Protocol ?? "TCP") == "TCP" && o.Reserved.Contains(port.Port)) return $"port {port.Port} is the API server's own";
        foreach (var other in o.Others.Where(s => IsOurs(s) && s.Metadata.DeletionTimestamp is null && IsOlder(s, o.Service)))
            if (Ports(other).Intersect(Ports(o.Service), StringComparer.Ordinal).FirstOrDefault() is { } port) return $"port {port} of the machine is taken by service {ObjectKey.Of(other)}";
        return null;
    }

    static bool IsOlder(Service one, Service other) =>
        (one.Metadata.CreationTimestamp ?? default, ObjectKey.Of(one)).CompareTo((other.Metadata.CreationTimestamp ?? default, ObjectKey.Of(other))) < 0;

    static IEnumerable<string> Addresses(ImmutableArray<Node> nodes) => nodes
        .Where(n => !n.Metadata.Labels.ContainsKey(Excluded) && n.Status?.Conditions.Any(c => c is { Type: "Ready", Status: "True" }) == true)
        .SelectMany(n => n.Status!.Addresses.Where(a => a.Type == "InternalIP").Take(1).Select(a => a.Address!))
        .Where(a => IPAddress.TryParse(a, out _)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    static Step.UpdateStatus Write(Service service, IReadOnlyList<LoadBalancerIngress> ingress) =>
        new(service with { Status = (service.Status ?? new()) with { LoadBalancer = new() { Ingress = ingress } } });
}
