using System.Collections.Immutable;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Core;
using Kennel.Objects.Meta;

namespace Kennel.Controllers.Endpoints;

/// <summary>The older Endpoints object of a service, which older kubectl describe and older programs read.</summary>
public static class Mirror
{
    const string ManagedBy = "endpoints.kubernetes.io/managed-by";
    const string Us = "endpoint-controller";

    const string OverCapacity = "endpoints.kubernetes.io/over-capacity";

    /// <summary>Addresses beyond this are left out, unready ones first, and an annotation says so, as upstream.</summary>
    const int Most = 1000;

    public static Decision Decide(Service service, ImmutableArray<Backend> backends, Kennel.Objects.Core.Endpoints? known, DateTimeOffset? since)
    {
        if (service.Metadata.DeletionTimestamp is not null || !Slices.HasPods(service)) return Decision.Nothing;
        // A pod that has none of the named ports isn't reached by the service at all.
        var reached = service.Spec!.Ports.Count == 0 ? backends : [.. backends.Where(b => b.Ports.Length > 0)];
        var subsets = Subsets(reached);
        var labels = Labels(service);
        if (known is not null && Wire.Same(known.Subsets, subsets) && Wire.Same(known.Metadata.Labels, labels)) return Decision.Nothing;
        var annotations = TriggerTimes.Noted((known?.Metadata ?? ObjectMeta.Empty).Annotations, since);
        if (reached.Count(IsListed) > Most) annotations[OverCapacity] = "truncated";
        else annotations.Remove(OverCapacity);
        var next = (known ?? new()) with
        {
            Metadata = (known?.Metadata ?? new() { Name = service.Metadata.Name, Namespace = service.Metadata.Namespace }) with { Labels = labels, Annotations = annotations },
            Subsets = subsets,
        };
        var name = $"{service.Metadata.Namespace}/{service.Metadata.Name}";
        return new([known is null
            ? new Step.Create(next, AlreadyThereIsFine: true) { Failed = new(next, "FailedToCreateEndpoint", $"Failed to create endpoint for service {name}: {{0}}", Warning: true) }
            : new Step.Update(next) { Failed = new(next, "FailedToUpdateEndpoint", $"Failed to update endpoint {name}: {{0}}", Warning: true) }]);
    }

    static bool IsReady(Backend b) => b.Endpoint.Conditions!.Ready == true;

    /// <summary>Those on their way out are in slices only, unless the service publishes them anyway.</summary>
    static bool IsListed(Backend b) => IsReady(b) || b.Endpoint.Conditions!.Terminating != true;

    /// <summary>One subset a set of ports: those that are ready, and those that aren't, each in the order of their addresses.</summary>
    static IReadOnlyList<EndpointSubset> Subsets(IEnumerable<Backend> backends) =>
    [
        .. backends.Where(IsListed).OrderBy(b => IsReady(b) ? 0 : 1).Take(Most).GroupBy(b => b.PortsKey, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(group => new EndpointSubset
        {
            Addresses = Addresses(group, ready: true),
            NotReadyAddresses = Addresses(group, ready: false),
            Ports = [.. group.First().Ports.Select(p => new EndpointPort { Name = string.IsNullOrEmpty(p.Name) ? null : p.Name, Port = p.Port ?? 0, Protocol = p.Protocol, AppProtocol = p.AppProtocol })],
        }),
    ];

    static IReadOnlyList<EndpointAddress> Addresses(IEnumerable<Backend> group, bool ready) =>
    [
        .. group.Where(b => IsReady(b) == ready)
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
