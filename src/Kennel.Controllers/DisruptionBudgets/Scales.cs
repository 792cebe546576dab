using Kennel.Client;
using Kennel.Objects;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;
using Kennel.Objects.Meta;
using Kennel.Objects.Schemas;

namespace Kennel.Controllers.DisruptionBudgets;

/// <summary>How many pods the owners of pods want.</summary>
sealed class Scales(ICaches caches, Catalog catalog)
{
    readonly ICache<ReplicationController> _controllers = caches.Of<ReplicationController>();
    readonly ICache<Deployment> _deployments = caches.Of<Deployment>();
    readonly ICache<ReplicaSet> _replicaSets = caches.Of<ReplicaSet>();
    readonly ICache<StatefulSet> _statefulSets = caches.Of<StatefulSet>();

    public OwnerScale Of(string space, OwnerReference owner)
    {
        var (group, version) = owner.ApiVersion.Split('/') is [var g, var v] ? (g, v) : ("", owner.ApiVersion);
        return (group, owner.Kind) switch
        {
            ("", "ReplicationController") => Found(_controllers.Get(new(space, owner.Name)), owner, c => c.Spec?.Replicas),
            ("apps", "ReplicaSet") => OfReplicaSet(space, owner),
            ("apps", "StatefulSet") => Found(_statefulSets.Get(new(space, owner.Name)), owner, s => s.Spec?.Replicas),
            _ => Other(group, version, owner),
        };
    }

    OwnerScale OfReplicaSet(string space, OwnerReference owner)
    {
        var set = _replicaSets.Get(new(space, owner.Name));
        return set?.Metadata.Uid == owner.Uid && set.Metadata.Controller() is { Kind: "Deployment" } top
            ? Found(_deployments.Get(new(space, top.Name)), top, d => d.Spec?.Replicas)
            : Found(set, owner, s => s.Spec?.Replicas);
    }

    static OwnerScale Found<T>(T? found, OwnerReference owner, Func<T, int?> replicas) where T : class, IObject<T> =>
        found?.Metadata.Uid == owner.Uid ? new(owner.Uid, replicas(found!) ?? 1) : default;

    OwnerScale Other(string group, string version, OwnerReference owner)
    {
        if (catalog.OfKind(group, version, owner.Kind) is not { } type) return new(null, Problem: $"no matches for kind \"{owner.Kind}\" in version \"{owner.ApiVersion}\"");
        return type.Find("scale") is null ? new(null, Problem: $"{type.QualifiedName} does not implement the scale subresource") : default;
    }
}
