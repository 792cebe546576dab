using System.Collections.Immutable;
using Kennel.Objects.Core;

namespace Kennel.Node.Pressure;

/// <summary>What a pod has on the node's disk.</summary>
/// <param name="EmptyDirs">Bytes by volume; those in memory aren't among them.</param>
/// <param name="Containers">Bytes that each has written into its own file system and its logs.</param>
public sealed record StorageUse(ImmutableSortedDictionary<string, long> EmptyDirs, ImmutableSortedDictionary<string, long> Containers);

/// <summary>Limits of a pod on the node's disk: an emptyDir's size, a container's and the pod's ephemeral-storage. Pure.</summary>
public static class LocalStorage
{
    const string Resource = "ephemeral-storage";

    /// <summary>Only such pods are measured.</summary>
    public static bool HasLimits(PodSpec spec) =>
        spec.Volumes.Any(v => v.EmptyDir is { SizeLimit: not null, Medium: not "Memory" }) || spec.Containers.Any(c => c.Resources?.Limits.ContainsKey(Resource) == true);

    /// <summary>Why the pod has to go, or null.</summary>
    public static string? Exceeded(PodSpec spec, StorageUse use)
    {
        foreach (var volume in spec.Volumes)
            if (volume.EmptyDir is { Medium: not "Memory" } empty && Objects.Quantities.Quantity.TryParse(empty.SizeLimit, out var most) && most.Sign > 0 && use.EmptyDirs.GetValueOrDefault(volume.Name) > most.Value)
                return $"Usage of EmptyDir volume \"{volume.Name}\" exceeds the limit \"{empty.SizeLimit}\". ";
        var limits = spec.Containers.Select(c => Ranking.Bytes(c.Resources?.Limits, Resource)).ToList();
        if (limits.TrueForAll(l => l > 0) && limits.Sum() is > 0 and var total && use.EmptyDirs.Values.Sum() + use.Containers.Values.Sum() > total)
            return $"Pod ephemeral local storage usage exceeds the total limit of containers {(spec.Containers.Count == 1 ? spec.Containers[0].Resources!.Limits[Resource] : Objects.Quantities.Quantity.Of(total).ToString())}. ";
        foreach (var container in spec.Containers)
            if (Ranking.Bytes(container.Resources?.Limits, Resource) is > 0 and var limit && use.Containers.GetValueOrDefault(container.Name) > limit)
                return $"Container {container.Name} exceeded its local ephemeral storage limit \"{container.Resources!.Limits[Resource]}\". ";
        return null;
    }
}
