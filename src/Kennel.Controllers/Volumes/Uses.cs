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
            else if (volume.Ephemeral is not null) yield return $"{pod.Metadata.Name}-{volume.Name}";
        }
    }

    /// <summary>Index values for pods by claim: <c>namespace/claim</c>.</summary>
    public static IEnumerable<string> ClaimKeys(Pod pod) => Claims(pod).Select(c => $"{pod.Metadata.Namespace}/{c}");

    public static IEnumerable<ObjectKey> ClaimObjects(Pod? pod) =>
        pod is null ? [] : Claims(pod).Select(c => new ObjectKey(pod.Metadata.Namespace ?? "", c));

    /// <summary>The pod keeps a deleted claim alive: it has a node and names the claim; its phase doesn't matter (SS-1124).</summary>
    public static bool Keeps(Pod pod, string claim) => !string.IsNullOrEmpty(pod.Spec?.NodeName) && Claims(pod).Contains(claim);
}
