using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Controllers.Pods;
using Kennel.Objects;
using Kennel.Objects.Selectors;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Deployments;

/// <summary>Watches Deployments, their ReplicaSets, and pods that go away (Recreate waits for them).</summary>
public sealed class DeploymentController(ICaches caches) : IController
{
    readonly ICache<Deployment> _deployments = caches.Of<Deployment>();
    readonly ICache<ReplicaSet> _sets = caches.Of<ReplicaSet>();
    readonly ICache<Pod> _pods = caches.Of<Pod>();

    public string Name => "deployment-controller";

    public void Watch(ITriggers triggers)
    {
        triggers.On<Deployment>((old, now) => [ObjectKey.Of(now ?? old!)]);
        triggers.On<ReplicaSet>((old, now) => Dependents.Keys(old, now, "Deployment", _deployments, (d, set) => d.Spec?.Selector.Matches(set.Metadata.Labels) == true));
        triggers.On<Pod>(Ended);
    }

    public Decision Reconcile(ObjectKey key, Moment moment)
    {
        if (_deployments.Get(key) is not { } deployment) return Decision.Nothing;
        return Deployments.Decide(new(
            deployment,
            [.. _sets.ControlledBy(deployment.Metadata.Uid ?? ""), .. _sets.OrphansIn(key.Namespace)],
            _pods.ControlledBy,
            name => _sets.Get(new(key.Namespace, name)),
            moment.Now, moment.Problem));
    }

    IEnumerable<ObjectKey> Ended(Pod? old, Pod? now)
    {
        if (old is null || now?.IsFinished() == false && PodTrouble.Of(old) == PodTrouble.Of(now)) yield break;
        if (old.Metadata.Controller() is not { Kind: "ReplicaSet" } owner) yield break;
        var space = old.Metadata.Namespace ?? "";
        if (_sets.Get(new(space, owner.Name))?.Metadata.Controller() is { Kind: "Deployment" } top) yield return new(space, top.Name);
    }
}
