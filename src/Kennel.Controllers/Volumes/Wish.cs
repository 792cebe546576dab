using Kennel.Objects.Core;

namespace Kennel.Controllers.Volumes;

/// <summary>What a claim would like to have, for the sentence that says what it waits for.</summary>
static class Wish
{
    /// <summary><c>a volume: no free PersistentVolume without a class has 5Gi ReadWriteOnce</c>.</summary>
    public static string Of(PersistentVolumeClaim claim)
    {
        var kind = claim.Class.Length == 0 ? "without a class" : $"of class {claim.Class}";
        var size = claim.Spec?.Resources?.Requests.GetValueOrDefault("storage") ?? "0";
        var block = claim.Mode == "Block" ? " as a block device" : "";
        var labels = claim.Spec?.Selector is null ? "" : " and the labels that the claim selects";
        return $"a volume: no free PersistentVolume {kind} has {size} {string.Join(",", claim.Spec?.AccessModes ?? [])}{block}{labels}";
    }
}
