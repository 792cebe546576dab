using Kennel.Objects.Kinds.Apps;
using Kennel.Objects.Kinds.Autoscaling;
using Kennel.Objects.Kinds.Batch;
using Kennel.Objects.Kinds.Certificates;
using Kennel.Objects.Kinds.Coordination;
using Kennel.Objects.Kinds.Core;
using Kennel.Objects.Kinds.Discovery;
using Kennel.Objects.Kinds.Networking;
using Kennel.Objects.Kinds.Node;
using Kennel.Objects.Kinds.Policy;
using Kennel.Objects.Kinds.Rbac;
using Kennel.Objects.Kinds.Scheduling;
using Kennel.Objects.Kinds.Storage;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Kinds;

/// <summary>Which kinds have rules of their own.</summary>
static class KindTable
{
    public static KindRules Make(ResourceType type) => (type.Group, type.Kind) switch
    {
        ("", "ConfigMap") => new ConfigMapRules(type),
        ("", "Endpoints") => new EndpointsRules(type),
        ("", "Event") or ("events.k8s.io", "Event") => new EventRules(type),
        ("", "Namespace") => new NamespaceRules(type),
        ("", "Node") => new NodeRules(type),
        ("", "PersistentVolume") => new PersistentVolumeRules(type),
        ("", "PersistentVolumeClaim") => new PersistentVolumeClaimRules(type),
        ("", "Pod") => new PodRules(type),
        ("", "PodTemplate") => new PodTemplateRules(type),
        ("", "ReplicationController") => new ReplicationControllerRules(type),
        ("", "LimitRange") => new LimitRangeRules(type),
        ("", "ResourceQuota") => new ResourceQuotaRules(type),
        ("", "Secret") => new SecretRules(type),
        ("", "Service") => new ServiceRules(type),
        ("apps", "ControllerRevision") => new ControllerRevisionRules(type),
        ("apps", "DaemonSet") => new DaemonSetRules(type),
        ("apps", "Deployment") => new DeploymentRules(type),
        ("apps", "ReplicaSet") => new ReplicaSetRules(type),
        ("apps", "StatefulSet") => new StatefulSetRules(type),
        ("autoscaling", "HorizontalPodAutoscaler") when type.Version == "v2" => new AutoscalerRules(type),
        ("autoscaling", "HorizontalPodAutoscaler") => new SimpleRules(type, Names.Subdomain, hasGeneration: false),
        ("batch", "CronJob") => new CronJobRules(type),
        ("batch", "Job") => new JobRules(type),
        ("certificates.k8s.io", "CertificateSigningRequest") => new CertificateSigningRequestRules(type),
        ("coordination.k8s.io", "Lease") => new LeaseRules(type),
        ("discovery.k8s.io", "EndpointSlice") => new EndpointSliceRules(type),
        ("networking.k8s.io", "Ingress") => new IngressRules(type),
        ("networking.k8s.io", "IngressClass") => new IngressClassRules(type),
        ("networking.k8s.io", "NetworkPolicy") => new NetworkPolicyRules(type),
        ("node.k8s.io", "RuntimeClass") => new RuntimeClassRules(type),
        ("policy", "PodDisruptionBudget") => new PodDisruptionBudgetRules(type),
        ("rbac.authorization.k8s.io", "Role" or "ClusterRole") => new RoleRules(type),
        ("rbac.authorization.k8s.io", "RoleBinding" or "ClusterRoleBinding") => new RoleBindingRules(type),
        ("scheduling.k8s.io", "PriorityClass") => new PriorityClassRules(type),
        ("storage.k8s.io", "StorageClass") => new StorageClassRules(type),
        ("storage.k8s.io", "VolumeAttributesClass") => new VolumeAttributesClassRules(type),
        _ => new PlainRules(type),
    };
}
