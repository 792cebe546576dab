using System.Collections.Immutable;

namespace Kennel.Network.Filters;

/// <summary>
/// A table of the packet filter as data, so that two can be compared and only what differs is changed. Invariant: names of containers and chains, and
/// keys within a container, are there once; of two parts that claim the same, the first has it.
/// </summary>
public sealed class Table
{
    readonly Dictionary<string, Container> _containers = new(StringComparer.Ordinal);
    readonly Dictionary<string, Chain> _chains = new(StringComparer.Ordinal);
    readonly Dictionary<(string Container, string Key), Element> _elements = [];

    /// <param name="name">The table's name: nothing else is in it.</param>
    /// <param name="parts">In the order in which they are to be written.</param>
    public Table(string name, IEnumerable<Part> parts)
    {
        Name = name;
        Parts = [.. parts];
        foreach (var part in Parts)
        {
            foreach (var container in part.Containers) _containers.TryAdd(container.Name, container);
            foreach (var chain in part.Chains) _chains.TryAdd(chain.Name, chain);
            foreach (var element in part.Elements) _elements.TryAdd((element.Container, element.Key), element);
        }
    }

    public string Name { get; }

    public ImmutableArray<Part> Parts { get; }

    /// <summary>All of them, in the order of the parts.</summary>
    public IEnumerable<Container> Containers => Parts.SelectMany(p => p.Containers).Where(c => ReferenceEquals(_containers[c.Name], c));

    /// <inheritdoc cref="Containers"/>
    public IEnumerable<Chain> Chains => Parts.SelectMany(p => p.Chains).Where(c => ReferenceEquals(_chains[c.Name], c));

    /// <inheritdoc cref="Containers"/>
    public IEnumerable<Element> Elements => Parts.SelectMany(p => p.Elements).DistinctBy(e => (e.Container, e.Key));

    public Container? Container(string name) => _containers.GetValueOrDefault(name);

    public Chain? Chain(string name) => _chains.GetValueOrDefault(name);

    /// <summary>The element with the key of this one.</summary>
    public Element? Like(Element element) => _elements.TryGetValue((element.Container, element.Key), out var found) ? found : null;
}
