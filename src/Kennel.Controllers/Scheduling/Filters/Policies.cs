using Kennel.Objects.Core;

namespace Kennel.Controllers.Scheduling.Filters;

/// <summary>Which nodes a constraint on spreading looks at.</summary>
public static class Policies
{
    /// <summary>By default those that the pod's node affinity matches, whatever their taints.</summary>
    public static bool Admit(Pod pod, TopologySpreadConstraint constraint, Room room) =>
        (constraint.NodeAffinityPolicy == "Ignore" || NodeFilters.Affinity(pod, room) is null)
        && (constraint.NodeTaintsPolicy != "Honor" || NodeFilters.Tainted(pod, room) is null);

    /// <summary>Every node is admitted: no need to look at them.</summary>
    public static bool AdmitAll(Pod pod, TopologySpreadConstraint constraint) =>
        constraint.NodeTaintsPolicy != "Honor"
        && (constraint.NodeAffinityPolicy == "Ignore"
            || pod.Spec?.NodeSelector.Count == 0 && pod.Spec.Affinity?.NodeAffinity?.RequiredDuringSchedulingIgnoredDuringExecution is null);
}
