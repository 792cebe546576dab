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
        Endpoints = [.. endpoints.Select(e => new Endpoint { Addresses = [e.Address], Conditions = new() { Ready = e.Ready } })],
    };
}
