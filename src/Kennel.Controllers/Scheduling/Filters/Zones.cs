using Kennel.Objects.Core;

namespace Kennel.Controllers.Scheduling.Filters;

/// <summary>A bound volume that says its zone by labels must be used there.</summary>
public static class Zones
{
    public const string Why = "node(s) had no available volume zone";

    static readonly string[] s_keys =
        ["failure-domain.beta.kubernetes.io/region", "failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/region", "topology.kubernetes.io/zone"];

    /// <summary>Several zones in one label are divided by <c>__</c>. A node without any such label is let in, as upstream.</summary>
    public static bool Reach(PersistentVolume volume, Room room)
    {
        if (volume.Metadata.Labels.Count == 0 || !s_keys.Any(room.Labels.ContainsKey)) return true;
        foreach (var key in s_keys)
        {
            if (!volume.Metadata.Labels.TryGetValue(key, out var zones)) continue;
            if (!room.Labels.TryGetValue(key, out var zone) || !zones.Split("__").Contains(zone)) return false;
        }
        return true;
    }
}
