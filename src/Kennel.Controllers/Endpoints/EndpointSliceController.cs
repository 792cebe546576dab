using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Core;
using Kennel.Objects.Discovery;

namespace Kennel.Controllers.Endpoints;

/// <summary>Keeps the slices of services; see <see cref="Slices"/>.</summary>
public sealed class EndpointSliceController : IController
{
    const string ByService = "slices-by-service";

    readonly ServicePods _services;
    readonly ICache<EndpointSlice> _slices;

    public EndpointSliceController(ICaches caches)
    {
        _services = new(caches);
        _slices = caches.Of<EndpointSlice>();
        _slices.Index(ByService, s => KeyOf(s) is { } key ? [key.ToString()] : []);
    }

    public string Name => "endpoint-slice-controller";

    public void Watch(ITriggers triggers)
    {
        triggers.On<Service>((before, after) => [ObjectKey.Of((after ?? before)!)]);
        triggers.On<Pod>(_services.Concerned);
        triggers.On<EndpointSlice>((before, after) => KeyOf((after ?? before)!) is { } key ? [key] : []);
    }

    public Decision Reconcile(ObjectKey key, Moment moment)
    {
        if (_services.Get(key) is not { } service)
        {
            _services.Times.Forget(key);
            return Decision.Nothing;
        }
        if (_services.Resting(key, moment.Now) is { } rest) return rest;
        var (backends, since) = _services.Of(service);
        var decision = Slices.Decide(new(service, backends, [.. _slices.ByIndex(ByService, key.ToString())], since, moment.Random));
        if (!decision.Steps.IsEmpty) _services.Written(key, backends.Length, moment.Now);
        return decision;
    }

    static ObjectKey? KeyOf(EndpointSlice slice) =>
        slice.Metadata.Labels.GetValueOrDefault(Slices.ManagedBy) == Slices.Us && slice.Metadata.Labels.TryGetValue(Slices.ServiceName, out var service)
            ? new(slice.Metadata.Namespace ?? "", service) : null;
}
