using System.Collections.Immutable;
using System.Text;

namespace Kennel.Network.Filters;

/// <summary>What <c>nft -f -</c> takes: each text is one transaction, all at once or not at all.</summary>
public static class Transaction
{
    /// <summary>The whole table: made if it isn't there, thrown away, and made anew.</summary>
    public static string Whole(Table table)
    {
        var text = new StringBuilder(Remove(table.Name));
        text.Append($"table ip {table.Name} {{\n");
        var elements = table.Elements.ToLookup(e => e.Container, StringComparer.Ordinal);
        foreach (var container in table.Containers)
        {
            text.Append($"  {container.Kind} {container.Name} {{ {container.Declaration}");
            if (elements.Contains(container.Name)) text.Append($" elements = {{\n    {string.Join(",\n    ", elements[container.Name].Select(Entry))} }};");
            text.Append(" }\n");
        }
        foreach (var chain in table.Chains)
        {
            text.Append($"  chain {chain.Name} {{\n");
            if (chain.Hook is not null) text.Append($"    {chain.Hook}\n");
            foreach (var rule in Lines(chain)) text.Append($"    {rule}\n");
            text.Append("  }\n");
        }
        return text.Append("}\n").ToString();
    }

    /// <summary>Removes the table, there or not.</summary>
    public static string Remove(string name) => $"table ip {name}\ndelete table ip {name}\n";

    /// <summary>
    /// What makes one table the other, and nothing else; empty when they are the same. What a set has learned from packets stays, unless the set goes.
    /// The order is the kernel's: nothing is named before it is there, nothing goes while it is named.
    /// </summary>
    public static string Change(Table before, Table after)
    {
        var (was, now) = (Apart(before, after), Apart(after, before));
        if (was.Count == 0 && now.Count == 0) return "";
        var text = new StringBuilder();
        var at = $"ip {after.Name}";
        // What changes is in a part that differs; a name that two parts claim may now be the other's.
        var named = was.Concat(now).ToList();
        var sets = named.SelectMany(p => p.Containers).Select(c => c.Name).Distinct(StringComparer.Ordinal).Select(n => (Before: before.Container(n), After: after.Container(n))).Where(c => c.Before != c.After).ToList();
        var chains = named.SelectMany(p => p.Chains).Select(c => c.Name).Distinct(StringComparer.Ordinal).Select(n => (Before: before.Chain(n), After: after.Chain(n))).Where(c => c.Before != c.After).ToList();
        var elements = named.SelectMany(p => p.Elements).DistinctBy(e => (e.Container, e.Key)).Select(e => (Before: before.Like(e), After: after.Like(e))).Where(e => e.Before != e.After).ToList();
        // A set or a hook that is declared otherwise can't be changed in place.
        if (sets.Exists(c => c.Before is not null && c.After is not null) || chains.Exists(c => c.Before is not null && c.After is not null && c.Before.Hook != c.After.Hook)) return Whole(after);
        var (goneSets, newSets) = (sets.Select(c => c.Before).OfType<Container>().ToList(), sets.Select(c => c.After).OfType<Container>().ToList());
        var (goneChains, changed) = (chains.Where(c => c.After is null).Select(c => c.Before!).ToList(), chains.Select(c => c.After).OfType<Chain>().ToList());

        foreach (var set in newSets) text.Append($"add {set.Kind} {at} {set.Name} {{ {set.Declaration} }}\n");
        foreach (var chain in changed) text.Append(before.Chain(chain.Name) is null ? $"add chain {at} {chain.Name}{(chain.Hook is null ? "" : $" {{ {chain.Hook} }}")}\n" : $"flush chain {at} {chain.Name}\n");
        // Those of a set that goes go with it.
        var gone = goneSets.Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        Elements(text, "delete", at, elements.Select(e => e.Before).OfType<Element>().Where(e => !gone.Contains(e.Container)).Select(e => e with { Value = null }));
        foreach (var chain in changed)
            foreach (var rule in Lines(chain)) text.Append($"add rule {at} {chain.Name} {rule}\n");
        Elements(text, "add", at, elements.Select(e => e.After).OfType<Element>());
        foreach (var chain in goneChains) text.Append($"flush chain {at} {chain.Name}\n");
        foreach (var set in goneSets) text.Append($"delete {set.Kind} {at} {set.Name}\n");
        foreach (var chain in goneChains) text.Append($"delete chain {at} {chain.Name}\n");
        return text.ToString();
    }

    /// <summary>The parts of one table that the other doesn't have as they are.</summary>
    static List<Part> Apart(Table table, Table other)
    {
        var known = new HashSet<Part>(other.Parts, ReferenceEqualityComparer.Instance);
        return [.. table.Parts.Where(p => !known.Contains(p))];
    }

    static void Elements(StringBuilder text, string verb, string at, IEnumerable<Element> elements)
    {
        foreach (var group in elements.GroupBy(e => e.Container, StringComparer.Ordinal))
            text.Append($"{verb} element {at} {group.Key} {{ {string.Join(", ", group.Select(Entry))} }}\n");
    }

    static string Entry(Element element) => element.Value is null ? element.Key : $"{element.Key} : {element.Value}";

    static IEnumerable<string> Lines(Chain chain) => chain.Rules.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
