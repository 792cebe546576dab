using System.Collections.Immutable;
using Kennel.Objects;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;

namespace Kennel.Cli.Waits;

/// <summary>How an object stands: what it waits for, and below it what it is made of and waits too.</summary>
/// <param name="State">In a few words: <c>1/2 ready</c>, <c>Pending</c>; empty where there is nothing to say.</param>
/// <param name="Below">Only what waits itself or has something below that does.</param>
sealed record Standing(string Resource, string Kind, ObjectKey Key, string State, ImmutableArray<Wait> Waits, ImmutableArray<Standing> Below)
{
    public bool IsWaiting => !Waits.IsEmpty || !Below.IsEmpty;

    /// <summary>Of an object that exists; what it is made of is known of sets, deployments, pods and claims.</summary>
    public static Standing Of(ResourceId kind, ObjectKey key, Cluster cluster, IReadOnlyList<Wait> waits)
    {
        var byObject = waits.ToLookup(w => (w.Resource, w.Key));
        return cluster.Find(kind.Plural, key) is { } o ? Of(o, cluster, byObject, []) : new(kind.Plural, kind.Kind, key, "", [.. byObject[(kind.Plural, key)]], []);
    }

    static Standing Of(IObject o, Cluster cluster, ILookup<(string, ObjectKey), Wait> waits, HashSet<(string, ObjectKey)> seen)
    {
        var id = (o.Resource.Plural, ObjectKey.Of(o));
        seen.Add(id);
        var below = cluster.Below(o).Where(b => seen.Add((b.Resource.Plural, ObjectKey.Of(b)))).Select(b => Of(b, cluster, waits, seen)).Where(b => b.IsWaiting);
        return new(id.Plural, o.Resource.Kind, id.Item2, StateOf(o), [.. waits[id]], [.. below]);
    }

    static string StateOf(IObject o) => o switch
    {
        { Metadata.DeletionTimestamp: not null } => "being deleted",
        StatefulSet set => $"{set.Status?.ReadyReplicas ?? 0}/{set.Spec?.Replicas ?? 1} ready",
        Deployment deployment => $"{deployment.Status?.ReadyReplicas ?? 0}/{deployment.Spec?.Replicas ?? 1} ready",
        ReplicaSet replicas => $"{replicas.Status?.ReadyReplicas ?? 0}/{replicas.Spec?.Replicas ?? 1} ready",
        Pod pod => pod.Status?.Conditions.FirstOrDefault(c => c.Type == "Ready")?.Status == "True" ? "Ready" : pod.Status?.Phase is "Running" ? "Running, not Ready" : pod.Status?.Phase ?? "Pending",
        PersistentVolumeClaim claim => claim.Status?.Phase ?? "Pending",
        PersistentVolume volume => volume.Status?.Phase ?? "Pending",
        _ => "",
    };
}
