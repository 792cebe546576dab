using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Nodes;

/// <summary>Follows pods that nobody else will end; see <see cref="Collect"/>.</summary>
public sealed class PodCollector : IController
{
    readonly ICache<Node> _nodes;
    readonly ICache<Pod> _pods;
    readonly Lock _gate = new();
    readonly SortedDictionary<string, DateTimeOffset> _missing = new(StringComparer.Ordinal);
    readonly FinishedPods _finished;

    /// <param name="keeps">How many finished pods may lie around.</param>
    public PodCollector(ICaches caches, int keeps = FinishedPods.Keeps)
    {
        _nodes = caches.Of<Node>();
        _pods = caches.Of<Pod>();
        _finished = new(keeps);
        PodsByNode.Add(caches);
    }

    public string Name => "pod-garbage-collector";

    public void Watch(ITriggers triggers)
    {
        triggers.On<Node>(NodeChanged);
        triggers.On<Pod>(PodChanged);
    }

    public Decision Reconcile(ObjectKey key, Moment moment)
    {
        if (_pods.Get(key) is not { } pod) return Decision.Nothing;
        var node = pod.Spec?.NodeName is { Length: > 0 } name ? _nodes.Get(new("", name)) : null;
        lock (_gate) return Collect.Decide(new(pod, node, node is null ? Missing(pod, moment.Now) : null, _finished.TooMany(key), moment.Now));
    }

    DateTimeOffset? Missing(Pod pod, DateTimeOffset now)
    {
        if (pod.Spec?.NodeName is not { Length: > 0 } node) return null;
        return _missing.TryGetValue(node, out var since) ? since : _missing[node] = now;
    }

    IEnumerable<ObjectKey> NodeChanged(Node? before, Node? after)
    {
        var name = (after ?? before)!.Metadata.Name!;
        if (after is null) return _pods.OnNode(name).Select(p => ObjectKey.Of(p));
        lock (_gate) _missing.Remove(name);
        if (before is not null && Collect.IsReady(before) == Collect.IsReady(after) && Collect.IsOutOfService(before) == Collect.IsOutOfService(after)) return [];
        return _pods.OnNode(name).Where(p => before is null || p.Metadata.DeletionTimestamp is not null).Select(p => ObjectKey.Of(p));
    }

    IEnumerable<ObjectKey> PodChanged(Pod? before, Pod? after)
    {
        var pod = (after ?? before)!;
        IReadOnlyList<ObjectKey> surplus;
        lock (_gate) surplus = _finished.Seen(ObjectKey.Of(pod), after);
        var news = after is null || before is null || before.Spec?.NodeName != after.Spec?.NodeName
            || before.Metadata.DeletionTimestamp is null != after.Metadata.DeletionTimestamp is null;
        return news && Concerns(pod) ? [ObjectKey.Of(pod), .. surplus] : surplus;
    }

    bool Concerns(Pod pod)
    {
        if (pod.Spec?.NodeName is not { Length: > 0 } name) return pod.Metadata.DeletionTimestamp is not null;
        return _nodes.Get(new("", name)) is not { } node || pod.Metadata.DeletionTimestamp is not null && !Collect.IsReady(node);
    }
}
