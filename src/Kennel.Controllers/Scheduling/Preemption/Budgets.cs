using Kennel.Objects.Policy;
using Kennel.Objects.Selectors;

namespace Kennel.Controllers.Scheduling.Preemption;

/// <summary>Disruption budgets: preemption breaks them only when there is no other way.</summary>
static class Budgets
{
    /// <summary>Parts pods by whether a budget has nothing left when they go in this order; the order stays.</summary>
    public static (List<Guest> Breaking, List<Guest> Others) Split(IEnumerable<Guest> guests, IReadOnlyList<PodDisruptionBudget> budgets)
    {
        var (breaking, others) = (new List<Guest>(), new List<Guest>());
        var left = budgets.Select(b => b.Status?.DisruptionsAllowed ?? 0).ToArray();
        var selectors = budgets.Select(b => LabelSelector.From(b.Spec?.Selector)).ToArray();
        foreach (var guest in guests)
        {
            var breaks = false;
            for (var i = 0; i < left.Length && guest.Labels.Count > 0; i++)
            {
                if (!Covers(budgets[i], selectors[i], guest)) continue;
                breaks |= --left[i] < 0;
            }
            (breaks ? breaking : others).Add(guest);
        }
        return (breaking, others);
    }

    /// <summary>An empty selector covers nobody here, as upstream; a pod whose disruption was granted already counts no second time.</summary>
    static bool Covers(PodDisruptionBudget budget, LabelSelector selector, Guest guest) =>
        budget.Metadata.Namespace == guest.Key.Namespace
        && !selector.IsEverything
        && selector.Matches(guest.Labels)
        && budget.Status?.DisruptedPods.ContainsKey(guest.Key.Name) != true;
}
