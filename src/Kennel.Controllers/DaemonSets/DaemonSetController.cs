using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Controllers.Pods;
using Kennel.Objects;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;
using Kennel.Objects.Selectors;

namespace Kennel.Controllers.DaemonSets;

/// <summary>Watches DaemonSets, their pods and revisions, and the nodes.</summary>
public sealed class DaemonSetController(ICaches caches) : IController
{
    readonly ICache<DaemonSet> _sets = caches.Of<DaemonSet>();
    readonly ICache<Node> _nodes = caches.Of<Node>();
    readonly ICache<Pod> _pods = caches.Of<Pod>();
    readonly ICache<ControllerRevision> _revisions = caches.Of<ControllerRevision>();

    public string Name => "daemonset-controller";

    public void Watch(ITriggers triggers)
    {
        triggers.On<DaemonSet>((old, now) => [ObjectKey.Of((now ?? old)!)]);
        triggers.On<Node>(Concerned);
        triggers.On<Pod>((old, now) => Dependents.Keys(old, now, "DaemonSet", _sets, (set, p) => set.Spec?.Selector.Matches(p.Metadata.Labels) == true));
        triggers.On<ControllerRevision>((old, now) => Dependents.Keys(old, now, "DaemonSet", _sets, (set, r) => set.Spec?.Selector.Matches(r.Metadata.Labels) == true));
    }

    public Decision Reconcile(ObjectKey key, Moment moment)
    {
        if (_sets.Get(key) is not { } set) return Decision.Nothing;
        var uid = set.Metadata.Uid ?? "";
        return DaemonSets.Decide(new(
            set,
            [.. _nodes.All()],
            [.. _pods.ControlledBy(uid), .. _pods.OrphansIn(key.Namespace)],
            [.. _revisions.ControlledBy(uid), .. _revisions.OrphansIn(key.Namespace)],
            name => _revisions.Get(new(key.Namespace, name)),
            moment.Now,
            moment.Problem));
    }

    /// <summary>The sets to which the node is something else than before. One that goes concerns all: their pods may wait for it.</summary>
    IEnumerable<ObjectKey> Concerned(Node? old, Node? now)
    {
        if (old is not null && now is not null && Placement.LooksTheSame(old, now)) yield break;
        foreach (var set in _sets.All())
            if (set.Spec is not null && (old is null || now is null || Placement.Of(set, old) != Placement.Of(set, now))) yield return ObjectKey.Of(set);
    }
}
