using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Nodes;

/// <summary>Looks at the pods of tainted nodes; see <see cref="Evict"/>.</summary>
public sealed class TaintEviction : IController
{
    readonly ICache<Node> _nodes;
    readonly ICache<Pod> _pods;
    readonly Lock _gate = new();
    readonly SortedSet<ObjectKey> _planned = [];
    DateTimeOffset? _since;

    public TaintEviction(ICaches caches)
    {
        _nodes = caches.Of<Node>();
        _pods = caches.Of<Pod>();
        PodsByNode.Add(caches);
    }

    public string Name => "taint-eviction-controller";

    public void Watch(ITriggers triggers)
    {
        triggers.On<Node>((before, after) => after is null || before is not null && Wire.Same(before.Spec?.Taints ?? [], after.Spec?.Taints ?? [])
            ? [] : _pods.OnNode(after.Metadata.Name!).Select(p => ObjectKey.Of(p)));
        triggers.On<Pod>((before, after) => after is null ? Gone(before!) : after is { Spec.NodeName.Length: > 0 } && IsTainted(after.Spec.NodeName) && before?.Spec?.NodeName != after.Spec.NodeName
            ? [ObjectKey.Of(after)] : []);
    }

    public Decision Reconcile(ObjectKey key, Moment moment)
    {
        DateTimeOffset since;
        lock (_gate) since = _since ??= moment.Now;
        if (_pods.Get(key) is not { Spec.NodeName.Length: > 0 } pod)
        {
            lock (_gate) _planned.Remove(key);
            return Decision.Nothing;
        }
        var decision = Evict.Decide(new(pod, _nodes.Get(new("", pod.Spec.NodeName)), since, moment.Now));
        lock (_gate)
        {
            if (decision.At is not null) _planned.Add(key);
            else if (_planned.Remove(key) && decision.Steps.IsEmpty && pod.Metadata.DeletionTimestamp is null) return Evict.Cancelled(pod);
        }
        return decision;
    }

    /// <summary>A look at a pod that is gone ends what was said about it.</summary>
    IEnumerable<ObjectKey> Gone(Pod pod) => pod.Spec is { NodeName: { Length: > 0 } node } && IsTainted(node) ? [ObjectKey.Of(pod)] : [];

    bool IsTainted(string node) => _nodes.Get(new("", node))?.Spec?.Taints.Any(t => t.Effect == Scheduling.Taints.NoExecute) == true;
}
