using Kennel.Objects.Core;

namespace Kennel.Controllers.Scheduling.Filters;

/// <summary>What a node itself must have for a pod, one rule after the other. A rule answers null, or what speaks against it.</summary>
public static class NodeFilters
{
    static readonly Taint s_cordon = new() { Key = Taints.Unschedulable, Effect = Taints.NoSchedule };

    /// <summary>The first of the rules that pods on the node have no part in.</summary>
    public static Objection? Fixed(Pod pod, Room room) => Unschedulable(pod, room) ?? Tainted(pod, room) ?? Affinity(pod, room);

    public static Objection? Unschedulable(Pod pod, Room room) =>
        room.Node?.Spec?.Unschedulable == true && !s_cordon.Tolerated(pod.Spec!.Tolerations) ? new("node(s) were unschedulable", Cause.Node, Final: true) : null;

    public static Objection? Tainted(Pod pod, Room room)
    {
        foreach (var taint in room.Taints)
            if (taint.Effect is Taints.NoSchedule or Taints.NoExecute && !taint.Tolerated(pod.Spec!.Tolerations)) return new("node(s) had untolerated taint(s)", Cause.Node, Final: true);
        return null;
    }

    public static Objection? Affinity(Pod pod, Room room) =>
        pod.Spec!.NodeSelector.Count > 0 && !pod.Spec.NodeSelector.AllIn(room.Labels)
        || !NodeMatch.Matches(pod.Spec.Affinity?.NodeAffinity?.RequiredDuringSchedulingIgnoredDuringExecution, room.Name, room.Labels)
            ? new("node(s) didn't match Pod's node affinity/selector", Cause.Node, Final: true) : null;

    public static Objection? Ports(Demand demand, Room room)
    {
        if (demand.Ports.IsEmpty || room.Ports == 0) return null;
        foreach (var guest in room.Guests.Values)
            foreach (var taken in guest.Demand.Ports)
                foreach (var port in demand.Ports)
                    if (port.Clashes(taken)) return new("node(s) didn't have free ports for the requested pod ports", Cause.Room);
        return null;
    }

    /// <summary>All that is too little, each named by itself. What the empty node wouldn't have either is final.</summary>
    public static void Resources(Demand demand, Room room, List<Objection> why)
    {
        if (room.Guests.Count + 1 > room.MostPods) why.Add(new("Too many pods", Cause.Room));
        var (asked, used, all) = (demand.Requests, room.Used, room.Allocatable);
        void Compare(string name, long amount, long taken, long there)
        {
            if (amount > 0 && amount > there - taken) why.Add(new($"Insufficient {name}", Cause.Room, Final: amount > there));
        }
        if (asked.Cpu > all.Cpu - used.Cpu) Compare("cpu", asked.Cpu, used.Cpu, all.Cpu);
        if (asked.Memory > all.Memory - used.Memory) Compare("memory", asked.Memory, used.Memory, all.Memory);
        if (asked.Storage > all.Storage - used.Storage) Compare("ephemeral-storage", asked.Storage, used.Storage, all.Storage);
        if (asked.Others.IsEmpty) return;
        foreach (var (name, amount) in asked.Others) Compare(name, amount, used.Others.GetValueOrDefault(name), all.Others.GetValueOrDefault(name));
    }

    /// <summary>Enough of everything and a free place, the ports included.</summary>
    public static bool Fits(Demand demand, Room room)
    {
        var (asked, used, all) = (demand.Requests, room.Used, room.Allocatable);
        return room.Guests.Count < room.MostPods
            && (asked.Cpu <= 0 || asked.Cpu <= all.Cpu - used.Cpu)
            && (asked.Memory <= 0 || asked.Memory <= all.Memory - used.Memory)
            && (asked.Storage <= 0 || asked.Storage <= all.Storage - used.Storage)
            && (asked.Others.IsEmpty || asked.Others.All(o => o.Value <= 0 || o.Value <= all.Others.GetValueOrDefault(o.Key) - used.Others.GetValueOrDefault(o.Key)))
            && Ports(demand, room) is null;
    }
}
