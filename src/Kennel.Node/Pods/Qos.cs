using Kennel.Node.Runtime;
using Kennel.Objects.Core;
using Kennel.Objects.Quantities;

namespace Kennel.Node.Pods;

/// <summary>Requests and limits as the kernel's numbers.</summary>
public static class Qos
{
    const string Guaranteed = "Guaranteed", Burstable = "Burstable", BestEffort = "BestEffort";

    /// <summary><c>/kubepods/burstable/pod1234</c>; Guaranteed pods lie beside the other classes, as upstream.</summary>
    public static string Cgroup(string root, Pod pod) => Class(pod) switch
    {
        Guaranteed => $"{root}/pod{pod.Metadata.Uid}",
        var other => $"{root}/{other.ToLowerInvariant()}/pod{pod.Metadata.Uid}",
    };

    public static string Class(Pod pod)
    {
        if (!string.IsNullOrEmpty(pod.Status?.QosClass)) return pod.Status.QosClass;
        var all = (pod.Spec?.Containers ?? []).Concat(pod.Spec?.InitContainers ?? []).Select(c => c.Resources ?? ResourceRequirements.Empty).ToList();
        if (all.All(r => r.Requests.Count == 0 && r.Limits.Count == 0)) return BestEffort;
        return all.All(r => Same(r, "cpu") && Same(r, "memory")) ? Guaranteed : Burstable;
    }

    public static ResourceSpec Of(Pod pod, Container container, long memoryCapacity)
    {
        var resources = container.Resources ?? ResourceRequirements.Empty;
        var limit = Milli(resources.Limits);
        var request = resources.Requests.ContainsKey("cpu") ? Milli(resources.Requests) : limit;
        return new(
            CpuShares: Math.Clamp(request * 1024 / 1000, 2, 262_144),
            CpuQuota: limit == 0 ? 0 : Math.Max(1000, limit * 100),
            MemoryLimit: Bytes(resources.Limits),
            OomScoreAdjustment: OomScore(Class(pod), Bytes(resources.Requests), memoryCapacity));
    }

    /// <summary>What all containers together may use: bounds only where each of them has one, or the pod itself.</summary>
    public static ResourceSpec OfPod(PodSpec pod)
    {
        var sidecars = pod.InitContainers.Where(Restarts.IsSidecar).ToList();
        var together = pod.Containers.Concat(sidecars).Select(c => c.Resources ?? ResourceRequirements.Empty).ToList();
        var alone = pod.InitContainers.Where(c => !Restarts.IsSidecar(c)).Select(c => c.Resources ?? ResourceRequirements.Empty).ToList();
        long Sum(Func<ResourceRequirements, long> amount) => Math.Max(together.Sum(amount), alone.Select(amount).DefaultIfEmpty(0).Max());
        long Bound(Func<ResourceRequirements, long> amount) => together.Concat(alone).All(r => amount(r) > 0) ? Sum(amount) : 0;
        var own = pod.Resources ?? ResourceRequirements.Empty;
        var request = Milli(own.Requests) is > 0 and var asked ? asked : Sum(r => r.Requests.ContainsKey("cpu") ? Milli(r.Requests) : Milli(r.Limits));
        var limit = Milli(own.Limits) is > 0 and var most ? most : Bound(r => Milli(r.Limits));
        return new(Math.Clamp(request * 1024 / 1000, 2, 262_144), limit == 0 ? 0 : Math.Max(1000, limit * 100), Bytes(own.Limits) is > 0 and var memory ? memory : Bound(r => Bytes(r.Limits)), 0);
    }

    /// <summary>The less of the machine a pod asked for, the sooner it is killed.</summary>
    static long OomScore(string qos, long requested, long capacity) => qos switch
    {
        Guaranteed => -997,
        BestEffort => 1000,
        _ => Math.Clamp(1000 - (capacity > 0 ? (long)(1000.0 * requested / capacity) : 0), 3, 999),
    };

    static bool Same(ResourceRequirements r, string name) =>
        r.Limits.TryGetValue(name, out var limit) && Quantity.TryParse(limit, out var l) && !l.IsZero
        && (!r.Requests.TryGetValue(name, out var request) || Quantity.TryParse(request, out var q) && q == l);

    static long Milli(IReadOnlyDictionary<string, string> amounts) => Quantity.TryParse(amounts.GetValueOrDefault("cpu"), out var q) ? q.MilliValue : 0;

    static long Bytes(IReadOnlyDictionary<string, string> amounts) => Quantity.TryParse(amounts.GetValueOrDefault("memory"), out var q) ? q.Value : 0;
}
