using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Controllers.Pods;
using Kennel.Objects;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;

namespace Kennel.Controllers.ReplicaSets;

/// <summary>Watches owners of one kind and their pods; see <see cref="ReplicaSets"/>.</summary>
/// <param name="view">What the decision sees of an owner; null when nothing is to be done about it.</param>
public abstract class ReplicaController<T>(ICaches caches, string name, Func<T, View?> view) : IController where T : class, IObject<T>
{
    readonly ICache<T> _owners = caches.Of<T>();
    readonly ICache<Pod> _pods = caches.Of<Pod>();

    public string Name => name;

    public void Watch(ITriggers triggers)
    {
        triggers.On<T>((old, now) => [ObjectKey.Of((now ?? old)!)]);
        triggers.On<Pod>((old, now) => Dependents.Keys(old, now, T.Resource.Kind, _owners, (owner, pod) => view(owner)?.Matches(pod) == true));
    }

    public Decision Reconcile(ObjectKey key, Moment moment)
    {
        if (_owners.Get(key) is not { } owner || view(owner) is not { } seen) return Decision.Nothing;
        return ReplicaSets.Decide(new(
            seen, [.. PodsOf(owner), .. _pods.OrphansIn(key.Namespace)], () => Sisters(owner).SelectMany(PodsOf), moment.Now, moment.Problem));
    }

    IEnumerable<Pod> PodsOf(T owner) => _pods.ControlledBy(owner.Metadata.Uid ?? "");

    /// <summary>The sets of the same Deployment, or this one alone.</summary>
    IEnumerable<T> Sisters(T owner) => owner.Metadata.ControllerUid() is { } top ? _owners.ControlledBy(top) : [owner];
}

public sealed class ReplicaSetController(ICaches caches) : ReplicaController<ReplicaSet>(caches, "replicaset-controller", View.Of);

public sealed class ReplicationControllerController(ICaches caches) : ReplicaController<ReplicationController>(caches, "replication-controller", View.Of);
