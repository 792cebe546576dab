using Kennel.Client;
using Kennel.Controllers.Pods;
using Kennel.Objects;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;

namespace Kennel.Controllers.DaemonSets;

/// <summary>The pods of a set by the node that each is on or made for, and the nodes where they should be.</summary>
sealed class Roster
{
    /// <summary>A pod that runs somewhere comes before one that waits, the oldest first.</summary>
    static readonly Comparison<Pod> s_seniority = static (a, b) =>
        string.IsNullOrEmpty(a.Spec?.NodeName).CompareTo(string.IsNullOrEmpty(b.Spec?.NodeName)) is var placed and not 0 ? placed
        : Nullable.Compare(a.Metadata.CreationTimestamp, b.Metadata.CreationTimestamp) is var age and not 0 ? age
        : string.CompareOrdinal(a.Metadata.Name, b.Metadata.Name);

    readonly SortedDictionary<string, List<Pod>> _pods = new(StringComparer.Ordinal);

    /// <param name="hash">Of the newest revision.</param>
    public Roster(Observed o, string hash)
    {
        (Observed, Hash) = (o, hash);
        foreach (var pod in o.Pods)
        {
            if (pod.Metadata.Controller() is null || pod.IsFinished() && pod.IsTerminating() || NewPod.Target(pod) is not { } node) continue;
            if (!_pods.TryGetValue(node, out var there)) _pods[node] = there = [];
            there.Add(pod);
        }
        foreach (var there in _pods.Values) there.Sort(s_seniority);
        var tolerations = NewPod.Tolerations(o.Set.Spec!.Template.Spec ?? PodSpec.Empty);
        foreach (var node in o.Nodes)
        {
            var placement = Placement.Of(o.Set, node, tolerations);
            Places[node.Metadata.Name ?? ""] = placement;
            if (placement.Run) Wanted++;
        }
    }

    public Observed Observed { get; }

    public DaemonSet Set => Observed.Set;

    public string Hash { get; }

    /// <summary>What each node that exists is to the set.</summary>
    public SortedDictionary<string, Placement> Places { get; } = new(StringComparer.Ordinal);

    /// <summary>On how many nodes the set should run.</summary>
    public int Wanted { get; }

    /// <summary>The pods of a node, the most senior first; none when there is none.</summary>
    public IReadOnlyList<Pod> On(string node) => _pods.GetValueOrDefault(node) ?? [];

    /// <summary>Nodes that have a pod, whether they exist or not.</summary>
    public IEnumerable<string> Inhabited => _pods.Keys;

    public bool IsAvailable(Pod pod) => pod.IsAvailable(Set.Spec!.MinReadySeconds ?? 0, Observed.Now);

    public bool IsUpdated(Pod pod) => pod.Label(NewPod.HashLabel) == Hash || NewPod.Generation(Set) is { } generation && pod.Label(NewPod.GenerationLabel) == generation;

    /// <summary>The one pod of the newest revision and the one of an older that are on a node; false when there are several of a sort.</summary>
    public bool Pair(string node, out Pod? newer, out Pod? older)
    {
        (newer, older) = (null, null);
        foreach (var pod in On(node))
        {
            if (pod.IsTerminating()) continue;
            ref var place = ref IsUpdated(pod) ? ref newer : ref older;
            if (place is not null) return false;
            place = pod;
        }
        return true;
    }

    /// <summary>How many pods more or fewer a rolling update may have: numbers, or shares of the nodes that are wanted, rounded up.</summary>
    public (int Surge, int Unavailable) Bounds()
    {
        if (Set.Spec!.UpdateStrategy is not { Type: "RollingUpdate" } strategy) return (0, 0);
        var (surge, unavailable) = (Share(strategy.RollingUpdate?.MaxSurge ?? 0), Share(strategy.RollingUpdate?.MaxUnavailable ?? 1));
        return (surge, surge == 0 && unavailable == 0 && Wanted > 0 ? 1 : unavailable);
    }

    int Share(IntOrString value)
    {
        if (!value.IsText) return value.Number;
        return int.TryParse(value.Text.AsSpan().TrimEnd('%'), System.Globalization.CultureInfo.InvariantCulture, out var percent) ? (int)(((long)Wanted * percent + 99) / 100) : 0;
    }
}
