using Kennel.Objects.Core;
using Kennel.Objects.Quantities;

namespace Kennel.Node.Pressure;

/// <summary>In which order pods have to go, upstream's: those above what they asked for, then by priority, then by how far above.</summary>
static class Ranking
{
    const int SystemCritical = 2_000_000_000;

    public static bool IsCritical(Pod pod) => pod.Spec?.Priority >= SystemCritical || Manifests.Manifest.IsMirror(pod) || Manifests.Manifest.IsStatic(pod);

    public static Comparison<PodUse> By(string resource, Func<PodUse, long> used) => (a, b) =>
    {
        var (above, other) = (used(a) - Request(a.Pod, resource), used(b) - Request(b.Pod, resource));
        if (above > 0 != other > 0) return above > 0 ? -1 : 1;
        if ((a.Pod.Spec?.Priority ?? 0) is var x && (b.Pod.Spec?.Priority ?? 0) is var y && x != y) return x.CompareTo(y);
        return above != other ? other.CompareTo(above) : string.CompareOrdinal(a.Pod.Metadata.Uid, b.Pod.Metadata.Uid);
    };

    public static long Request(Pod pod, string resource) =>
        Bytes(pod.Spec?.Resources?.Requests, resource) is > 0 and var whole ? whole : (pod.Spec?.Containers ?? []).Sum(c => Bytes(c.Resources?.Requests, resource));

    public static long Request(Pod pod, string container, string resource) => Bytes(pod.Spec?.Containers.FirstOrDefault(c => c.Name == container)?.Resources?.Requests, resource);

    public static long Bytes(IReadOnlyDictionary<string, string>? amounts, string resource) => Quantity.TryParse(amounts?.GetValueOrDefault(resource), out var q) ? q.Value : 0;
}
