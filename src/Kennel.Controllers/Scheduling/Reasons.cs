using System.Globalization;
using Kennel.Controllers.Scheduling.Filters;

namespace Kennel.Controllers.Scheduling;

/// <summary>How many nodes said what: <c>0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated taint(s).</c></summary>
public sealed class Reasons
{
    readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>Nodes that said something.</summary>
    public int Rooms { get; private set; }

    public Cause Causes { get; private set; }

    public void Add(IReadOnlyList<Objection> objections)
    {
        Rooms++;
        foreach (var objection in objections)
        {
            Causes |= objection.Cause;
            _counts[objection.Why] = _counts.GetValueOrDefault(objection.Why) + 1;
        }
    }

    public void Add(string why, int nodes)
    {
        if (nodes > 0) _counts[why] = _counts.GetValueOrDefault(why) + nodes;
    }

    /// <summary>Ordered as text, the number included, as upstream.</summary>
    public string Sentence(int nodes)
    {
        var counted = _counts.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Value} {r.Key}")).Order(StringComparer.Ordinal);
        return Sentence(nodes, string.Join(", ", counted));
    }

    public static string Sentence(int nodes, string why) => string.Create(CultureInfo.InvariantCulture, $"0/{nodes} nodes are available: {why}.");
}
