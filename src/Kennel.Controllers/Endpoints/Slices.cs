using System.Collections.Immutable;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Core;
using Kennel.Objects.Discovery;
using Kennel.Objects.Meta;

namespace Kennel.Controllers.Endpoints;

/// <summary>What is known of one service.</summary>
/// <param name="Slices">Those of ours that exist for it.</param>
/// <param name="Since">Since when they have been out of date, or null.</param>
/// <param name="Random">For the names of new slices.</param>
public sealed record SlicesObserved(Service Service, ImmutableArray<Backend> Backends, ImmutableArray<EndpointSlice> Slices, DateTimeOffset? Since, Random Random);

/// <summary>Makes a service's slices say what its pods are, with as few writes as it takes (SS-1203).</summary>
public static class Slices
{
    public const string ServiceName = "kubernetes.io/service-name";
    public const string ManagedBy = "endpointslice.kubernetes.io/managed-by";
    public const string Us = "endpointslice-controller.k8s.io";
    public const string Headless = "service.kubernetes.io/headless";

    /// <summary>Endpoints a slice, as upstream.</summary>
    public const int Most = 100;

    const string NameCharacters = "bcdfghjklmnpqrstvwxz2456789";

    public static Decision Decide(SlicesObserved o)
    {
        // Slices of a service that lost its selector stay as they are, as upstream: who took it away may want to write them.
        if (o.Service.Metadata.DeletionTimestamp is not null || !HasPods(o.Service)) return Decision.Nothing;
        var creates = new List<Step>();
        var updates = new List<Step>();
        var free = o.Slices.Where(s => s.Metadata.DeletionTimestamp is null).ToList();
        foreach (var group in Groups(o)) Fill(o, group, free, creates, updates);
        var first = creates.Count + updates.Count + (o.Slices.Length - free.Count) == 0;
        if (first && free.Count > 0) Empty(o, free, updates);
        else if (first) creates.Add(Create(o, New(o, [], [])));
        return new([.. creates, .. updates, .. free.Select(s => Remove(o, s))]);
    }

    public static bool HasPods(Service service) => service.Spec is { Selector.Count: > 0 } and not { Type: "ExternalName" };

    public static bool IsHeadless(Service service) => service.Spec?.ClusterIP == "None";

    static IEnumerable<IGrouping<string, Backend>> Groups(SlicesObserved o) =>
        o.Backends.GroupBy(b => b.PortsKey, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal);

    /// <summary>Endpoints stay in the slice that they are in; new ones fill up what there is before a slice is added.</summary>
    static void Fill(SlicesObserved o, IGrouping<string, Backend> group, List<EndpointSlice> free, List<Step> creates, List<Step> updates)
    {
        var ports = group.First().Ports;
        var wanted = group.ToDictionary(b => b.Endpoint.TargetRef!.Uid ?? b.PodName, b => b.Endpoint, StringComparer.Ordinal);
        var mine = free.Where(s => s.AddressType == "IPv4" && Backend.Key(s.Ports) == group.Key).ToList();
        var kept = new List<(EndpointSlice Slice, List<Endpoint> Endpoints)>();
        foreach (var slice in mine)
        {
            free.Remove(slice);
            var endpoints = new List<Endpoint>();
            foreach (var known in slice.Endpoints)
                if (known.TargetRef?.Uid is { } uid && wanted.Remove(uid, out var endpoint)) endpoints.Add(endpoint);
            kept.Add((slice, endpoints));
        }
        var left = new Queue<Endpoint>(group.Select(b => b.Endpoint).Where(e => wanted.ContainsKey(e.TargetRef!.Uid ?? e.TargetRef.Name!)));
        foreach (var (slice, endpoints) in kept.OrderByDescending(k => k.Endpoints.Count))
        {
            while (endpoints.Count < Most && left.TryDequeue(out var endpoint)) endpoints.Add(endpoint);
            if (endpoints.Count == 0) free.Add(slice);
            else if (Changed(o, slice, ports, endpoints) is { } changed) updates.Add(Update(o, changed));
        }
        while (left.Count > 0)
        {
            var endpoints = new List<Endpoint>();
            while (endpoints.Count < Most && left.TryDequeue(out var endpoint)) endpoints.Add(endpoint);
            creates.Add(Create(o, New(o, ports, Sorted(endpoints))));
        }
    }

    /// <summary>A service without pods has one slice without endpoints.</summary>
    static void Empty(SlicesObserved o, List<EndpointSlice> free, List<Step> updates)
    {
        var kept = free[0];
        free.RemoveAt(0);
        if (Changed(o, kept, [], []) is { } changed) updates.Add(Update(o, changed));
    }

    static EndpointSlice? Changed(SlicesObserved o, EndpointSlice slice, IReadOnlyList<Kennel.Objects.Discovery.EndpointPort> ports, List<Endpoint> endpoints)
    {
        var changed = slice with
        {
            Endpoints = Sorted(endpoints),
            Ports = ports,
            Metadata = slice.Metadata with { Labels = Labels(o.Service) },
        };
        if (Wire.Same(changed.Metadata.Labels, slice.Metadata.Labels) && changed.Equals(slice)) return null;
        return changed with { Metadata = changed.Metadata with { Annotations = TriggerTimes.Noted(slice.Metadata.Annotations, o.Since) } };
    }

    static Endpoint[] Sorted(List<Endpoint> endpoints) =>
        [.. endpoints.OrderBy(e => e.TargetRef!.Name, StringComparer.Ordinal)];

    static EndpointSlice New(SlicesObserved o, IReadOnlyList<Kennel.Objects.Discovery.EndpointPort> ports, IReadOnlyList<Endpoint> endpoints)
    {
        var service = o.Service.Metadata;
        var suffix = new string([.. Enumerable.Range(0, 5).Select(_ => NameCharacters[o.Random.Next(NameCharacters.Length)])]);
        return new()
        {
            Metadata = new()
            {
                Name = $"{service.Name}-{suffix}",
                GenerateName = $"{service.Name}-",
                Namespace = service.Namespace,
                Labels = Labels(o.Service),
                Annotations = TriggerTimes.Noted(ObjectMeta.Empty.Annotations, o.Since),
                OwnerReferences = [new() { ApiVersion = "v1", Kind = "Service", Name = service.Name!, Uid = service.Uid!, Controller = true, BlockOwnerDeletion = true }],
            },
            AddressType = "IPv4",
            Ports = ports,
            Endpoints = endpoints,
        };
    }

    /// <summary>The service's own labels, and ours over them.</summary>
    static SortedDictionary<string, string> Labels(Service service)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in service.Metadata.Labels) labels[key] = value;
        labels[ServiceName] = service.Metadata.Name!;
        labels[ManagedBy] = Us;
        labels.Remove(Headless);
        if (IsHeadless(service)) labels[Headless] = "";
        return labels;
    }

    static Step Create(SlicesObserved o, EndpointSlice slice) => new Step.Create(slice) { Failed = Failed(o, "create EndpointSlice") };

    static Step Update(SlicesObserved o, EndpointSlice slice) => new Step.Update(slice) { Failed = Failed(o, $"update {slice.Metadata.Name} EndpointSlice") };

    static Step Remove(SlicesObserved o, EndpointSlice slice) =>
        new Step.Delete(EndpointSlice.Resource, ObjectKey.Of(slice), slice.Metadata.Uid) { Failed = Failed(o, $"delete {slice.Metadata.Name} EndpointSlice") };

    static Note Failed(SlicesObserved o, string what)
    {
        var service = $"Service {o.Service.Metadata.Namespace}/{o.Service.Metadata.Name}";
        return new(o.Service, "FailedToUpdateEndpointSlices", $"Error updating Endpoint Slices for {service}: failed to {what} for {service}: {{0}}", Warning: true);
    }
}
