using Kennel.Client;
using Kennel.Client.Caching;
using Kennel.Objects;
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
    readonly Dictionary<string, SortedDictionary<ObjectKey, Pod>> _held = new(StringComparer.Ordinal);

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

    /// <summary>The node hears nothing more, as if the connection were cut; see <see cref="Resume"/>.</summary>
    public void Hold(string node)
    {
        lock (_lock) _held[node] = new(All(node).ToDictionary(p => ObjectKey.Of(p)));
    }

    /// <summary>The node hears what has changed since <see cref="Hold"/>, and goes on hearing.</summary>
    public void Resume(string node)
    {
        SortedDictionary<ObjectKey, Pod>? known;
        Action<Pod?, Pod?>? changed;
        lock (_lock)
        {
            if (!_held.Remove(node, out known) || !_nodes.TryGetValue(node, out changed)) return;
        }
        foreach (var pod in All(node).ToList()) changed(known.GetValueOrDefault(ObjectKey.Of(pod)), pod);
        foreach (var (key, pod) in known) if (Pods.Get(key) is not { } now || now.Spec?.NodeName != node) changed(pod, null);
    }

    public IEnumerable<Pod> All(string node) => Pods.All().Where(p => p.Spec?.NodeName == node);

    void Changed(Pod? before, Pod? after)
    {
        if ((after ?? before)?.Spec?.NodeName is not { Length: > 0 } node) return;
        Action<Pod?, Pod?>? changed;
        lock (_lock)
        {
            if (_held.ContainsKey(node)) return;
            _nodes.TryGetValue(node, out changed);
        }
        changed?.Invoke(before, after);
    }
}
