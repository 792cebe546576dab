using System.Globalization;
using Kennel.Controllers.Pods;
using Kennel.Controllers.Scheduling;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;

namespace Kennel.Controllers.DaemonSets;

/// <summary>A pod of a set for one node: the scheduler puts it there, and troubles of the node don't send it away.</summary>
static class NewPod
{
    /// <summary>The hash of the revision that a pod comes from.</summary>
    public const string HashLabel = "controller-revision-hash";

    /// <summary>Of before there were revisions; kept up for those who still select by it.</summary>
    public const string GenerationLabel = "pod-template-generation";
    public const string GenerationAnnotation = "deprecated.daemonset.template.generation";

    const string NameField = "metadata.name";

    static readonly Toleration[] s_always =
    [
        Toleration(Taints.NotReady, Taints.NoExecute), Toleration(Taints.Unreachable, Taints.NoExecute),
        Toleration("node.kubernetes.io/disk-pressure", Taints.NoSchedule), Toleration("node.kubernetes.io/memory-pressure", Taints.NoSchedule),
        Toleration("node.kubernetes.io/pid-pressure", Taints.NoSchedule), Toleration(Taints.Unschedulable, Taints.NoSchedule),
    ];

    static readonly Toleration s_onHostNetwork = Toleration("node.kubernetes.io/network-unavailable", Taints.NoSchedule);

    public static Pod Of(DaemonSet set, string hash, string node)
    {
        var template = set.Spec!.Template;
        var spec = template.Spec ?? PodSpec.Empty;
        var labels = new SortedDictionary<string, string>(template.Metadata.Labels.ToDictionary(), StringComparer.Ordinal) { [HashLabel] = hash };
        if (Generation(set) is { } generation) labels[GenerationLabel] = generation;
        var pod = TemplatePod.Of(set, template with { Spec = spec with { Tolerations = Tolerations(spec), Affinity = OnlyOn(node, spec.Affinity) } });
        return pod with { Metadata = pod.Metadata with { Labels = labels } };
    }

    public static string? Generation(DaemonSet set) =>
        set.Metadata.Annotations.TryGetValue(GenerationAnnotation, out var text) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? text : null;

    /// <summary>Those of the template and those that every such pod has.</summary>
    public static IReadOnlyList<Toleration> Tolerations(PodSpec spec)
    {
        List<Toleration> all = [.. spec.Tolerations];
        foreach (var wanted in spec.HostNetwork == true ? [.. s_always, s_onHostNetwork] : s_always)
        {
            var same = all.FindIndex(t => t.Key == wanted.Key && t.Effect == wanted.Effect && t.Operator == wanted.Operator && string.IsNullOrEmpty(t.Value));
            if (same < 0) all.Add(wanted);
            else all[same] = wanted;
        }
        return all;
    }

    /// <summary>The node that a pod is on, or is made for; null when it doesn't say.</summary>
    public static string? Target(Pod pod)
    {
        if (!string.IsNullOrEmpty(pod.Spec?.NodeName)) return pod.Spec.NodeName;
        foreach (var term in pod.Spec?.Affinity?.NodeAffinity?.RequiredDuringSchedulingIgnoredDuringExecution?.NodeSelectorTerms ?? [])
            foreach (var field in term.MatchFields)
                if (field is { Key: NameField, Operator: "In", Values: [var name] }) return name;
        return null;
    }

    /// <summary>What the template requires of nodes has been looked at already, so the name alone is required; what it prefers stays.</summary>
    static Affinity OnlyOn(string node, Affinity? affinity) => (affinity ?? new()) with
    {
        NodeAffinity = (affinity?.NodeAffinity ?? new()) with
        {
            RequiredDuringSchedulingIgnoredDuringExecution = new() { NodeSelectorTerms = [new() { MatchFields = [new() { Key = NameField, Operator = "In", Values = [node] }] }] },
        },
    };

    static Toleration Toleration(string taint, string effect) => new() { Key = taint, Operator = "Exists", Effect = effect };
}
