using System.Collections.Concurrent;
using Kennel.Server.Writing;
using Kennel.Store;

namespace Kennel.Server.Access.Nodes;

/// <summary>Which node needs which objects for its pods. Begins when the first node asks over its own identity.</summary>
sealed class NodesPods(IStore store) : StoreMirror(store, "/registry/core/pods/")
{
    readonly ConcurrentDictionary<(string Node, string Kind, string Space, string Name), int> _uses = new();
    readonly Dictionary<string, PodNeeds> _pods = new(StringComparer.Ordinal);

    public bool Needs(string node, string kind, string space, string name) => _uses.ContainsKey((node, kind, space, name));

    protected override void Apply(string key, ReadOnlyMemory<byte>? value)
    {
        var known = _pods.GetValueOrDefault(key);
        // A pod's node and what it needs don't change once it has one, but for ephemeral containers: most changes need no look at the tree.
        if (value is { } same && known is not null && same.Span.IndexOf("\"ephemeralContainers\""u8) < 0 && same.Span.IndexOf(known.Mark) >= 0) return;
        if (value is { } unplaced && known is null && unplaced.Span.IndexOf("\"nodeName\""u8) < 0) return;
        var next = value is { } stored ? PodNeeds.Of(Stored.Parse(stored)) : null;
        if (next is not null) _pods[key] = next;
        else _pods.Remove(key);
        foreach (var (kind, name) in next?.Things ?? []) _uses.AddOrUpdate((next!.Node, kind, next.Namespace, name), 1, static (_, n) => n + 1);
        foreach (var (kind, name) in known?.Things ?? [])
        {
            var use = (known!.Node, kind, known.Namespace, name);
            if (_uses.AddOrUpdate(use, 0, static (_, n) => n - 1) <= 0) _uses.TryRemove(use, out _);
        }
    }
}
