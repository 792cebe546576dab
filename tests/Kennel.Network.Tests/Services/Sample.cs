using System.Collections.Immutable;
using Kennel.Network.Services;
using Kennel.Objects;
using Kennel.Objects.Core;
using Kennel.Objects.Discovery;

namespace Kennel.Network.Tests.Services;

/// <summary>Services and slices for tests.</summary>
static class Sample
{
    public static Service Service(string name, string address, int port = 80, int nodePort = 0, string protocol = "TCP", string affinity = "None", string policy = "Cluster") => new()
    {
        Metadata = new() { Name = name, Namespace = "default" },
        Spec = new()
        {
            ClusterIP = address,
            Ports = [new() { Port = port, NodePort = nodePort == 0 ? null : nodePort, Protocol = protocol }],
            SessionAffinity = affinity,
            ExternalTrafficPolicy = policy,
        },
    };

    public static EndpointSlice Slice(string service, int port, params (string Address, bool Ready)[] endpoints) => new()
    {
        Metadata = new() { Name = service + "-abcde", Namespace = "default", Labels = new Dictionary<string, string> { ["kubernetes.io/service-name"] = service } },
        AddressType = "IPv4",
        Ports = [new() { Name = "", Protocol = "TCP", Port = port }],
        Endpoints = [.. endpoints.Select(e => new Endpoint { Addresses = [e.Address], NodeName = "here", Conditions = new() { Ready = e.Ready } })],
    };

    /// <summary>As the proxy of node <c>here</c> routes them.</summary>
    public static ImmutableArray<Routed> Routed(Service[] services, EndpointSlice[] slices, string zone = "west") =>
    [
        .. services.OrderBy(s => s.Metadata.Name, StringComparer.Ordinal).SelectMany(s => Kennel.Network.Services.Routed.Of(s, [.. slices.Where(e => e.Metadata.Labels["kubernetes.io/service-name"] == s.Metadata.Name)], new("here", zone))),
    ];
}
