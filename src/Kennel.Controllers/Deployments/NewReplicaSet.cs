using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Controllers.Revisions;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;
using Kennel.Objects.Meta;

namespace Kennel.Controllers.Deployments;

/// <summary>The ReplicaSet of a Deployment's present template.</summary>
static class NewReplicaSet
{
    /// <summary>The same template, the hash label aside.</summary>
    public static bool IsFor(ReplicaSet set, Deployment deployment) =>
        (set.Spec?.Template ?? PodTemplateSpec.Empty) is var template
        && (ReferenceEquals(template, deployment.Spec!.Template) || WithoutHash(template) == WithoutHash(deployment.Spec.Template));

    // Upstream hashes a memory dump of its own Go type, which nobody else can make; ours is as stable, and looks alike.
    static string Hash(Deployment deployment, int collisions) => RevisionHash.Of(TemplatePatch.Of(deployment.Spec!.Template), collisions);

    /// <summary>The Deployment's name, cut where it leaves no room for the hash.</summary>
    static string Name(string deployment, string hash) => $"{deployment[..Math.Min(deployment.Length, MostName - 1 - hash.Length)]}-{hash}";

    const int MostName = 253;

    public static ReplicaSet Of(Deployment deployment, int collisions, long revision, Bounds bounds, int replicas)
    {
        var spec = deployment.Spec!;
        var hash = Hash(deployment, collisions);
        var marks = Marks.OfNewest(deployment, new SortedDictionary<string, string>(StringComparer.Ordinal), revision);
        Marks.Size(marks, bounds);
        return new()
        {
            Metadata = new()
            {
                Name = Name(deployment.Metadata.Name ?? "", hash),
                Namespace = deployment.Metadata.Namespace,
                Labels = With(spec.Template.Metadata.Labels, hash),
                Annotations = marks,
                OwnerReferences = [deployment.ControllerReference()],
            },
            Spec = new()
            {
                Replicas = replicas,
                MinReadySeconds = spec.MinReadySeconds,
                Selector = spec.Selector with { MatchLabels = With(spec.Selector.MatchLabels, hash) },
                Template = spec.Template with { Metadata = spec.Template.Metadata with { Labels = With(spec.Template.Metadata.Labels, hash) } },
            },
        };
    }

    /// <summary>Brings annotations and minReadySeconds of the newest set up to date; null when they are.</summary>
    public static Step? Refresh(ReplicaSet newest, Deployment deployment, long revision)
    {
        var marks = Marks.OfNewest(deployment, newest.Metadata.Annotations, revision);
        var same = marks.Count == newest.Metadata.Annotations.Count && marks.All(m => newest.Metadata.Annotations.GetValueOrDefault(m.Key) == m.Value);
        if (same && (newest.Spec!.MinReadySeconds ?? 0) == (deployment.Spec!.MinReadySeconds ?? 0)) return null;
        return new Step.Update(newest with
        {
            Metadata = newest.Metadata with { Annotations = marks },
            Spec = newest.Spec! with { MinReadySeconds = deployment.Spec!.MinReadySeconds },
        });
    }

    static PodTemplateSpec WithoutHash(PodTemplateSpec template) => !template.Metadata.Labels.ContainsKey(Marks.HashLabel) ? template
        : template with { Metadata = template.Metadata with { Labels = template.Metadata.Labels.Where(l => l.Key != Marks.HashLabel).ToDictionary(StringComparer.Ordinal) } };

    static SortedDictionary<string, string> With(IReadOnlyDictionary<string, string> labels, string hash) =>
        new(labels.ToDictionary(), StringComparer.Ordinal) { [Marks.HashLabel] = hash };
}
