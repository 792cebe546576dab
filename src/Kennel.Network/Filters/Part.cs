using System.Collections.Immutable;

namespace Kennel.Network.Filters;

/// <summary>A set or a map of a table.</summary>
/// <param name="Kind"><c>set</c> or <c>map</c>.</param>
/// <param name="Declaration">What stands between its braces: <c>type ipv4_addr; flags dynamic,timeout; timeout 60s;</c></param>
public sealed record Container(string Kind, string Name, string Declaration);

/// <summary>A chain and its rules.</summary>
/// <param name="Hook">Where packets enter it (<c>type filter hook input priority filter;</c>); null for one that others lead to.</param>
/// <param name="Rules">One a line.</param>
public sealed record Chain(string Name, string Rules, string? Hook = null);

/// <summary>A member of a set (no value), or an entry of a map.</summary>
public readonly record struct Element(string Container, string Key, string? Value = null);

/// <summary>A piece of a table, made of one object: what is made anew when the object changes.</summary>
public sealed record Part(ImmutableArray<Container> Containers, ImmutableArray<Chain> Chains, ImmutableArray<Element> Elements)
{
    public static readonly Part Empty = new([], [], []);
}
