namespace Kennel.Server.Admission.Quotas;

/// <summary>The names of resources in quotas.</summary>
static class QuotaNames
{
    /// <summary>Each container of a pod must say how much of these it wants when a quota limits them.</summary>
    static readonly HashSet<string> s_stated = ["cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory"];

    public static bool MustBeStated(string name) => s_stated.Contains(name);

    /// <summary>A resource that a device plugin or an operator brings: <c>example.com/gpu</c>.</summary>
    public static bool IsExtended(string name) => name.Contains('/') && !name.Contains("kubernetes.io/", StringComparison.Ordinal) && !name.StartsWith("requests.", StringComparison.Ordinal);

    /// <summary>Whether pods take of it, so that a quota with a scope can limit it.</summary>
    public static bool OfPods(string name) =>
        name is "pods" or "count/pods" or "ephemeral-storage" or "requests.ephemeral-storage" or "limits.ephemeral-storage"
        || MustBeStated(name)
        || name.StartsWith("hugepages-", StringComparison.Ordinal) || name.StartsWith("requests.hugepages-", StringComparison.Ordinal)
        || name.StartsWith("requests.", StringComparison.Ordinal) && IsExtended(name["requests.".Length..]);
}
