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
        var (containers, chains, elements) = (ImmutableArray.CreateBuilder<Container>(), ImmutableArray.CreateBuilder<Chain>(), ImmutableArray.CreateBuilder<Element>());
        foreach (var part in parts)
        {
            foreach (var container in part.Containers) if (_containers.TryAdd(container.Name, container)) containers.Add(container);
            foreach (var chain in part.Chains) if (_chains.TryAdd(chain.Name, chain)) chains.Add(chain);
            foreach (var element in part.Elements) if (_elements.TryAdd((element.Container, element.Key), element)) elements.Add(element);
        }
        (Containers, Chains, Elements) = (containers.ToImmutable(), chains.ToImmutable(), elements.ToImmutable());
    }

    public string Name { get; }

    public ImmutableArray<Container> Containers { get; }

    public ImmutableArray<Chain> Chains { get; }

    public ImmutableArray<Element> Elements { get; }

    public Container? Container(string name) => _containers.GetValueOrDefault(name);

    public Chain? Chain(string name) => _chains.GetValueOrDefault(name);

    /// <summary>The element with the key of this one.</summary>
    public Element? Like(Element element) => _elements.TryGetValue((element.Container, element.Key), out var found) ? found : null;
}
