using System.Text.Json.Nodes;
using Kennel.Client.Running;
using Kennel.Controllers.Scheduling;
using Kennel.Controllers.Volumes;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Nodes;

/// <summary>The taints that follow from a node's conditions and from cordoning.</summary>
public static class Tainting
{
    static readonly (string Condition, string Key)[] _pressures =
    [
        ("MemoryPressure", "node.kubernetes.io/memory-pressure"),
        ("DiskPressure", "node.kubernetes.io/disk-pressure"),
        ("PIDPressure", "node.kubernetes.io/pid-pressure"),
        ("NetworkUnavailable", "node.kubernetes.io/network-unavailable"),
    ];

    /// <summary>All taints that the node should have; null when it has them. Those of others stay as they are.</summary>
    public static IReadOnlyList<Taint>? Of(Node node, DateTimeOffset now)
    {
        var known = node.Spec?.Taints ?? [];
        var wanted = Wanted(node).ToArray();
        var kept = known.Where(t => !IsOurs(t) || wanted.Contains((t.Key, t.Effect))).ToList();
        var missing = wanted.Where(w => !known.Any(t => t.Key == w.Key && t.Effect == w.Effect)).ToArray();
        if (kept.Count == known.Count && missing.Length == 0) return null;
        return [.. kept, .. missing.Select(w => new Taint { Key = w.Key, Effect = w.Effect, TimeAdded = now })];
    }

    public static Step Patch(Node node, IReadOnlyList<Taint> taints)
    {
        var list = taints.Select(t => JsonNode.Parse(Json.Write(t))).ToArray();
        return Merge.Patch(node, new JsonObject { ["spec"] = new JsonObject { ["taints"] = list.Length == 0 ? null : new JsonArray(list) } });
    }

    static IEnumerable<(string Key, string Effect)> Wanted(Node node)
    {
        if (node.Spec?.Unschedulable == true) yield return (Taints.Unschedulable, Taints.NoSchedule);
        var ready = node.Find(Conditions.Ready)?.Status;
        var key = ready switch { "True" => null, "Unknown" => Taints.Unreachable, _ => Taints.NotReady };
        if (key is not null)
        {
            yield return (key, Taints.NoSchedule);
            yield return (key, Taints.NoExecute);
        }
        foreach (var (condition, pressure) in _pressures)
            if (node.Find(condition)?.Status == "True") yield return (pressure, Taints.NoSchedule);
    }

    static bool IsOurs(Taint taint) =>
        taint.Key is Taints.NotReady or Taints.Unreachable or Taints.Unschedulable
        || taint.Effect == Taints.NoSchedule && _pressures.Any(p => p.Key == taint.Key);
}
