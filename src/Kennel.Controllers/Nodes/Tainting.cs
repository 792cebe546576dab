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

    /// <summary>It isn't Ready, and its pods aren't sent away yet.</summary>
    public static bool AsksToEvict(Node node) => Condition(node) is not null && (node.Spec?.Taints ?? []).All(t => !Evicts(t));

    /// <summary>All taints that the node should have; null when it has them. Those of others stay as they are.</summary>
    /// <param name="turn">Whether a node that has no taint yet that evicts may get one.</param>
    public static IReadOnlyList<Taint>? Of(Node node, EvictionTurn turn, DateTimeOffset now)
    {
        var known = node.Spec?.Taints ?? [];
        var evicts = !turn.Halted && (known.Any(Evicts) || turn.Comes(now));
        var wanted = Wanted(node, evicts).ToArray();
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

    static bool Evicts(Taint taint) => taint is { Effect: Taints.NoExecute, Key: Taints.NotReady or Taints.Unreachable };

    /// <summary>The taint of a node that isn't Ready; null for one that is.</summary>
    static string? Condition(Node node) => node.Find(Conditions.Ready)?.Status switch { "True" => null, "Unknown" => Taints.Unreachable, _ => Taints.NotReady };

    static IEnumerable<(string Key, string Effect)> Wanted(Node node, bool evicts)
    {
        if (node.Spec?.Unschedulable == true) yield return (Taints.Unschedulable, Taints.NoSchedule);
        if (Condition(node) is { } key)
        {
            yield return (key, Taints.NoSchedule);
            if (evicts) yield return (key, Taints.NoExecute);
        }
        foreach (var (condition, pressure) in _pressures)
            if (node.Find(condition)?.Status == "True") yield return (pressure, Taints.NoSchedule);
    }

    static bool IsOurs(Taint taint) =>
        taint.Key is Taints.NotReady or Taints.Unreachable or Taints.Unschedulable
        || taint.Effect == Taints.NoSchedule && _pressures.Any(p => p.Key == taint.Key);
}
