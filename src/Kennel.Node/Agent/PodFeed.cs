using Kennel.Client;
using Kennel.Client.Caching;
using Kennel.Objects.Core;

namespace Kennel.Node.Agent;

/// <summary>
/// Hands each node its pods, from one cache: of this node's pods alone (<see cref="Of"/>), or of all pods when many simulated nodes live in
/// one process.
/// </summary>
public sealed class PodFeed
{
    readonly Lock _lock = new();
    readonly Dictionary<string, Action<Pod?, Pod?>> _nodes = new(StringComparer.Ordinal);

    public PodFeed(Cache<Pod> pods)
    {
        Pods = pods;
        pods.Subscribe(Changed);
    }

    public Cache<Pod> Pods { get; }

    /// <summary>A feed of one node's pods, watched by field selector until cancelled.</summary>
    public static (PodFeed Feed, Task Running) Of(string node, IApi api, TimeProvider time, Random random, Action<string> log, CancellationToken cancel)
    {
        var cache = new Cache<Pod>();
        return (new PodFeed(cache), Caches.Feed(cache, api, $"fieldSelector=spec.nodeName%3D{Uri.EscapeDataString(node)}", time, random, log, cancel));
    }

    /// <summary>Calls <paramref name="changed"/> with (before, after) for each change of the node's pods, on the feeding thread.</summary>
    public void On(string node, Action<Pod?, Pod?> changed)
    {
        lock (_lock) _nodes[node] = changed;
    }

    public IEnumerable<Pod> All(string node) => Pods.All().Where(p => p.Spec?.NodeName == node);

    void Changed(Pod? before, Pod? after)
    {
        if ((after ?? before)?.Spec?.NodeName is not { Length: > 0 } node) return;
        Action<Pod?, Pod?>? changed;
        lock (_lock) _nodes.TryGetValue(node, out changed);
        changed?.Invoke(before, after);
    }
}
