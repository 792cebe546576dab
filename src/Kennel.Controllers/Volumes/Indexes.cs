using Kennel.Client;
using Kennel.Controllers.Volumes.LocalPath;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Volumes;

/// <summary>How the volume controllers and the scheduler find claims, volumes and pods by each other.</summary>
public static class Indexes
{
    const string UnboundByClass = "claims-unbound-by-class";
    const string ByVolume = "claims-by-volume";
    const string BySource = "claims-unbound-by-source";
    const string ByUse = "volumes-by-use";
    const string Coming = "volumes-unsettled-by-class";
    const string ByClaim = "pods-by-claim";

    /// <summary>Adds all of them; call before the caches start.</summary>
    public static void Add(ICaches caches)
    {
        caches.Of<PersistentVolumeClaim>().Index(UnboundByClass, c => c.VolumeName.Length == 0 ? [c.Class] : []);
        caches.Of<PersistentVolumeClaim>().Index(ByVolume, c => c.VolumeName.Length > 0 ? [c.VolumeName] : []);
        caches.Of<PersistentVolumeClaim>().Index(BySource, c => c.VolumeName.Length == 0 && Source.ClonedClaim(c) is { } name ? [$"{c.Metadata.Namespace}/{name}"] : []);
        caches.Of<PersistentVolume>().Index(ByUse, v => [v.ClaimRef is { } r ? $"claim/{r.Namespace}/{r.Name}" : $"class/{v.Class}"]);
        caches.Of<PersistentVolume>().Index(Coming, v => v.ClaimRef is null && v.Phase is ("" or Marks.Pending) ? [v.Class] : []);
        caches.Of<Pod>().Index(ByClaim, Uses.ClaimKeys);
    }

    public static IEnumerable<PersistentVolumeClaim> Unbound(this ICache<PersistentVolumeClaim> claims, string kind) => claims.ByIndex(UnboundByClass, kind);

    public static IEnumerable<PersistentVolumeClaim> Naming(this ICache<PersistentVolumeClaim> claims, string volume) => claims.ByIndex(ByVolume, volume);

    /// <summary>Claims without a volume that are to be clones of a claim.</summary>
    public static IEnumerable<PersistentVolumeClaim> ClonesOf(this ICache<PersistentVolumeClaim> claims, ObjectKey claim) =>
        claims.ByIndex(BySource, $"{claim.Namespace}/{claim.Name}");

    /// <summary>Volumes that could serve a claim: those reserved for its name, and those of its class that nobody claims.</summary>
    public static IEnumerable<PersistentVolume> For(this ICache<PersistentVolume> volumes, PersistentVolumeClaim claim) =>
        volumes.Reserved(ObjectKey.Of(claim)).Concat(volumes.ByIndex(ByUse, $"class/{claim.Class}"));

    public static IEnumerable<PersistentVolume> Reserved(this ICache<PersistentVolume> volumes, ObjectKey claim) =>
        volumes.ByIndex(ByUse, $"claim/{claim.Namespace}/{claim.Name}");

    /// <summary>Volumes of a class that have just come and belong to nobody: they will be Available in a moment.</summary>
    public static IEnumerable<PersistentVolume> Unsettled(this ICache<PersistentVolume> volumes, string kind) => volumes.ByIndex(Coming, kind);

    public static IEnumerable<Pod> Using(this ICache<Pod> pods, ObjectKey claim) => pods.ByIndex(ByClaim, $"{claim.Namespace}/{claim.Name}");
}
