using System.Globalization;
using Kennel.Controllers.Pods;
using Kennel.Objects.Core;

namespace Kennel.Controllers.ReplicaSets;

/// <summary>
/// Who goes first when there are too many: the least useful pod first. Ages count by powers of two, so that among pods of like age chance (the
/// uid) decides. Invariant: a total order. (Upstream's isn't: it looks at the uid of pods of like age as soon as their times differ at all, and at
/// their restarts when they don't.)
/// </summary>
/// <param name="related">The pods of the set and of its sister sets.</param>
sealed class DeletionOrder(Func<IEnumerable<Pod>> related, DateTimeOffset now) : IComparer<Pod>
{
    const string CostAnnotation = "controller.kubernetes.io/pod-deletion-cost";

    Dictionary<string, int>? _crowds;

    public int Compare(Pod? x, Pod? y)
    {
        var (a, b) = (x!, y!);
        if (Placed(a) != Placed(b)) return Placed(a) ? 1 : -1;
        if (Phase(a) != Phase(b)) return Phase(a) - Phase(b);
        if (a.IsReady() != b.IsReady()) return a.IsReady() ? 1 : -1;
        if (Cost(a) != Cost(b)) return Cost(a).CompareTo(Cost(b));
        if (Placed(a) && Crowd(a) - Crowd(b) is var crowd and not 0) return -crowd;
        if (a.IsReady() && Magnitude(Ready(a)) - Magnitude(Ready(b)) is var fresher and not 0) return fresher;
        if (Restarts(a) != Restarts(b)) return Restarts(b) - Restarts(a);
        if (SidecarRestarts(a) != SidecarRestarts(b)) return SidecarRestarts(b) - SidecarRestarts(a);
        if (Magnitude(a.Metadata.CreationTimestamp) - Magnitude(b.Metadata.CreationTimestamp) is var younger and not 0) return younger;
        return string.CompareOrdinal(a.Metadata.Uid, b.Metadata.Uid);
    }

    /// <summary>How many related pods run on a pod's node.</summary>
    int Crowd(Pod pod)
    {
        _crowds ??= related().Where(p => Placed(p) && !p.IsFinished() && !p.IsTerminating()).CountBy(p => p.Spec!.NodeName!, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        return _crowds.GetValueOrDefault(pod.Spec!.NodeName!);
    }

    int Magnitude(DateTimeOffset? since) =>
        since is { } at && (now - at).TotalNanoseconds is > 0 and var age ? (int)Math.Log2(age) : -1;

    static bool Placed(Pod pod) => !string.IsNullOrEmpty(pod.Spec?.NodeName);

    static int Phase(Pod pod) => pod.Status?.Phase switch { "Running" => 2, "Unknown" => 1, _ => 0 };

    static DateTimeOffset? Ready(Pod pod) => pod.AvailableAt(0);

    /// <summary>A number as JSON would write it; anything else counts as 0.</summary>
    static int Cost(Pod pod)
    {
        if (!pod.Metadata.Annotations.TryGetValue(CostAnnotation, out var text)) return 0;
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var cost)) return 0;
        return cost.ToString(CultureInfo.InvariantCulture) == text ? cost : 0;
    }

    static int Restarts(Pod pod) => Most(pod.Status?.ContainerStatuses, _ => true);

    static int SidecarRestarts(Pod pod) => pod.Spec is not { InitContainers.Count: > 0 } spec ? 0
        : Most(pod.Status?.InitContainerStatuses, name => spec.InitContainers.Any(c => c.Name == name && c.RestartPolicy == "Always"));

    static int Most(IReadOnlyList<ContainerStatus>? statuses, Func<string, bool> counts) =>
        (statuses ?? []).Where(s => counts(s.Name)).Select(s => s.RestartCount).DefaultIfEmpty(0).Max();
}
