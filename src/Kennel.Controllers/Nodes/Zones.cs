using Kennel.Objects.Core;

namespace Kennel.Controllers.Nodes;

/// <summary>Counts the nodes of each zone as they change, and whose turn it is to be given up. Not for several threads at once.</summary>
sealed class Zones
{
    readonly SortedDictionary<string, ZoneCount> _counts = new(StringComparer.Ordinal);
    readonly Dictionary<string, (string Zone, bool Ready)> _nodes = new(StringComparer.Ordinal);
    readonly Dictionary<string, DateTimeOffset> _last = new(StringComparer.Ordinal);

    /// <summary>There are nodes, and none is Ready.</summary>
    public bool Halted { get; private set; }

    /// <summary>A node as it is now; null when it is gone.</summary>
    /// <returns>True when others may be treated otherwise from now on.</returns>
    public bool Seen(string name, Node? node)
    {
        var before = _nodes.GetValueOrDefault(name);
        var known = _nodes.Remove(name);
        var ready = node?.Find(Conditions.Ready)?.Status == "True";
        if (known && node is not null && before == (ZoneOf(node), ready))
        {
            _nodes[name] = before;
            return false;
        }
        if (known) Count(before.Zone, before.Ready, -1);
        if (node is not null)
        {
            _nodes[name] = (ZoneOf(node), ready);
            Count(ZoneOf(node), ready, 1);
        }
        Halted = _counts.Count > 0 && _counts.Values.All(Disruption.IsFull);
        return true;
    }

    /// <param name="takes">The node would use its turn at once.</param>
    public EvictionTurn Turn(Node node, bool takes, DateTimeOffset now)
    {
        var zone = ZoneOf(node);
        if (Halted) return new(true, null);
        if (Disruption.Pace(_counts.GetValueOrDefault(zone, ZoneCount.Nobody)) is not { } pace) return new(false, null);
        var at = _last.TryGetValue(zone, out var last) ? last + pace : DateTimeOffset.MinValue;
        if (takes && at <= now) _last[zone] = now;
        return new(false, at);
    }

    public static string ZoneOf(Node node) =>
        $"{node.Metadata.Labels.GetValueOrDefault("topology.kubernetes.io/region")}:{node.Metadata.Labels.GetValueOrDefault("topology.kubernetes.io/zone")}";

    void Count(string zone, bool ready, int by)
    {
        var count = _counts.GetValueOrDefault(zone, ZoneCount.Nobody);
        count = ready ? count with { Ready = count.Ready + by } : count with { Silent = count.Silent + by };
        if (count == ZoneCount.Nobody) _counts.Remove(zone);
        else _counts[zone] = count;
    }
}
