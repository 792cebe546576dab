using Kennel.Client.Running;
using Kennel.Controllers.Endpoints;
using Kennel.Network.Names;
using Kennel.Objects;
using Kennel.Objects.Core;
using Kennel.Objects.Discovery;

namespace Kennel.Network.Tests.Names;

/// <summary>A small cluster with names: a set's governing service, a service with an address, an alias.</summary>
static class Town
{
    public static Kennel.Network.Names.Directory Directory(params (string Pod, string Address, bool Ready)[] pods)
    {
        Service[] services =
        [
            new() { Metadata = Meta("web"), Spec = new() { ClusterIP = "None", ClusterIPs = ["None"], Ports = [new() { Name = "http", Port = 80, Protocol = "TCP" }] } },
            new() { Metadata = Meta("front"), Spec = new() { ClusterIP = "10.96.0.50", ClusterIPs = ["10.96.0.50"], Ports = [new() { Name = "http", Port = 80, Protocol = "TCP" }, new() { Name = "dns", Port = 53, Protocol = "UDP" }] } },
            new() { Metadata = Meta("outside"), Spec = new() { Type = "ExternalName", ExternalName = "Example.org" } },
            new() { Metadata = Meta("inside"), Spec = new() { Type = "ExternalName", ExternalName = "front.shop.svc.cluster.local" } },
        ];
        EndpointSlice slice = new()
        {
            Metadata = Meta("web-abcde") with { Labels = new SortedDictionary<string, string> { ["kubernetes.io/service-name"] = "web" } },
            AddressType = "IPv4",
            Ports = [new() { Name = "http", Protocol = "TCP", Port = 8080 }],
            Endpoints = [.. pods.Select(p => new Endpoint { Addresses = [p.Address], Hostname = p.Pod.Length == 0 ? null : p.Pod, Conditions = new() { Ready = p.Ready } })],
        };
        return new(
            "cluster.local",
            key => services.FirstOrDefault(s => ObjectKey.Of(s) == key),
            key => key == new ObjectKey("shop", "web") ? [slice] : [],
            address => services.Where(s => s.Spec!.ClusterIPs.Contains(address)),
            address => slice.Endpoints.Any(e => e.Addresses.Contains(address)) ? [slice] : [],
            space => space == "shop");
    }

    /// <summary>One service with the slices that the controller makes of its pods.</summary>
    public static Kennel.Network.Names.Directory Of(Service service, params Pod[] pods)
    {
        var made = Slices.Decide(new(service, Backend.Of(service, pods, _ => null), [], null, new Random(1))).Steps.OfType<Step.Create>().Select(s => (EndpointSlice)s.Object).ToList();
        return new(
            "cluster.local",
            key => ObjectKey.Of(service) == key ? service : null,
            key => ObjectKey.Of(service) == key ? made : [],
            address => service.Spec!.ClusterIPs.Contains(address) ? [service] : [],
            address => made.Where(s => s.Endpoints.Any(e => e.Addresses.Contains(address))),
            space => space == service.Metadata.Namespace);
    }

    static Kennel.Objects.Meta.ObjectMeta Meta(string name) => new() { Name = name, Namespace = "shop" };
}
