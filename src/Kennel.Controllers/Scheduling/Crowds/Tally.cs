namespace Kennel.Controllers.Scheduling.Crowds;

/// <summary>How many guests of some kind each node has, summed up by the domains of the topology keys that were asked for.</summary>
/// <param name="labelsOf">Labels of a node by its name; null when it isn't known.</param>
public sealed class Tally(Func<string, IReadOnlyDictionary<string, string>?> labelsOf)
{
    readonly Dictionary<string, int> _nodes = new(StringComparer.Ordinal);
    readonly Dictionary<string, Dictionary<string, int>> _domains = new(StringComparer.Ordinal);

    public int On(string node) => _nodes.GetValueOrDefault(node);

    /// <summary>All in the nodes whose label <paramref name="key"/> has this value.</summary>
    public int In(string key, string domain) => Domains(key).GetValueOrDefault(domain);

    /// <summary>There is one in any domain of the key.</summary>
    public bool AnyIn(string key) => Domains(key).Count > 0;

    internal void Add(string node, int count)
    {
        Add(_nodes, node, count);
        if (_domains.Count == 0 || labelsOf(node) is not { } labels) return;
        foreach (var (key, counts) in _domains) if (labels.TryGetValue(key, out var domain)) Add(counts, domain, count);
    }

    /// <summary>Nodes' labels have changed.</summary>
    internal void Redraw() => _domains.Clear();

    Dictionary<string, int> Domains(string key)
    {
        if (_domains.TryGetValue(key, out var counts)) return counts;
        _domains[key] = counts = new(StringComparer.Ordinal);
        foreach (var (node, count) in _nodes) if (labelsOf(node) is { } labels && labels.TryGetValue(key, out var domain)) Add(counts, domain, count);
        return counts;
    }

    static void Add(Dictionary<string, int> counts, string key, int count)
    {
        var sum = counts.GetValueOrDefault(key) + count;
        if (sum == 0) counts.Remove(key);
        else counts[key] = sum;
    }
}
