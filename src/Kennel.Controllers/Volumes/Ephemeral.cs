using System.Collections.Immutable;
using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Volumes;

/// <summary>Makes the claims of a pod's generic ephemeral volumes. They belong to the pod: the garbage collector takes them with it.</summary>
public static class Ephemeral
{
    /// <param name="find">The claim of a name in the pod's namespace, if there is one.</param>
    public static Decision Decide(Pod pod, Func<string, PersistentVolumeClaim?> find)
    {
        if (pod.Metadata.DeletionTimestamp is not null) return Decision.Nothing;
        var steps = ImmutableArray.CreateBuilder<Step>();
        foreach (var volume in pod.Spec?.Volumes ?? [])
        {
            if (volume.Ephemeral is not { } source) continue;
            var name = Uses.EphemeralClaim(pod, volume);
            if (find(name) is not { } claim) steps.Add(Create(pod, volume.Name, name, source));
            else if (Uses.Objection(pod, claim) is { } why)
            {
                steps.Add(new Step.Say { Done = Failure(pod, volume.Name, why) });
                return new(steps.ToImmutable(), $"claim {name} to go: the pod needs this name for its ephemeral volume {volume.Name}, and the claim isn't the pod's");
            }
        }
        return new(steps.ToImmutable());
    }

    static Step.Create Create(Pod pod, string volume, string name, EphemeralVolumeSource source)
    {
        var template = source.VolumeClaimTemplate ?? PersistentVolumeClaimTemplate.Empty;
        var claim = new PersistentVolumeClaim
        {
            Metadata = new()
            {
                Name = name,
                Namespace = pod.Metadata.Namespace,
                Labels = template.Metadata.Labels,
                Annotations = template.Metadata.Annotations,
                OwnerReferences = [pod.ControllerReference()],
            },
            Spec = template.Spec,
        };
        return new(claim) { Failed = Failure(pod, volume, $"create PVC {name}: {{0}}") };
    }

    static Note Failure(Pod pod, string volume, string why) => new(pod, "FailedBinding", $"ephemeral volume {volume}: {why}", Warning: true);
}
