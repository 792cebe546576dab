using Kennel.Controllers.Scheduling;
using Kennel.Objects.Core;
using Kennel.Objects.Policy;
using LabelSelector = Kennel.Objects.Selectors.LabelSelector;

namespace Kennel.Controllers.Tests.Scheduling;

/// <summary>Nodes and pods to try pods against, in a line each.</summary>
sealed class Cluster
{
    readonly List<PodDisruptionBudget> _budgets = [];

    public Ledger Ledger { get; } = new(space => space == "other" ? Make.Map(("team", "blue")) : Make.Map());

    public int Start { get; private set; }

    public Cluster Node(string name, string cpu = "4", string memory = "8Gi", int pods = 110, params (string, string)[] labels) => Node(Make.Node(name, cpu, memory, pods, labels: labels));

    public Cluster Node(Node node)
    {
        Ledger.Seen(node.Metadata.Name!, node);
        return this;
    }

    public Cluster Pod(Pod pod)
    {
        Ledger.Seen(Objects.ObjectKey.Of(pod), pod);
        return this;
    }

    public Cluster Budget(string name, int allowed, params (string, string)[] labels)
    {
        _budgets.Add(new() { Metadata = Make.Meta(name), Spec = new() { Selector = new() { MatchLabels = Make.Map(labels) } }, Status = new() { DisruptionsAllowed = allowed } });
        return this;
    }

    public Placement Try(Pod pod, LabelSelector? siblings = null, params Wanted[] claims)
    {
        var placement = Place.Decide(new(pod, Ledger, [.. claims], siblings, _budgets, Make.Now, Start));
        Start = placement.Next;
        return placement;
    }

    /// <summary>Tries a pod, and holds the place that it gets.</summary>
    public string? Put(Pod pod, LabelSelector? siblings = null)
    {
        var placement = Try(pod, siblings);
        if (placement.Node is { } node) Ledger.Promise(Guest.Of(pod, node));
        return placement.Node;
    }
}

/// <summary>Pods with one thing changed.</summary>
static class Change
{
    public static Pod With(this Pod pod, Func<PodSpec, PodSpec> change) => pod with { Spec = change(pod.Spec!) };

    public static Pod Labelled(this Pod pod, params (string, string)[] labels) => pod with { Metadata = pod.Metadata with { Labels = Make.Map(labels) } };

    public static Pod In(this Pod pod, string space) => pod with { Metadata = pod.Metadata with { Namespace = space } };

    public static Pod Worth(this Pod pod, int priority, string policy = "PreemptLowerPriority") => pod.With(s => s with { Priority = priority, PreemptionPolicy = policy });

    public static Pod Since(this Pod pod, int minutes) => pod with { Status = pod.Status! with { StartTime = Make.Now.AddMinutes(-minutes) } };

    public static Pod Affine(this Pod pod, Affinity affinity) => pod.With(s => s with { Affinity = affinity });

    public static Pod Spread(this Pod pod, params TopologySpreadConstraint[] constraints) => pod.With(s => s with { TopologySpreadConstraints = constraints });

    public static PodAffinityTerm Term(string key, params (string, string)[] labels) => new() { TopologyKey = key, LabelSelector = new() { MatchLabels = Make.Map(labels) } };

    public static Affinity Near(params PodAffinityTerm[] terms) => new() { PodAffinity = new() { RequiredDuringSchedulingIgnoredDuringExecution = terms } };

    public static Affinity Apart(params PodAffinityTerm[] terms) => new() { PodAntiAffinity = new() { RequiredDuringSchedulingIgnoredDuringExecution = terms } };
}
