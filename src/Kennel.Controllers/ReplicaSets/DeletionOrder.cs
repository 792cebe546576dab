using System.Globalization;
using Kennel.Controllers.Pods;
using Kennel.Objects.Core;

namespace Kennel.Controllers.ReplicaSets;

/// <summary>Who goes first when there are too many: the least useful pod first. Ages count by powers of two, so that among pods of like age chance (the uid) decides.</summary>
sealed class DeletionOrder(Func<string, int> neighbours, DateTimeOffset now) : IComparer<Pod>
{
    const string CostAnnotation = "controller.kubernetes.io/pod-deletion-cost";

    readonly Dictionary<string, int> _crowds = new(StringComparer.Ordinal);

    public int Compare(Pod? x, Pod? y)
    {
        var (a, b) = (x!, y!);
        if (Placed(a) != Placed(b)) return Placed(a) ? 1 : -1;
        if (Phase(a) != Phase(b)) return Phase(a) - Phase(b);
        if (a.IsReady() != b.IsReady()) return a.IsReady() ? 1 : -1;
        if (Cost(a) != Cost(b)) return Cost(a).CompareTo(Cost(b));
        if (Placed(a) && Crowd(a) - Crowd(b) is var crowd and not 0) return -crowd;
        if (a.IsReady() && Ready(a) != Ready(b)) return ByAge(a, b, Ready(a), Ready(b));
        if (Restarts(a) != Restarts(b)) return Restarts(b) - Restarts(a);
        if (a.Metadata.CreationTimestamp != b.Metadata.CreationTimestamp) return ByAge(a, b, a.Metadata.CreationTimestamp, b.Metadata.CreationTimestamp);
        return string.CompareOrdinal(a.Metadata.Uid, b.Metadata.Uid);
    }

    int Crowd(Pod pod)
    {
        var node = pod.Spec!.NodeName!;
        if (!_crowds.TryGetValue(node, out var count)) _crowds[node] = count = neighbours(node);
        return count;
    }

    int ByAge(Pod a, Pod b, DateTimeOffset? since, DateTimeOffset? other) =>
        Magnitude(since) - Magnitude(other) is var younger and not 0 ? younger : string.CompareOrdinal(a.Metadata.Uid, b.Metadata.Uid);

    int Magnitude(DateTimeOffset? since) =>
        since is { } at && (now - at).TotalNanoseconds is > 0 and var age ? (int)Math.Log2(age) : -1;

    static bool Placed(Pod pod) => !string.IsNullOrEmpty(pod.Spec?.NodeName);

    static int Phase(Pod pod) => pod.Status?.Phase switch { "Running" => 2, "Unknown" => 1, _ => 0 };

    static DateTimeOffset? Ready(Pod pod) => pod.AvailableAt(0);

    static int Cost(Pod pod) =>
        pod.Metadata.Annotations.TryGetValue(CostAnnotation, out var text) && int.TryParse(text, CultureInfo.InvariantCulture, out var cost) ? cost : 0;

    static int Restarts(Pod pod) => pod.Status is { ContainerStatuses.Count: > 0 } status ? status.ContainerStatuses.Max(c => c.RestartCount) : 0;
}
