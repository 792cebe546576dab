using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Apps;
using Kennel.Objects.Batch;
using Kennel.Objects.Coordination;
using Kennel.Objects.Core;
using Kennel.Objects.Discovery;
using Kennel.Objects.Meta;

namespace Kennel.Controllers.GarbageCollection;

/// <summary>One kind whose objects own others or are owned, behind a face without its type.</summary>
public interface IKind
{
    ResourceId Resource { get; }

    IObject? Get(ObjectKey key);

    /// <summary>Objects that name this uid among their owners.</summary>
    IEnumerable<IObject> OwnedBy(string uid);

    void Watch(ITriggers triggers, Func<IObject?, IObject?, IEnumerable<ObjectKey>> keys);
}

/// <summary>The kinds that garbage collection follows: those that our controllers and their users link by owner references.</summary>
public sealed class Kinds
{
    readonly ICache<Namespace> _namespaces;

    public Kinds(ICaches caches)
    {
        _namespaces = caches.Of<Namespace>();
        All =
        [
            new Kind<Pod>(caches), new Kind<PersistentVolumeClaim>(caches), new Kind<ControllerRevision>(caches), new Kind<ReplicaSet>(caches),
            new Kind<StatefulSet>(caches), new Kind<Deployment>(caches), new Kind<DaemonSet>(caches), new Kind<ReplicationController>(caches),
            new Kind<Job>(caches), new Kind<CronJob>(caches),
            new Kind<Service>(caches), new Kind<EndpointSlice>(caches), new Kind<Kennel.Objects.Core.Endpoints>(caches), new Kind<ConfigMap>(caches),
            new Kind<Secret>(caches), new Kind<ServiceAccount>(caches), new Kind<Lease>(caches), new Kind<Node>(caches),
        ];
    }

    public IReadOnlyList<IKind> All { get; }

    /// <summary>The kind that a reference names, whatever version it says; null when it isn't followed.</summary>
    public IKind? Of(OwnerReference reference)
    {
        var group = GroupOf(reference.ApiVersion);
        foreach (var kind in All) if (kind.Resource.Kind == reference.Kind && kind.Resource.Group == group) return kind;
        return null;
    }

    /// <summary>Whether the object that a reference means is in another namespace. Looks by name into each, as namespaces are few and such references fewer.</summary>
    public bool IsElsewhere(OwnerReference reference, string space)
    {
        if (Of(reference) is not { } kind) return false;
        foreach (var other in _namespaces.All())
            if (other.Metadata.Name != space && kind.Get(new(other.Metadata.Name ?? "", reference.Name))?.Metadata.Uid == reference.Uid) return true;
        return false;
    }

    public IEnumerable<IObject> OwnedBy(string uid) => All.SelectMany(k => k.OwnedBy(uid));

    public static string GroupOf(string apiVersion) => apiVersion.IndexOf('/') is > 0 and var slash ? apiVersion[..slash] : "";

    sealed class Kind<T> : IKind where T : class, IObject<T>
    {
        const string ByOwner = "by-owner";

        readonly ICache<T> _cache;

        public Kind(ICaches caches)
        {
            _cache = caches.Of<T>();
            _cache.Index(ByOwner, o => o.Metadata.OwnerReferences.Select(r => r.Uid).Distinct(StringComparer.Ordinal));
        }

        public ResourceId Resource => T.Resource;

        public IObject? Get(ObjectKey key) => _cache.Get(key);

        public IEnumerable<IObject> OwnedBy(string uid) => _cache.ByIndex(ByOwner, uid);

        public void Watch(ITriggers triggers, Func<IObject?, IObject?, IEnumerable<ObjectKey>> keys) => triggers.On<T>((before, after) => keys(before, after));
    }
}
