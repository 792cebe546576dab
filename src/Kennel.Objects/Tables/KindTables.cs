using Kennel.Objects.Tables.Kinds;

namespace Kennel.Objects.Tables;

/// <summary>The table of every kind that has one of its own; others show their name and when they were made.</summary>
public static class KindTables
{
    static readonly Dictionary<(string Group, string Kind), KindTable> s_tables = new()
    {
        [("", "Pod")] = PodTable.Table,
        [("apps", "StatefulSet")] = WorkloadTables.StatefulSet,
        [("apps", "Deployment")] = WorkloadTables.Deployment,
        [("apps", "ReplicaSet")] = WorkloadTables.ReplicaSet,
        [("", "ReplicationController")] = WorkloadTables.ReplicaSet,
        [("apps", "DaemonSet")] = WorkloadTables.DaemonSet,
        [("apps", "ControllerRevision")] = WorkloadTables.ControllerRevision,
        [("batch", "Job")] = WorkloadTables.Job,
        [("batch", "CronJob")] = WorkloadTables.CronJob,
        [("autoscaling", "Scale")] = WorkloadTables.Scale,
        [("", "PersistentVolumeClaim")] = StorageTables.Claim,
        [("", "PersistentVolume")] = StorageTables.Volume,
        [("storage.k8s.io", "StorageClass")] = StorageTables.StorageClass,
        [("storage.k8s.io", "VolumeAttributesClass")] = StorageTables.AttributesClass,
        [("", "Service")] = NetworkTables.Service,
        [("", "Endpoints")] = NetworkTables.Endpoints,
        [("discovery.k8s.io", "EndpointSlice")] = NetworkTables.EndpointSlice,
        [("networking.k8s.io", "NetworkPolicy")] = NetworkTables.NetworkPolicy,
        [("", "Event")] = EventTable.Table,
        [("events.k8s.io", "Event")] = EventTable.Table,
        [("", "Node")] = ClusterTables.Node,
        [("", "Namespace")] = ClusterTables.Namespace,
        [("", "ConfigMap")] = ClusterTables.ConfigMap,
        [("", "Secret")] = ClusterTables.Secret,
        [("", "ServiceAccount")] = ClusterTables.NameAndAge,
        [("rbac.authorization.k8s.io", "RoleBinding")] = AccessTables.RoleBinding,
        [("rbac.authorization.k8s.io", "ClusterRoleBinding")] = AccessTables.RoleBinding,
        [("certificates.k8s.io", "CertificateSigningRequest")] = AccessTables.CertificateSigningRequest,
        [("coordination.k8s.io", "Lease")] = ClusterTables.Lease,
        [("policy", "PodDisruptionBudget")] = ClusterTables.DisruptionBudget,
        [("", "ResourceQuota")] = PolicyTables.Quota,
        [("autoscaling", "HorizontalPodAutoscaler")] = PolicyTables.Autoscaler,
        [("networking.k8s.io", "Ingress")] = PolicyTables.Ingress,
        [("networking.k8s.io", "IngressClass")] = PolicyTables.IngressClass,
        [("node.k8s.io", "RuntimeClass")] = PolicyTables.RuntimeClass,
        [("scheduling.k8s.io", "PriorityClass")] = ClusterTables.PriorityClass,
    };

    static readonly KindTable s_plain = new([Column.Named, new Column("Created At", Type: "date", Description: "When the object was created.")], static (o, cells) =>
    {
        cells.Name(o);
        cells.Add(o["metadata"]["creationTimestamp"].Text);
    });

    public static KindTable For(string group, string kind) => s_tables.GetValueOrDefault((group, kind), s_plain);
}
