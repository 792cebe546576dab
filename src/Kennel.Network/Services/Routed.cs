using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Kennel.Network.Filters;
using Kennel.Objects;
using Kennel.Objects.Core;
using Kennel.Objects.Discovery;

namespace Kennel.Network.Services;

/// <summary>One port of a service and where it leads.</summary>
/// <param name="Protocol">tcp, udp or sctp.</param>
/// <param name="ClusterAddress">Where programs in the cluster find it.</param>
/// <param name="Addresses">More addresses by which it is reached from outside: external ones, and those of load balancers.</param>
/// <param name="Guarded">Those of <paramref name="Addresses"/> that only <paramref name="Sources"/> may reach.</param>
/// <param name="Sources">Address ranges (loadBalancerSourceRanges).</param>
/// <param name="NodePort">The port on every address of the machine; 0 for none.</param>
/// <param name="InsideLocal">Callers in the cluster get endpoints of their own machine only (internalTrafficPolicy).</param>
/// <param name="OutsideLocal">So do callers from outside, and they keep their address (externalTrafficPolicy).</param>
/// <param name="AffinitySeconds">How long a client stays with its endpoint; 0 for no affinity.</param>
public sealed record Routed(
    ObjectKey Service,
    string Protocol,
    int Port,
    string ClusterAddress,
    ImmutableArray<string> Addresses,
    ImmutableArray<string> Guarded,
    ImmutableArray<string> Sources,
    int NodePort,
    bool InsideLocal,
    bool OutsideLocal,
    int AffinitySeconds,
    Destinations To)
{
    /// <summary>The same for all chains and sets of this port; made of characters that nft takes in names.</summary>
    public string Id { get; } = string.Create(CultureInfo.InvariantCulture, $"{Service.Namespace}/{Service.Name}/{Protocol}/{Port}");

    /// <summary>Whether it is reached from outside at all.</summary>
    public bool IsOutside => NodePort > 0 || !Addresses.IsEmpty;

    /// <summary>All ports of a service that has an address of its own; none of others.</summary>
    public static ImmutableArray<Routed> Of(Service service, IReadOnlyCollection<EndpointSlice> slices, Place here) =>
        service.Spec is not { } spec || spec.Type == "ExternalName" || !IsAddress(spec.ClusterIP) ? [] : [.. spec.Ports.Select(p => Of(service, spec, p, slices, here))];

    static Routed Of(Service service, ServiceSpec spec, ServicePort port, IEnumerable<EndpointSlice> slices, Place here)
    {
        var balanced = Sorted(service.Status?.LoadBalancer?.Ingress.Where(i => i.IpMode != "Proxy").Select(i => i.Ip) ?? []);
        return new(
            ObjectKey.Of(service),
            (port.Protocol ?? "TCP").ToLowerInvariant(),
            port.Port,
            spec.ClusterIP!,
            Sorted(spec.ExternalIPs.Concat(balanced)),
            spec.LoadBalancerSourceRanges.Count > 0 ? balanced : [],
            [.. spec.LoadBalancerSourceRanges.Select(AddressRange.Of).OfType<string>().Distinct(StringComparer.Ordinal)],
            port.NodePort ?? 0,
            spec.InternalTrafficPolicy == "Local",
            spec.ExternalTrafficPolicy == "Local",
            spec.SessionAffinity == "ClientIP" ? spec.SessionAffinityConfig?.ClientIP?.TimeoutSeconds ?? 10800 : 0,
            Destinations.Of(port, slices.Where(s => s.AddressType == "IPv4"), here));
    }

    /// <summary>An IPv4 address as it is usually written: others are not understood by the filter, or not ours.</summary>
    internal static bool IsAddress(string? text) =>
        IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetwork && address.ToString() == text;

    static ImmutableArray<string> Sorted(IEnumerable<string?> addresses) => [.. addresses.Where(IsAddress).Select(a => a!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
