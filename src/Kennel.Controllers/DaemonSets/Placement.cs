using Kennel.Controllers.Scheduling;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;

namespace Kennel.Controllers.DaemonSets;

/// <summary>Whether a set belongs on a node.</summary>
/// <param name="Run">One of its pods should be there.</param>
/// <param name="Stay">One that is there may stay: a taint without NoExecute sends nobody away.</param>
readonly record struct Placement(bool Run, bool Stay)
{
    /// <summary>By the template's node name, selector and affinity, and the node's taints; whether the pod finds room is the scheduler's business.</summary>
    public static Placement Of(DaemonSet set, Node node) => Of(set, node, NewPod.Tolerations(set.Spec!.Template.Spec ?? PodSpec.Empty));

    /// <param name="tolerations">Those of the set's pods.</param>
    public static Placement Of(DaemonSet set, Node node, IReadOnlyList<Toleration> tolerations)
    {
        var (spec, name) = (set.Spec!.Template.Spec ?? PodSpec.Empty, node.Metadata.Name ?? "");
        if (!string.IsNullOrEmpty(spec.NodeName) && spec.NodeName != name) return default;
        if (!spec.NodeSelector.AllIn(node.Metadata.Labels)) return default;
        if (!NodeMatch.Matches(spec.Affinity?.NodeAffinity?.RequiredDuringSchedulingIgnoredDuringExecution, name, node.Metadata.Labels)) return default;
        var (run, stay) = (true, true);
        foreach (var taint in node.Spec?.Taints ?? [])
        {
            if (taint.Effect is not (Taints.NoExecute or Taints.NoSchedule) || taint.Tolerated(tolerations)) continue;
            run = false;
            stay &= taint.Effect != Taints.NoExecute;
        }
        return new(run, stay);
    }

    /// <summary>Nothing that <see cref="Of(DaemonSet, Node)"/> looks at differs: most changes of a node are its heartbeats.</summary>
    public static bool LooksTheSame(Node a, Node b) =>
        Objects.Wire.Same(a.Metadata.Labels, b.Metadata.Labels) && Objects.Wire.Same(a.Spec?.Taints ?? [], b.Spec?.Taints ?? []);
}
