using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Core;
using Kennel.Objects.Discovery;
using Kennel.Objects.Meta;
using EndpointPort = Kennel.Objects.Discovery.EndpointPort;

namespace Kennel.Controllers.Endpoints;

/// <summary>What is known of one Endpoints object.</summary>
/// <param name="Service">The service of its name, or null.</param>
/// <param name="Slices">Those that were made of it.</param>
/// <param name="Random">For the names of new slices.</param>
public sealed record ByHandObserved(Kennel.Objects.Core.Endpoints? Endpoints, Service? Service, ImmutableArray<EndpointSlice> Slices, Random Random);

/// <summary>Endpoints that people and programs write for a service without a selector, as slices: nobody routes by anything else.</summary>
public static class ByHand
{
    public const string Us = "endpointslicemirroring-controller.k8s.io";

    const string Skip = "endpointslice.kubernetes.io/skip-mirror";
    const string Leader = "control-plane.alpha.kubernetes.io/leader";
    const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    /// <summary>Addresses beyond this are left out, as upstream.</summary>
    const int Most = 1000;

    const string NameCharacters = "bcdfghjklmnpqrstvwxz2456789";

    public static Decision Decide(ByHandObserved o)
    {
        var steps = new List<Step>();
        var left = o.Slices.Where(s => s.Metadata.DeletionTimestamp is null).ToList();
        if (o.Endpoints is { } endpoints && IsMirrored(endpoints, o.Service))
            foreach (var (type, ports, list) in Wanted(endpoints)) steps.AddRange(Fill(o, endpoints, left, type, ports, list));
        return new([.. steps, .. left.Select(s => new Step.Delete(EndpointSlice.Resource, ObjectKey.Of(s), s.Metadata.Uid))]);
    }

    static bool IsMirrored(Kennel.Objects.Core.Endpoints endpoints, Service? service) =>
        service is { Metadata.DeletionTimestamp: null, Spec.Selector.Count: 0 } && endpoints.Metadata.DeletionTimestamp is null
        && endpoints.Metadata.Labels.GetValueOrDefault(Skip) != "true" && !endpoints.Metadata.Annotations.ContainsKey(Leader);

    /// <summary>A slice for each set of ports and family of addresses.</summary>
    static IEnumerable<(string Type, IReadOnlyList<EndpointPort> Ports, IReadOnlyList<Endpoint> Endpoints)> Wanted(Kennel.Objects.Core.Endpoints endpoints) =>
        endpoints.Subsets
            .SelectMany(s => s.Addresses.Select(a => (Address: a, Ready: true)).Concat(s.NotReadyAddresses.Select(a => (Address: a, Ready: false))).Take(Most)
                .Select(a => (Ports: PortsOf(s), Type: TypeOf(a.Address.Ip), Endpoint: EndpointOf(a.Address, a.Ready))))
            .Where(e => e.Type is not null)
            .GroupBy(e => (Type: e.Type!, Key: Backend.Key(e.Ports)))
            .OrderBy(g => g.Key.Type, StringComparer.Ordinal).ThenBy(g => g.Key.Key, StringComparer.Ordinal)
            .Select(g => (g.Key.Type, (IReadOnlyList<EndpointPort>)g.First().Ports, (IReadOnlyList<Endpoint>)[.. g.Select(e => e.Endpoint).DistinctBy(e => e.Addresses[0], StringComparer.Ordinal).Take(Most)]));

    static IEnumerable<Step> Fill(ByHandObserved o, Kennel.Objects.Core.Endpoints endpoints, List<EndpointSlice> left, string type, IReadOnlyList<EndpointPort> ports, IReadOnlyList<Endpoint> list)
    {
        var known = left.Find(s => s.AddressType == type && Backend.Key(s.Ports) == Backend.Key(ports)) ?? left.Find(s => s.AddressType == type);
        if (known is null) return [new Step.Create(New(o, endpoints, type, ports, list))];
        left.Remove(known);
        var changed = known with { Ports = ports, Endpoints = list, Metadata = known.Metadata with { Labels = Labels(endpoints), Annotations = Annotations(endpoints) } };
        return changed.Equals(known) ? [] : [new Step.Update(changed)];
    }

    static EndpointSlice New(ByHandObserved o, Kennel.Objects.Core.Endpoints endpoints, string type, IReadOnlyList<EndpointPort> ports, IReadOnlyList<Endpoint> list) => new()
    {
        Metadata = new()
        {
            Name = $"{endpoints.Metadata.Name}-{new string([.. Enumerable.Range(0, 5).Select(_ => NameCharacters[o.Random.Next(NameCharacters.Length)])])}",
            GenerateName = $"{endpoints.Metadata.Name}-",
            Namespace = endpoints.Metadata.Namespace,
            Labels = Labels(endpoints),
            Annotations = Annotations(endpoints),
            OwnerReferences = [new OwnerReference { ApiVersion = "v1", Kind = "Endpoints", Name = endpoints.Metadata.Name!, Uid = endpoints.Metadata.Uid!, Controller = true, BlockOwnerDeletion = true }],
        },
        AddressType = type,
        Ports = ports,
        Endpoints = list,
    };

    static EndpointPort[] PortsOf(EndpointSubset subset) =>
        [.. subset.Ports.Select(p => new EndpointPort { Name = p.Name ?? "", Port = p.Port, Protocol = p.Protocol ?? "TCP", AppProtocol = p.AppProtocol })];

    static Endpoint EndpointOf(EndpointAddress address, bool ready) => new()
    {
        Addresses = [address.Ip],
        Conditions = new() { Ready = ready },
        Hostname = string.IsNullOrEmpty(address.Hostname) ? null : address.Hostname,
        NodeName = address.NodeName,
        TargetRef = address.TargetRef,
    };

    static string? TypeOf(string address) => !IPAddress.TryParse(address, out var ip) ? null : ip.AddressFamily == AddressFamily.InterNetworkV6 ? "IPv6" : "IPv4";

    static SortedDictionary<string, string> Labels(Kennel.Objects.Core.Endpoints endpoints) => new(endpoints.Metadata.Labels.ToDictionary(), StringComparer.Ordinal)
    {
        [Slices.ServiceName] = endpoints.Metadata.Name!,
        [Slices.ManagedBy] = Us,
    };

    static SortedDictionary<string, string> Annotations(Kennel.Objects.Core.Endpoints endpoints) =>
        new(endpoints.Metadata.Annotations.Where(a => a.Key != LastApplied).ToDictionary(), StringComparer.Ordinal);
}
