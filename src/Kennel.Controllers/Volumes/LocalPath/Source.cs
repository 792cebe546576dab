using Kennel.Objects.Core;

namespace Kennel.Controllers.Volumes.LocalPath;

/// <summary>Where the first content of a claim comes from.</summary>
/// <param name="Claim">The claim of the same namespace that is to be cloned, if it exists.</param>
/// <param name="Volume">Its volume, if it is bound to one.</param>
public sealed record Source(PersistentVolumeClaim? Claim, PersistentVolume? Volume)
{
    /// <summary>The reference as the claim gives it; null when it begins empty.</summary>
    public static (string? Group, string Kind, string Name, string? Namespace)? Of(PersistentVolumeClaim claim) =>
        claim.Spec?.DataSourceRef is { } reference ? (reference.ApiGroup, reference.Kind, reference.Name, reference.Namespace)
        : claim.Spec?.DataSource is { } source ? (source.ApiGroup, source.Kind, source.Name, null)
        : null;

    /// <summary>The claim to clone, when that is what the claim asks for.</summary>
    public static string? ClonedClaim(PersistentVolumeClaim claim) =>
        Of(claim) is ("" or null, "PersistentVolumeClaim", var name, var space) && (space ?? claim.Metadata.Namespace) == claim.Metadata.Namespace ? name : null;
}
