using Kennel.Objects.Core;

namespace Kennel.Controllers.Scheduling;

/// <summary>What a node itself must have for a pod, one rule after the other. A rule answers null, or why not in upstream's words.</summary>
public static class NodeFilters
{
    public static string? Unschedulable(Pod pod, Room room) =>
        room.Node?.Spec?.Unschedulable == true && !Cordon.Tolerated(pod.Spec!.Tolerations) ? "node(s) were unschedulable" : null;

    public static string? Tainted(Pod pod, Room room)
    {
        foreach (var taint in room.Taints)
        {
            if (taint.Effect is not (Taints.NoSchedule or Taints.NoExecute) || taint.Tolerated(pod.Spec!.Tolerations)) continue;
            // A cordoned node has been told apart already.
            return $"node(s) had untolerated taint {{{taint.Key}: {taint.Value}}}";
        }
        return null;
    }

    public static string? Affinity(Pod pod, Room room) =>
        pod.Spec!.NodeSelector.Count > 0 && !pod.Spec.NodeSelector.AllIn(room.Labels)
        || !NodeMatch.Matches(pod.Spec.Affinity?.NodeAffinity?.RequiredDuringSchedulingIgnoredDuringExecution, room.Name, room.Labels)
            ? "node(s) didn't match Pod's node affinity/selector" : null;

    public static string? Ports(Demand demand, Room room)
    {
        if (demand.Ports.IsEmpty) return null;
        foreach (var guest in room.Guests.Values)
            foreach (var taken in guest.Demand.Ports)
                foreach (var port in demand.Ports)
                    if (port.Clashes(taken)) return "node(s) didn't have free ports for the requested pod ports";
        return null;
    }

    /// <summary>All that is too little, each named by itself.</summary>
    public static void Resources(Demand demand, Room room, List<string> why)
    {
        if (room.Guests.Count + 1 > room.MostPods) why.Add("Too many pods");
        var (asked, used, all) = (demand.Requests, room.Used, room.Allocatable);
        if (asked.Cpu > 0 && asked.Cpu > all.Cpu - used.Cpu) why.Add("Insufficient cpu");
        if (asked.Memory > 0 && asked.Memory > all.Memory - used.Memory) why.Add("Insufficient memory");
        if (asked.Storage > 0 && asked.Storage > all.Storage - used.Storage) why.Add("Insufficient ephemeral-storage");
        foreach (var (name, amount) in asked.Others)
            if (amount > 0 && amount > all.Others.GetValueOrDefault(name) - used.Others.GetValueOrDefault(name)) why.Add($"Insufficient {name}");
    }

    static readonly Taint Cordon = new() { Key = Taints.Unschedulable, Effect = Taints.NoSchedule };
}
