using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Controllers.Pods;
using Kennel.Objects;
using Kennel.Objects.Core;
using Kennel.Objects.Policy;
using Kennel.Objects.Schemas;
using Kennel.Objects.Selectors;

namespace Kennel.Controllers.DisruptionBudgets;

/// <summary>Watches budgets and the pods that they select; see <see cref="DisruptionBudgets"/>.</summary>
public sealed class DisruptionBudgetController(ICaches caches, Catalog catalog) : IController
{
    readonly ICache<PodDisruptionBudget> _budgets = caches.Of<PodDisruptionBudget>();
    readonly ICache<Pod> _pods = caches.Of<Pod>();
    readonly Scales _scales = new(caches, catalog);

    public string Name => "disruption-controller";

    public void Watch(ITriggers triggers)
    {
        triggers.On<PodDisruptionBudget>((old, now) => [ObjectKey.Of((now ?? old)!)]);
        triggers.On<Pod>(Concerned);
    }

    public Decision Reconcile(ObjectKey key, Moment moment)
    {
        if (_budgets.Get(key) is not { } budget) return Decision.Nothing;
        var selector = LabelSelector.From(budget.Spec?.Selector);
        return DisruptionBudgets.Decide(new(
            budget, [.. _pods.In(key.Namespace).Where(p => selector.Matches(p.Metadata.Labels))], owner => _scales.Of(key.Namespace, owner), moment.Now));
    }

    IEnumerable<ObjectKey> Concerned(Pod? old, Pod? now)
    {
        if (old is not null && now is not null && !Matters(old, now)) yield break;
        foreach (var budget in _budgets.In((now ?? old)!.Metadata.Namespace ?? ""))
        {
            var selector = LabelSelector.From(budget.Spec?.Selector);
            if (old is not null && selector.Matches(old.Metadata.Labels) || now is not null && selector.Matches(now.Metadata.Labels)) yield return ObjectKey.Of(budget);
        }
    }

    static bool Matters(Pod old, Pod now) =>
        old.IsReady() != now.IsReady()
        || old.IsTerminating() != now.IsTerminating()
        || old.Metadata.ControllerUid() != now.Metadata.ControllerUid()
        || !Wire.Same(old.Metadata.Labels, now.Metadata.Labels);
}
