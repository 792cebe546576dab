using Kennel.Controllers.Pods;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Jobs;

/// <summary>Who goes first when there are too many: the one that has got the least far.</summary>
sealed class ActiveOrder : IComparer<Pod>
{
    public static readonly ActiveOrder Least = new();

    public int Compare(Pod? x, Pod? y)
    {
        var (a, b) = (x!, y!);
        if (Placed(a) != Placed(b)) return Placed(a) ? 1 : -1;
        if (Phase(a) != Phase(b)) return Phase(a) - Phase(b);
        if (a.IsReady() != b.IsReady()) return a.IsReady() ? 1 : -1;
        if (a.IsReady() && Nullable.Compare(b.AvailableAt(0), a.AvailableAt(0)) is var fresher and not 0) return fresher;
        if (Restarts(a) != Restarts(b)) return Restarts(b) - Restarts(a);
        if (Nullable.Compare(b.Metadata.CreationTimestamp, a.Metadata.CreationTimestamp) is var younger and not 0) return younger;
        return string.CompareOrdinal(a.Metadata.Name, b.Metadata.Name);
    }

    static bool Placed(Pod pod) => !string.IsNullOrEmpty(pod.Spec?.NodeName);

    static int Phase(Pod pod) => pod.Status?.Phase switch { "Running" => 2, "Unknown" => 1, _ => 0 };

    static int Restarts(Pod pod) => (pod.Status?.ContainerStatuses ?? []).Select(s => s.RestartCount).DefaultIfEmpty(0).Max();
}
