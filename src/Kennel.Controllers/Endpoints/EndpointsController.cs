using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Endpoints;

/// <summary>Keeps the older Endpoints objects of services; see <see cref="Mirror"/>.</summary>
public sealed class EndpointsController(ICaches caches) : IController
{
    readonly ServicePods _services = new(caches);
    readonly ICache<Kennel.Objects.Core.Endpoints> _endpoints = caches.Of<Kennel.Objects.Core.Endpoints>();

    public string Name => "endpoint-controller";

    public void Watch(ITriggers triggers)
    {
        triggers.On<Service>((before, after) => [ObjectKey.Of((after ?? before)!)]);
        triggers.On<Pod>(_services.Concerned);
        triggers.On<Kennel.Objects.Core.Endpoints>((before, after) => [ObjectKey.Of((after ?? before)!)]);
    }

    public Decision Reconcile(ObjectKey key, Moment moment)
    {
        var known = _endpoints.Get(key);
        if (_services.Get(key) is not { } service)
        {
            _services.Times.Forget(key);
            return known is null ? Decision.Nothing : Orphaned(known);
        }
        if (_services.Resting(key, moment.Now) is { } rest) return rest;
        var (backends, since) = _services.Of(service);
        var decision = Mirror.Decide(service, backends, known, since);
        if (!decision.Steps.IsEmpty) _services.Written(key, backends.Length, moment.Now);
        return decision;
    }

    /// <summary>The service is gone. Endpoints that somebody else made are not ours to remove.</summary>
    static Decision Orphaned(Kennel.Objects.Core.Endpoints known) =>
        known.Metadata.Labels.GetValueOrDefault("endpoints.kubernetes.io/managed-by") == "endpoint-controller"
            ? new([new Step.Delete(Kennel.Objects.Core.Endpoints.Resource, ObjectKey.Of(known), known.Metadata.Uid)]) : Decision.Nothing;
}
