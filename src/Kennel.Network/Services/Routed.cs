using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Kennel.Objects;
using Kennel.Objects.Core;
using Kennel.Objects.Discovery;

namespace Kennel.Network.Services;

/// <summary>One port of a service and where it leads.</summary>
/// <param name="Protocol">tcp, udp or sctp.</param>
/// <param name="ClusterAddress">Where programs in the cluster find it; null for none.</param>
/// <param name="Addresses">More addresses by which it is reached from outside.</param>
/// <param name="NodePort">The port on every address of the machine; 0 for none.</param>
/// <param name="KeepSource">Clients from outside keep their address (externalTrafficPolicy Local).</param>
/// <param name="AffinitySeconds">How long a client stays with its endpoint; 0 for no affinity.</param>
/// <param name="Targets">Endpoints that are ready, in the order of their addresses.</param>
public sealed record Routed(
    ObjectKey Service,
    string Protocol,
    int Port,
    string? ClusterAddress,
    ImmutableArray<string> Addresses,
    int NodePort,
    bool KeepSource,
    int AffinitySeconds,
    ImmutableArray<Target> Targets)
{
    const string ServiceName = "kubernetes.io/service-name";

    /// <summary>The same for all chains and sets of this port; made of characters that nft takes in names.</summary>
    public string Id => string.Create(CultureInfo.InvariantCulture, $"{Service.Namespace}/{Service.Name}/{Protocol}/{Port}");

    /// <summary>All ports of all services that have an address of their own, in the order of their keys.</summary>
    public static ImmutableArray<Routed> Of(IEnumerable<Service> services, IEnumerable<EndpointSlice> slices)
    {
        var byService = slices
            .Where(s => s.AddressType == "IPv4" && s.Metadata.Labels.ContainsKey(ServiceName))
            .ToLookup(s => new ObjectKey(s.Metadata.Namespace ?? "", s.Metadata.Labels[ServiceName]));
        var routed = ImmutableArray.CreateBuilder<Routed>();
        foreach (var service in services.OrderBy(s => ObjectKey.Of(s)))
        {
            if (service.Spec is not { } spec || spec.Type == "ExternalName" || !IsAddress(spec.ClusterIP)) continue;
            foreach (var port in spec.Ports) routed.Add(Of(service, spec, port, byService[ObjectKey.Of(service)]));
        }
        return routed.ToImmutable();
    }

    static Routed Of(Service service, ServiceSpec spec, ServicePort port, IEnumerable<EndpointSlice> slices) => new(
        ObjectKey.Of(service),
        (port.Protocol ?? "TCP").ToLowerInvariant(),
        port.Port,
        spec.ClusterIP,
        [.. spec.ExternalIPs.Concat(service.Status?.LoadBalancer?.Ingress.Select(i => i.Ip ?? "") ?? []).Where(IsAddress).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        port.NodePort ?? 0,
        spec.ExternalTrafficPolicy == "Local",
        spec.SessionAffinity == "ClientIP" ? spec.SessionAffinityConfig?.ClientIP?.TimeoutSeconds ?? 10800 : 0,
        Ready(port, slices));

    /// <summary>Only endpoints that are ready: others are listed, but get no traffic (SS-1208).</summary>
    static ImmutableArray<Target> Ready(ServicePort port, IEnumerable<EndpointSlice> slices)
    {
        var targets = new SortedSet<Target>();
        foreach (var slice in slices)
        {
            foreach (var to in slice.Ports)
            {
                if ((to.Name ?? "") != (port.Name ?? "") || (to.Protocol ?? "TCP") != (port.Protocol ?? "TCP") || to.Port is not { } number) continue;
                foreach (var endpoint in slice.Endpoints)
                    if (endpoint.Conditions?.Ready != false && endpoint.Addresses is [var address, ..] && IsAddress(address)) targets.Add(new(address, number));
            }
        }
        return [.. targets];
    }

    static bool IsAddress(string? text) =>
        IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetwork && address.ToString() == text;
}

/// <summary>An endpoint's address and port.</summary>
public readonly record struct Target(string Address, int Port) : IComparable<Target>
{
    public int CompareTo(Target other) =>
        Number(Address).CompareTo(Number(other.Address)) is var order and not 0 ? order : Port.CompareTo(other.Port);

    public static bool operator <(Target left, Target right) => left.CompareTo(right) < 0;

    public static bool operator >(Target left, Target right) => left.CompareTo(right) > 0;

    public static bool operator <=(Target left, Target right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Target left, Target right) => left.CompareTo(right) >= 0;

    /// <summary>An address as the number that it is, so that 10.0.0.9 comes before 10.0.0.10.</summary>
    static uint Number(string address)
    {
        var bytes = IPAddress.Parse(address).GetAddressBytes();
        return (uint)bytes[0] << 24 | (uint)bytes[1] << 16 | (uint)bytes[2] << 8 | bytes[3];
    }
}
