using Kennel.Objects;

namespace Kennel.Cli.Waits;

/// <summary>Which kind the keys of a controller are of: a key itself says no kind.</summary>
static class Subjects
{
    const string Collector = "garbage-collector-controller-";

    /// <returns>The kind's plural; empty for what is no object (the packet filter's rules).</returns>
    public static string Of(string controller, ObjectKey key) => controller switch
    {
        "statefulset-controller" => "statefulsets",
        "replicaset-controller" => "replicasets",
        "replication-controller" => "replicationcontrollers",
        "deployment-controller" => "deployments",
        "daemonset-controller" => "daemonsets",
        "job-controller" or "ttl-after-finished-controller" => "jobs",
        "cronjob-controller" => "cronjobs",
        "default-scheduler" or "taint-eviction-controller" or "pod-garbage-collector" or "ephemeral_volume" or "job-left-pods" or "stale-pod-disruption" => "pods",
        "disruption-controller" => "poddisruptionbudgets",
        "horizontal-pod-autoscaler" => "horizontalpodautoscalers",
        "pvc-protection-controller" or "volume_expand" => "persistentvolumeclaims",
        "pv-protection-controller" => "persistentvolumes",
        // Binder and provisioner look after both sides: only claims have a namespace.
        "persistentvolume-controller" or "rancher.io/local-path" => key.Namespace.Length > 0 ? "persistentvolumeclaims" : "persistentvolumes",
        "endpoint-slice-controller" or "endpoint-controller" or "endpoint-slice-mirroring-controller" or "service-lb-controller" => "services",
        "node-controller" => "nodes",
        "namespace-controller" or "service-account-controller" or "root-ca-certificate-publisher" => "namespaces",
        "tokens-controller" => "secrets",
        "certificate-controller" => "certificatesigningrequests",
        "clusterrole-aggregation-controller" => "clusterroles",
        _ when controller.StartsWith(Collector, StringComparison.Ordinal) => controller[Collector.Length..],
        _ => "",
    };
}
