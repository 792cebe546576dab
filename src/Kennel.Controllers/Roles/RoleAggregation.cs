using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Rbac;

namespace Kennel.Controllers.Roles;

/// <summary>Looks at a ClusterRole that is put together from others when it or a part of it changes; see <see cref="Aggregate"/>.</summary>
public sealed class RoleAggregation : IController
{
    const string Aggregated = "aggregated";

    readonly ICache<ClusterRole> _roles;

    public RoleAggregation(ICaches caches)
    {
        _roles = caches.Of<ClusterRole>();
        _roles.Index(Aggregated, r => r.AggregationRule is null ? [] : [""]);
    }

    public string Name => "clusterrole-aggregation-controller";

    public void Watch(ITriggers triggers) => triggers.On<ClusterRole>((before, after) => _roles.ByIndex(Aggregated, "")
        .Where(r => r.Metadata.Name == after?.Metadata.Name || before is not null && Aggregate.IsPart(r, before) || after is not null && Aggregate.IsPart(r, after))
        .Select(r => ObjectKey.Of(r)));

    public Decision Reconcile(ObjectKey key, Moment moment) => _roles.Get(key) is { } role ? Aggregate.Decide(role, _roles.All()) : Decision.Nothing;
}
