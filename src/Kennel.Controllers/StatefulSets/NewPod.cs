using System.Globalization;
using Kennel.Client;
using Kennel.Controllers.Pods;
using Kennel.Controllers.Revisions;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;
using Kennel.Objects.Meta;

namespace Kennel.Controllers.StatefulSets;

/// <summary>The pod of an ordinal, from a revision's template and the set's present claims and service.</summary>
public static class NewPod
{
    public static Pod Of(StatefulSet set, ControllerRevision revision, int ordinal)
    {
        var template = TemplatePatch.Read(revision);
        var name = Identity.PodName(set, ordinal);
        var spec = template.Spec ?? PodSpec.Empty;
        return new()
        {
            Metadata = new()
            {
                Name = name,
                GenerateName = set.Metadata.Name + "-",
                Namespace = set.Metadata.Namespace,
                Labels = Labels(template.Metadata.Labels, name, ordinal, (Identity.RevisionLabel, revision.Metadata.Name ?? "")),
                Annotations = template.Metadata.Annotations,
                Finalizers = template.Metadata.Finalizers,
                OwnerReferences = [set.ControllerReference()],
            },
            Spec = spec with { Hostname = name, Subdomain = set.Spec!.ServiceName, Volumes = Volumes(set, spec.Volumes, ordinal) },
        };
    }

    /// <summary>The same pod with its identity and claims put right.</summary>
    public static Pod Repaired(StatefulSet set, Pod pod, int ordinal) => pod with
    {
        Metadata = pod.Metadata with { Labels = Labels(pod.Metadata.Labels, pod.Name(), ordinal) },
        Spec = (pod.Spec ?? PodSpec.Empty) with { Volumes = Volumes(set, pod.Spec?.Volumes ?? [], ordinal) },
    };

    static SortedDictionary<string, string> Labels(IReadOnlyDictionary<string, string> old, string name, int ordinal, params ReadOnlySpan<(string, string)> more)
    {
        var labels = new SortedDictionary<string, string>(old.ToDictionary(), StringComparer.Ordinal)
        {
            [Identity.PodNameLabel] = name,
            [Identity.PodIndexLabel] = ordinal.ToString(CultureInfo.InvariantCulture),
        };
        foreach (var (key, value) in more) labels[key] = value;
        return labels;
    }

    static List<Volume> Volumes(StatefulSet set, IReadOnlyList<Volume> old, int ordinal)
    {
        List<Volume> volumes = [];
        foreach (var template in set.Spec!.VolumeClaimTemplates)
            if (volumes.All(v => v.Name != template.Metadata.Name))
                volumes.Add(new() { Name = template.Metadata.Name ?? "", PersistentVolumeClaim = new() { ClaimName = Identity.ClaimName(set, template, ordinal) } });
        var claimed = volumes.Count;
        volumes.AddRange(old.Where(v => !volumes.Take(claimed).Any(own => own.Name == v.Name)).ToList());
        return volumes;
    }
}
