using System.Text.Json.Nodes;
using Kennel.Objects;
using Kennel.Objects.Kinds.Core.Pods;
using Kennel.Objects.Quantities;
using Kennel.Objects.Schemas;
using Kennel.Server.Writing;

namespace Kennel.Server.Admission.Quotas;

/// <summary>What an object takes of the resources that quotas limit, under all of their names.</summary>
static class Usage
{
    static readonly Quantity s_one = Quantity.Of(1);

    /// <summary>Kinds that quotas may count by their plain name, too.</summary>
    static readonly HashSet<string> s_plain = ["configmaps", "resourcequotas", "replicationcontrollers", "secrets", "services", "persistentvolumeclaims"];

    public static SortedDictionary<string, Quantity> Of(ResourceType type, JsonObject o, DateTimeOffset now)
    {
        var usage = new SortedDictionary<string, Quantity>(StringComparer.Ordinal);
        if (IsIgnored(type)) return usage;
        usage["count/" + type.QualifiedName] = s_one;
        if (type.Group.Length > 0) return usage;
        if (s_plain.Contains(type.Plural)) usage[type.Plural] = s_one;
        if (type.Kind == "Pod" && !IsPast(o, now)) AddPod(usage, o.Object("spec"));
        if (type.Kind == "Service") AddService(usage, o.Object("spec"));
        if (type.Kind == "PersistentVolumeClaim") AddClaim(usage, o.Object("spec"), o.Object("status"));
        return usage;
    }

    /// <summary>Events are counted by nobody.</summary>
    public static bool IsIgnored(ResourceType type) => !type.Namespaced || type.Kind is "Event" or "Binding" or "LocalSubjectAccessReview";

    /// <summary>When a pod that doesn't go stops counting, or null.</summary>
    public static DateTimeOffset? Until(ResourceType type, JsonObject o) =>
        type is { Group: "", Kind: "Pod" } && o.Deleting() && o.Object("metadata").Number("deletionGracePeriodSeconds") is { } grace
            ? Wire.Time(o.Object("metadata").Text("deletionTimestamp")).AddSeconds(grace) : null;

    static bool IsPast(JsonObject pod, DateTimeOffset now) =>
        pod.Object("status").Text("phase") is "Failed" or "Succeeded" || Until(Pods, pod) < now;

    static readonly ResourceType Pods = Catalog.BuiltIn.Find("", "v1", "pods")!;

    static void AddPod(SortedDictionary<string, Quantity> usage, JsonObject? spec) => Add(usage, PodAmounts.Requests(spec), PodAmounts.Limits(spec));

    /// <summary>Under the names that quotas have for what containers and pods ask for.</summary>
    public static void Add(SortedDictionary<string, Quantity> usage, SortedDictionary<string, Quantity> requests, SortedDictionary<string, Quantity> limits)
    {
        usage["pods"] = s_one;
        foreach (var (name, amount) in requests)
        {
            if (name is "cpu" or "memory" or "ephemeral-storage" || name.StartsWith("hugepages-", StringComparison.Ordinal)) usage[name] = usage["requests." + name] = amount;
            else if (QuotaNames.IsExtended(name)) usage["requests." + name] = amount;
        }
        foreach (var (name, amount) in limits)
            if (name is "cpu" or "memory" or "ephemeral-storage") usage["limits." + name] = amount;
    }

    static void AddService(SortedDictionary<string, Quantity> usage, JsonObject? spec)
    {
        var ports = spec.Objects("ports").Count();
        usage["services.nodeports"] = usage["services.loadbalancers"] = Quantity.Zero;
        if (spec.Text("type") == "NodePort") usage["services.nodeports"] = Quantity.Of(ports);
        if (spec.Text("type") != "LoadBalancer") return;
        usage["services.loadbalancers"] = s_one;
        var allocates = spec?["allocateLoadBalancerNodePorts"]?.GetValue<bool>() != false;
        usage["services.nodeports"] = Quantity.Of(allocates ? ports : spec.Objects("ports").Count(p => p.Number("nodePort") is > 0));
    }

    static void AddClaim(SortedDictionary<string, Quantity> usage, JsonObject? spec, JsonObject? status)
    {
        const string OfClass = ".storageclass.storage.k8s.io/";
        var kind = spec.Text("storageClassName");
        if (kind.Length > 0) usage[$"{kind}{OfClass}persistentvolumeclaims"] = s_one;
        if (!Quantity.TryParse(spec.Object("resources").Object("requests").Text("storage"), out var size)) return;
        if (Quantity.TryParse(status.Object("allocatedResources").Text("storage"), out var growing) && growing > size) size = growing;
        usage["requests.storage"] = size;
        if (kind.Length > 0) usage[$"{kind}{OfClass}requests.storage"] = size;
    }
}
