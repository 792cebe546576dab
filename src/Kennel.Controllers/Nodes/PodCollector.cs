using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Nodes;

/// <summary>Removes pods whose node doesn't exist any more (SS-244).</summary>
public sealed class PodCollector : IController
{
    /// <summary>How long a node must be gone: one that is only being registered anew keeps its pods.</summary>
    public static readonly TimeSpan Quarantine = TimeSpan.FromSeconds(40);

    readonly ICache<Node> _nodes;
    readonly ICache<Pod> _pods;
    readonly Lock _gate = new();
    readonly SortedDictionary<string, DateTimeOffset> _missing = new(StringComparer.Ordinal);

    public PodCollector(ICaches caches)
    {
        _nodes = caches.Of<Node>();
        _pods = caches.Of<Pod>();
        PodsByNode.Add(caches);
    }

    public string Name => "pod-garbage-collector";

    public void Watch(ITriggers triggers)
    {
        triggers.On<Node>((before, after) => after is null ? _pods.OnNode(before!.Metadata.Name!).Select(p => ObjectKey.Of(p)) : []);
        triggers.On<Pod>((before, after) => (after is null || before is null || before.Spec?.NodeName != after.Spec?.NodeName) && HasNoNode((after ?? before)!) ? [ObjectKey.Of((after ?? before)!)] : []);
    }

    public Decision Reconcile(ObjectKey key, Moment moment)
    {
        if (_pods.Get(key) is not { Spec.NodeName: { Length: > 0 } node } pod) return Decision.Nothing;
        lock (_gate)
        {
            if (_nodes.Get(new("", node)) is not null)
            {
                _missing.Remove(node);
                return Decision.Nothing;
            }
            if (!_missing.TryGetValue(node, out var since)) _missing[node] = since = moment.Now;
            return Decide(pod, since, moment.Now);
        }
    }

    public static Decision Decide(Pod pod, DateTimeOffset missingSince, DateTimeOffset now)
    {
        var due = missingSince + Quarantine;
        var node = pod.Spec!.NodeName;
        if (now < due) return Decision.Wait($"node {node} to come back: it doesn't exist", due);
        var delete = new Step.Delete(Pod.Resource, ObjectKey.Of(pod), pod.Metadata.Uid, GraceSeconds: 0);
        if (pod.Status?.Phase is "Succeeded" or "Failed") return new([new NodeGone(node!), delete]);
        var condition = new PodCondition { Type = Conditions.DisruptionTarget, Status = "True", Reason = "DeletionByPodGC", Message = "PodGC: node no longer exists" };
        var marked = pod.With(condition, now);
        return new([new NodeGone(node!), new Step.UpdateStatus(marked with { Status = marked.Status! with { Phase = "Failed" } }), delete]);
    }

    bool HasNoNode(Pod pod) => pod.Spec is { NodeName: { Length: > 0 } node } && _nodes.Get(new("", node)) is null;
}

/// <summary>Before a pod is forced away: its node really isn't there. At most one pod of an identity may live.</summary>
public sealed record NodeGone(string Node) : Step.Own
{
    public override async ValueTask<string?> Apply(IApi api, CancellationToken cancel)
    {
        var answer = await api.Send(new("GET", Kennel.Objects.Core.Node.Resource.Path(name: Node)), cancel);
        return answer.Status == 404 ? null : answer.Succeeded ? $"node {Node} is there after all" : $"node {Node} could not be read: status {answer.Status}";
    }
}
