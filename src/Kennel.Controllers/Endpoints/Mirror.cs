using System.Collections.Immutable;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Endpoints;

/// <summary>The older Endpoints object of a service, which older kubectl describe and older programs read.</summary>
public static class Mirror
{
    const string ManagedBy = "endpoints.kubernetes.io/managed-by";
    const string Us = "endpoint-controller";

    /// <summary>Addresses beyond this are left out, and an annotation says so, as upstream.</summary>
    const int Most = 1000;

    public static Decision Decide(Service service, ImmutableArray<Backend> backends, Kennel.Objects.Core.Endpoints? known)
    {
        if (service.Metadata.DeletionTimestamp is not null || !Slices.HasPods(service)) return Decision.Nothing;
        var labels = Labels(service);
        var annotations = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (backends.Length > Most) annotations["endpoints.kubernetes.io/over-capacity"] = "truncated";
        var subsets = Subsets(backends);
        if (known is null)
        {
            var made = new Kennel.Objects.Core.Endpoints
            {
                Metadata = new() { Name = service.Metadata.Name, Namespace = service.Metadata.Namespace, Labels = labels, Annotations = annotations },
                Subsets = subsets,
            };
            return new([new Step.Create(made, AlreadyThereIsFine: true)]);
        }
        if (Wire.Same(known.Subsets, subsets) && Wire.Same(known.Metadata.Labels, labels)) return Decision.Nothing;
        return new([new Step.Update(known with { Subsets = subsets, Metadata = known.Metadata with { Labels = labels, Annotations = annotations } })]);
    }

    /// <summary>
    /// One subset a set of ports: those that are ready, and those that aren't, each in the order of their addresses. Pods that only wait for their
    /// end are in neither, and a subset of nobody is none.
    /// </summary>
    static IReadOnlyList<EndpointSubset> Subsets(ImmutableArray<Backend> backends) =>
    [
        .. backends.Take(Most).GroupBy(b => b.PortsKey, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(group => new EndpointSubset
        {
            Addresses = Addresses(group, ready: true),
            NotReadyAddresses = Addresses(group, ready: false),
            Ports = [.. group.First().Ports.Select(p => new EndpointPort { Name = string.IsNullOrEmpty(p.Name) ? null : p.Name, Port = p.Port ?? 0, Protocol = p.Protocol, AppProtocol = p.AppProtocol })],
        }).Where(s => s.Addresses.Count + s.NotReadyAddresses.Count > 0),
    ];

    static IReadOnlyList<EndpointAddress> Addresses(IEnumerable<Backend> group, bool ready) =>
    [
        .. group.Where(b => b.Endpoint.Conditions!.Ready == ready && (ready || b.Endpoint.Conditions.Terminating != true))
            .Select(b => new EndpointAddress { Ip = b.Endpoint.Addresses[0], Hostname = b.Endpoint.Hostname, NodeName = b.Endpoint.NodeName, TargetRef = b.Endpoint.TargetRef })
            .OrderBy(a => a.Ip, StringComparer.Ordinal),
    ];

    static SortedDictionary<string, string> Labels(Service service)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in service.Metadata.Labels) labels[key] = value;
        labels[ManagedBy] = Us;
        labels.Remove(Slices.Headless);
        if (Slices.IsHeadless(service)) labels[Slices.Headless] = "";
        return labels;
    }
}
