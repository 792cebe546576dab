using System.Text.Json.Nodes;
using Kennel.Objects.Kinds.Apps;
using Kennel.Objects.Kinds.Core;
using Kennel.Objects.Kinds.Rbac;

namespace Kennel.Objects.Kinds;

/// <summary>Defaults of a type, wherever it occurs, that depend on its other fields. They run after those of the facts and before those of what is below.</summary>
static class TypeDefaults
{
    static readonly Dictionary<string, Action<JsonObject>> s_rules = new(StringComparer.Ordinal)
    {
        ["io.k8s.api.apps.v1.DaemonSetUpdateStrategy"] = AppsDefaults.DaemonSetStrategy,
        ["io.k8s.api.apps.v1.DeploymentStrategy"] = AppsDefaults.DeploymentStrategy,
        ["io.k8s.api.apps.v1.StatefulSetSpec"] = AppsDefaults.StatefulSet,
        ["io.k8s.api.core.v1.Container"] = PodDefaults.Container,
        ["io.k8s.api.core.v1.EphemeralContainer"] = PodDefaults.Container,
        ["io.k8s.api.core.v1.PodSpec"] = PodDefaults.Spec,
        ["io.k8s.api.core.v1.Volume"] = PodDefaults.Volume,
        ["io.k8s.api.core.v1.NodeStatus"] = CoreDefaults.NodeStatus,
        ["io.k8s.api.core.v1.PersistentVolumeSpec"] = CoreDefaults.Volume,
        ["io.k8s.api.core.v1.ResourceRequirements"] = CoreDefaults.Resources,
        ["io.k8s.api.core.v1.VolumeResourceRequirements"] = CoreDefaults.Resources,
        ["io.k8s.api.core.v1.LimitRangeItem"] = CoreDefaults.LimitRangeItem,
        ["io.k8s.api.core.v1.ServiceSpec"] = ServiceDefaults.Spec,
        ["io.k8s.api.core.v1.ServicePort"] = ServiceDefaults.Port,
        ["io.k8s.api.rbac.v1.Subject"] = RbacDefaults.Subject,
    };

    public static Action<JsonObject>? Of(string? id) => id is null ? null : s_rules.GetValueOrDefault(id);
}
