using Kennel.Client;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Volumes;

/// <summary>How the volume controllers and the scheduler find claims, volumes and pods by each other.</summary>
public static class Indexes
{
    const string UnboundByClass = "claims-unbound-by-class";
    const string ByVolume = "claims-by-volume";
    const string ByUse = "volumes-by-use";
    const string ByClaim = "pods-by-claim";

    /// <summary>Adds all of them; call before the caches start.</summary>
    public static void Add(ICaches caches)
    {
        caches.Of<PersistentVolumeClaim>().Index(UnboundByClass, c => c.VolumeName.Length == 0 ? [c.Class] : []);
        caches.Of<PersistentVolumeClaim>().Index(ByVolume, c => c.VolumeName.Length > 0 ? [c.VolumeName] : []);
        caches.Of<PersistentVolume>().Index(ByUse, v => [v.ClaimRef is { } r ? $"claim/{r.Namespace}/{r.Name}" : $"class/{v.Class}"]);
        caches.Of<Pod>().Index(ByClaim, Uses.ClaimKeys);
    }

    public static IEnumerable<PersistentVolumeClaim> Unbound(this ICache<PersistentVolumeClaim> claims, string kind) => claims.ByIndex(UnboundByClass, kind);

    public static IEnumerable<PersistentVolumeClaim> Naming(this ICache<PersistentVolumeClaim> claims, string volume) => claims.ByIndex(ByVolume, volume);

    /// <summary>Volumes that could serve a claim: those reserved for its name, and those of its class that nobody claims.</summary>
    public static IEnumerable<PersistentVolume> For(this ICache<PersistentVolume> volumes, PersistentVolumeClaim claim) =>
        volumes.Reserved(ObjectKey.Of(claim)).Concat(volumes.ByIndex(ByUse, $"class/{claim.Class}"));

    public static IEnumerable<PersistentVolume> Reserved(this ICache<PersistentVolume> volumes, ObjectKey claim) =>
        volumes.ByIndex(ByUse, $"claim/{claim.Namespace}/{claim.Name}");

    public static IEnumerable<Pod> Using(this ICache<Pod> pods, ObjectKey claim) => pods.ByIndex(ByClaim, $"{claim.Namespace}/{claim.Name}");
}
