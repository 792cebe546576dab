using Kennel.Objects.Core;

namespace Kennel.Controllers.DaemonSets;

/// <summary>
/// Rolling update. Without a surge old pods are deleted within what may be unavailable, and <see cref="Coverage"/> makes the new ones; with a surge
/// new ones are made beside the old, which go when the new ones serve.
/// </summary>
static class Rolling
{
    public static void Process(Roster roster, Tasks tasks)
    {
        var (surge, unavailable) = roster.Bounds();
        if (surge == 0) Replace(roster, tasks, unavailable);
        else Surge(roster, tasks, surge);
    }

    /// <summary>Old pods that don't serve anyway go at once.</summary>
    static void Replace(Roster roster, Tasks tasks, int most)
    {
        var (down, serving) = (0, new List<Pod>());
        foreach (var node in Nodes(roster))
        {
            if (!roster.Pair(node, out var newer, out var older) || newer is null == older is null)
            {
                down++; // Coverage makes it one pod
                continue;
            }
            if (older is not null && roster.IsAvailable(older))
            {
                serving.Add(older);
                continue;
            }
            if (older is not null) tasks.Delete(older);
            if (older is not null || !roster.IsAvailable(newer!)) down++;
        }
        foreach (var pod in serving.Take(Math.Max(0, most - down))) tasks.Delete(pod);
    }

    static void Surge(Roster roster, Tasks tasks, int most)
    {
        var (surging, available) = (0, 0);
        List<string> candidates = [];
        List<Pod> elsewhere = [];
        foreach (var node in Nodes(roster))
        {
            if (!roster.Pair(node, out var newer, out var older))
            {
                surging++;
                continue;
            }
            if ((older ?? newer) is { } senior && roster.IsAvailable(senior)) available++;
            if (older is null) continue;
            var serves = roster.IsAvailable(older);
            if (newer is not null)
            {
                if (roster.IsAvailable(newer)) tasks.Delete(older);
                else surging++;
            }
            else if (roster.Places.GetValueOrDefault(node).Run)
            {
                if (serves) candidates.Add(node);
                else tasks.Create(node);
            }
            else if (serves) elsewhere.Add(older);
            else tasks.Delete(older);
        }
        // Who surges expects that nothing is missed: pods on nodes that the set leaves go when enough serve without them.
        foreach (var pod in elsewhere.Take(Math.Max(0, available - roster.Wanted))) tasks.Delete(pod);
        foreach (var node in candidates.Take(Math.Max(0, most - surging))) tasks.Create(node);
    }

    static IEnumerable<string> Nodes(Roster roster) =>
        roster.Inhabited.Union(roster.Places.Where(p => p.Value.Run).Select(p => p.Key), StringComparer.Ordinal).Order(StringComparer.Ordinal);
}
