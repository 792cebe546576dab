using Kennel.Client;
using Kennel.Controllers.Pods;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Volumes;

/// <summary>Which claims a pod uses.</summary>
public static class Uses
{
    /// <summary>Names of the claims among a pod's volumes, those of ephemeral volumes (pod name, dash, volume name) included.</summary>
    public static IEnumerable<string> Claims(Pod pod)
    {
        foreach (var volume in pod.Spec?.Volumes ?? [])
        {
            if (volume.PersistentVolumeClaim is { } claim) yield return claim.ClaimName;
            else if (volume.Ephemeral is not null) yield return EphemeralClaim(pod, volume);
        }
    }

    /// <summary>The name of the claim that is made for a generic ephemeral volume.</summary>
    public static string EphemeralClaim(Pod pod, Volume volume) => $"{pod.Metadata.Name}-{volume.Name}";

    public static bool IsEphemeral(Pod pod, string claim) => pod.Spec?.Volumes.Any(v => v.Ephemeral is not null && EphemeralClaim(pod, v) == claim) == true;

    /// <summary>What to say of a claim that isn't there although a volume of the pod makes one; null when none does.</summary>
    public static string? Missing(Pod pod, string claim) =>
        IsEphemeral(pod, claim) ? $"waiting for ephemeral volume controller to create the persistentvolumeclaim \"{claim}\"" : null;

    /// <summary>Why a claim that has the name of a pod's ephemeral one isn't it, in upstream's words; null when it is.</summary>
    public static string? Objection(Pod pod, PersistentVolumeClaim claim) =>
        claim.Metadata.ControllerUid() == pod.Metadata.Uid ? null : $"PVC {ObjectKey.Of(claim)} was not created for pod {ObjectKey.Of(pod)} (pod is not owner)";

    /// <summary>Index values for pods by claim: <c>namespace/claim</c>.</summary>
    public static IEnumerable<string> ClaimKeys(Pod pod) => Claims(pod).Select(c => $"{pod.Metadata.Namespace}/{c}");

    public static IEnumerable<ObjectKey> ClaimObjects(Pod? pod) =>
        pod is null ? [] : Claims(pod).Select(c => new ObjectKey(pod.Metadata.Namespace ?? "", c));

    /// <summary>
    /// The pod keeps a deleted claim alive: it has a node and names the claim; its phase doesn't matter (SS-1124), as long
    /// as its node isn't done with it: one of the finalizers that it waits for then may be that of a foreground deletion, which waits for the claims that the
    /// pod owns, and they would wait for the pod.
    /// </summary>
    public static bool Keeps(Pod pod, string claim) => !string.IsNullOrEmpty(pod.Spec?.NodeName) && !pod.IsDone() && Claims(pod).Contains(claim);
}
