using Kennel.Node.Pods;
using Kennel.Objects.Core;
using Kennel.Objects.Quantities;

namespace Kennel.Node.Agent;

/// <summary>Whether the node takes a pod that it hasn't seen before. Pure. What it refuses goes to Failed; its owner makes another one.</summary>
public static class Admission
{
    static readonly string[] s_counted = ["cpu", "memory"];

    /// <param name="others">The pods that are here already.</param>
    /// <param name="most">There are no more of them than this. With it, a pod that asks for nothing is taken without a look at the others.</param>
    /// <returns>Null when it is taken.</returns>
    public static Refused? Check(Pod pod, IEnumerable<Pod> others, IReadOnlyDictionary<string, string> allocatable, int maxPods, int most = int.MaxValue)
    {
        var ports = Ports(pod).ToList();
        if (most < maxPods && ports.Count == 0 && s_counted.All(r => Request(pod, r, static q => q.MilliValue) == 0)) return null;
        var here = others.Where(p => p.Status?.Phase is not ("Failed" or "Succeeded")).ToList();
        if (here.Count >= maxPods) return new("OutOfpods", $"Node didn't have enough resource: pods, requested: 1, used: {here.Count}, capacity: {maxPods}");
        if (ports.Count > 0 && here.SelectMany(Ports).Any(taken => ports.Any(p => Clash(p, taken)))) return new("NodePorts", "Pod was rejected: Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports");
        foreach (var resource in s_counted)
        {
            if (!Quantity.TryParse(allocatable.GetValueOrDefault(resource), out var capacity)) continue;
            long Amount(Quantity q) => resource == "cpu" ? q.MilliValue : q.Value;
            var wanted = Request(pod, resource, Amount);
            if (wanted == 0) continue;
            var (used, room) = (here.Sum(p => Request(p, resource, Amount)), Amount(capacity));
            if (used + wanted > room)
                return new($"OutOf{resource}", $"Pod was rejected: Node didn't have enough resource: {resource}, requested: {wanted}, used: {used}, capacity: {room}");
        }
        return null;
    }

    /// <summary>A node that is short of memory takes no pods that ask for none; one that is short of disk takes none but the critical.</summary>
    public static Refused? UnderPressure(Pod pod, bool memory, bool disk)
    {
        if (!memory && !disk || Pressure.Ranking.IsCritical(pod)) return null;
        if (!disk && (pod.Status?.QosClass != "BestEffort" || pod.Spec?.Tolerations.Any(t => t.Effect is null or "" or "NoSchedule" && (t.Key == MemoryTaint || t.Operator == "Exists" && string.IsNullOrEmpty(t.Key))) == true)) return null;
        return new("Evicted", $"The node had condition: [{(disk ? "DiskPressure" : "MemoryPressure")}]. ");
    }

    const string MemoryTaint = "node.kubernetes.io/memory-pressure";

    /// <summary>Whether a pod that runs may have what its spec asks for now.</summary>
    /// <returns>Null when it may; Infeasible when this node will never have room, Deferred when it hasn't now.</returns>
    public static Refused? CheckResize(Pod pod, IEnumerable<Pod> others, IReadOnlyDictionary<string, string> allocatable)
    {
        var here = others.Where(p => p.Status?.Phase is not ("Failed" or "Succeeded")).ToList();
        foreach (var resource in (ReadOnlySpan<string>)["cpu", "memory"])
        {
            if (!Quantity.TryParse(allocatable.GetValueOrDefault(resource), out var capacity)) continue;
            long Amount(Quantity q) => resource == "cpu" ? q.MilliValue : q.Value;
            var (wanted, room) = (Request(pod, resource, Amount), Amount(capacity));
            if (wanted > room) return new("Infeasible", $"Node didn't have enough capacity: {resource}, requested: {wanted}, capacity: {room}");
            var used = here.Sum(p => Request(p, resource, Amount));
            if (used + wanted > room) return new("Deferred", $"Node didn't have enough resource: {resource}, requested: {wanted}, used: {used}, capacity: {room}");
        }
        return null;
    }

    static IEnumerable<(string Protocol, int Port, string Ip)> Ports(Pod pod) =>
        (pod.Spec?.Containers ?? []).SelectMany(c => c.Ports).Where(p => p.HostPort > 0).Select(p => (p.Protocol ?? "TCP", p.HostPort ?? 0, p.HostIP ?? ""));

    static bool Clash((string Protocol, int Port, string Ip) a, (string Protocol, int Port, string Ip) b) =>
        a.Protocol == b.Protocol && a.Port == b.Port && (a.Ip == b.Ip || a.Ip is "" or "0.0.0.0" || b.Ip is "" or "0.0.0.0");

    /// <summary>All containers together with the sidecars, or the largest init container if that is more.</summary>
    static long Request(Pod pod, string resource, Func<Quantity, long> amount)
    {
        long Of(Container c) => Quantity.TryParse(c.Resources?.Requests.GetValueOrDefault(resource) ?? c.Resources?.Limits.GetValueOrDefault(resource), out var q) ? amount(q) : 0;
        var inits = pod.Spec?.InitContainers ?? [];
        var sidecars = inits.Where(Restarts.IsSidecar).Sum(Of);
        return Math.Max((pod.Spec?.Containers ?? []).Sum(Of) + sidecars, inits.Where(c => !Restarts.IsSidecar(c)).Select(Of).DefaultIfEmpty(0).Max());
    }
}
