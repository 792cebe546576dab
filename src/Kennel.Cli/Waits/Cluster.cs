using System.Globalization;
using Kennel.Objects;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;
using Kennel.Objects.Meta;

namespace Kennel.Cli.Waits;

/// <summary>The objects among which one may wait on another: those of a namespace, and the volumes.</summary>
sealed record Cluster(
    IReadOnlyList<StatefulSet> Sets,
    IReadOnlyList<Deployment> Deployments,
    IReadOnlyList<ReplicaSet> ReplicaSets,
    IReadOnlyList<Pod> Pods,
    IReadOnlyList<PersistentVolumeClaim> Claims,
    IReadOnlyList<PersistentVolume> Volumes)
{
    public IObject? Find(string plural, ObjectKey key) =>
        Sets.Concat<IObject>(Deployments).Concat(ReplicaSets).Concat(Pods).Concat(Claims).Concat(Volumes).FirstOrDefault(o => o.Resource.Plural == plural && ObjectKey.Of(o) == key);

    /// <summary>What an object is made of, in the order in which people think of it: a set's pods by ordinal, a pod's claims, a claim's volume.</summary>
    public IEnumerable<IObject> Below(IObject o) => o switch
    {
        StatefulSet set => Owned(set, Pods).OrderBy(p => Ordinal(p.Metadata.Name)).ThenBy(p => p.Metadata.Name, StringComparer.Ordinal).Concat<IObject>(ClaimsWithoutPod(set)),
        Deployment deployment => Owned(deployment, ReplicaSets),
        ReplicaSet replicas => Owned(replicas, Pods),
        Pod pod => pod.Spec?.Volumes.Select(v => v.PersistentVolumeClaim?.ClaimName).OfType<string>().Select(name => Claims.FirstOrDefault(c => c.Metadata.Name == name && c.Metadata.Namespace == pod.Metadata.Namespace)).OfType<IObject>() ?? [],
        PersistentVolumeClaim claim => Volumes.Where(v => v.Metadata.Name == claim.Spec?.VolumeName),
        _ => [],
    };

    static IEnumerable<T> Owned<T>(IObject owner, IReadOnlyList<T> all) where T : IObject =>
        all.Where(o => o.Metadata.OwnerReferences.Any(r => r.Controller == true && r.Uid == owner.Metadata.Uid));

    /// <summary>A claim on its way out keeps its pod from being made.</summary>
    IEnumerable<PersistentVolumeClaim> ClaimsWithoutPod(StatefulSet set) =>
        Claims.Where(c => c.Metadata.Namespace == set.Metadata.Namespace && c.Metadata.DeletionTimestamp is not null
            && set.Spec?.VolumeClaimTemplates.Any(t => Ordinal(c.Metadata.Name) >= 0 && c.Metadata.Name!.StartsWith($"{t.Metadata.Name}-{set.Metadata.Name}-", StringComparison.Ordinal)) == true);

    static int Ordinal(string? name) => name is not null && int.TryParse(name[(name.LastIndexOf('-') + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal) ? ordinal : -1;
}
