using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Core;
using Kennel.Objects.Discovery;

namespace Kennel.Controllers.Endpoints;

/// <summary>Keeps the slices of Endpoints that somebody else writes; see <see cref="ByHand"/>.</summary>
public sealed class ByHandController : IController
{
    const string ByService = "mirrored-slices-by-service";

    readonly ICache<Kennel.Objects.Core.Endpoints> _endpoints;
    readonly ICache<Service> _services;
    readonly ICache<EndpointSlice> _slices;

    public ByHandController(ICaches caches)
    {
        (_endpoints, _services, _slices) = (caches.Of<Kennel.Objects.Core.Endpoints>(), caches.Of<Service>(), caches.Of<EndpointSlice>());
        _slices.Index(ByService, s => KeyOf(s) is { } key ? [key.ToString()] : []);
    }

    public string Name => "endpoint-slice-mirroring-controller";

    public void Watch(ITriggers triggers)
    {
        triggers.On<Kennel.Objects.Core.Endpoints>((before, after) => IsSomebodysElse(before) || IsSomebodysElse(after) ? [ObjectKey.Of((after ?? before)!)] : []);
        triggers.On<Service>((before, after) => before?.Spec?.Selector.Count == 0 || after?.Spec?.Selector.Count == 0 ? [ObjectKey.Of((after ?? before)!)] : []);
        triggers.On<EndpointSlice>((before, after) => KeyOf((after ?? before)!) is { } key ? [key] : []);
    }

    public Decision Reconcile(ObjectKey key, Moment moment) =>
        ByHand.Decide(new(_endpoints.Get(key), _services.Get(key), [.. _slices.ByIndex(ByService, key.ToString())], moment.Random));

    /// <summary>Those of services with a selector are ours, and their pods are in slices already.</summary>
    static bool IsSomebodysElse(Kennel.Objects.Core.Endpoints? endpoints) =>
        endpoints is not null && endpoints.Metadata.Labels.GetValueOrDefault("endpoints.kubernetes.io/managed-by") != "endpoint-controller";

    static ObjectKey? KeyOf(EndpointSlice slice) =>
        slice.Metadata.Labels.GetValueOrDefault(Slices.ManagedBy) == ByHand.Us && slice.Metadata.Labels.TryGetValue(Slices.ServiceName, out var service)
            ? new(slice.Metadata.Namespace ?? "", service) : null;
}
