using Kennel.Client;
using Kennel.Objects;
using Kennel.Objects.Core;
using Kennel.Objects.Discovery;

namespace Kennel.Network.Names;

/// <summary>What names lead to: services, their slices, and who has an address.</summary>
/// <param name="Zone">The cluster's domain: <c>cluster.local</c>.</param>
/// <param name="SlicesOf">Slices of a service.</param>
/// <param name="WithAddress">Services with this cluster address.</param>
/// <param name="ListingAddress">Slices with an endpoint of this address.</param>
public sealed record Directory(
    string Zone,
    Func<ObjectKey, Service?> Service,
    Func<ObjectKey, IEnumerable<EndpointSlice>> SlicesOf,
    Func<string, IEnumerable<Service>> WithAddress,
    Func<string, IEnumerable<EndpointSlice>> ListingAddress,
    Func<string, bool> HasNamespace)
{
    public const string ServiceName = "kubernetes.io/service-name";

    const string ByService = "names-slices-by-service";
    const string ByAddress = "names-by-address";

    /// <summary>Over caches: every question sees what is known at its moment. Call before the caches start.</summary>
    public static Directory Of(ICaches caches, string zone)
    {
        var services = caches.Of<Service>();
        var slices = caches.Of<EndpointSlice>();
        var namespaces = caches.Of<Namespace>();
        slices.Index(ByService, s => KeyOf(s) is { } key ? [key.ToString()] : []);
        slices.Index(ByAddress, s => s.Endpoints.SelectMany(e => e.Addresses).Distinct(StringComparer.Ordinal));
        services.Index(ByAddress, s => s.Spec?.ClusterIPs.Where(a => a != "None") ?? []);
        return new(
            zone,
            services.Get,
            key => slices.ByIndex(ByService, key.ToString()),
            address => services.ByIndex(ByAddress, address),
            address => slices.ByIndex(ByAddress, address),
            space => namespaces.Get(new("", space)) is not null);
    }

    public static ObjectKey? KeyOf(EndpointSlice slice) =>
        slice.Metadata.Labels.TryGetValue(ServiceName, out var service) ? new(slice.Metadata.Namespace ?? "", service) : null;
}
