using Kennel.Client;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Nodes;

/// <summary>The index of pods by the node that they are on.</summary>
public static class PodsByNode
{
    const string Index = "pods-by-node";

    public static void Add(ICaches caches) =>
        caches.Of<Pod>().Index(Index, p => p.Spec is { NodeName: { Length: > 0 } node } ? [node] : []);

    public static IEnumerable<Pod> OnNode(this ICache<Pod> pods, string node) => pods.ByIndex(Index, node);
}
