using Kennel.Client.Running;
using Kennel.Controllers.Pods;
using Kennel.Objects.Core;

namespace Kennel.Controllers.DisruptionBudgets;

/// <summary>The pods whose eviction was granted and which aren't on their way out yet. After two minutes a grant is void.</summary>
sealed class Disrupted
{
    static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    readonly SortedDictionary<string, DateTimeOffset> _granted = new(StringComparer.Ordinal);

    public Disrupted(Observed o)
    {
        if (o.Budget.Status is not { DisruptedPods: { Count: > 0 } known }) return;
        foreach (var pod in o.Pods)
        {
            if (pod.IsTerminating() || !known.TryGetValue(pod.Name(), out var since)) continue;
            var until = since + s_patience;
            if (until < o.Now)
            {
                Void.Add(NotDeleted(o, pod));
                continue;
            }
            _granted[pod.Name()] = since;
            if (Next is null || until < Next) Next = until;
        }
    }

    public IReadOnlyDictionary<string, DateTimeOffset> Granted => _granted;

    /// <summary>Grants that came to nothing.</summary>
    public List<Step> Void { get; } = [];

    /// <summary>When the first grant will be void.</summary>
    public DateTimeOffset? Next { get; }

    public bool Has(Pod pod) => _granted.TryGetValue(pod.Name(), out _);

    static Step NotDeleted(Observed o, Pod pod) => new Step.Say
    {
        Done = new(pod, "NotDeleted", $"Pod was expected by PDB {o.Budget.Metadata.Namespace}/{o.Budget.Metadata.Name} to be deleted but it wasn't", Warning: true, Source: DisruptionBudgets.Source),
    };
}
