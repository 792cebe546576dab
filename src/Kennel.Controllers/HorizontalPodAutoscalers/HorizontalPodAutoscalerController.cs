using System.Collections.Immutable;
using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.AutoscalingV2;
using Kennel.Objects.Core;
using Kennel.Objects.Schemas;
using Kennel.Objects.Selectors;

namespace Kennel.Controllers.HorizontalPodAutoscalers;

/// <summary>
/// Looks at each autoscaler every 15 seconds: one round asks the API for figures (<see cref="Look"/>), the next decides from them
/// (<see cref="Autoscalers"/>). Without autoscalers it does nothing at all.
/// </summary>
public sealed class HorizontalPodAutoscalerController(ICaches caches, Catalog catalog) : IController
{
    readonly ICache<HorizontalPodAutoscaler> _autoscalers = caches.Of<HorizontalPodAutoscaler>();
    readonly ICache<Pod> _pods = caches.Of<Pod>();
    readonly Lock _gate = new();
    readonly Dictionary<ObjectKey, Facts> _facts = [];
    readonly Dictionary<ObjectKey, History> _histories = [];

    public string Name => "horizontal-pod-autoscaler";

    /// <summary>What it writes itself is no reason to look again.</summary>
    public void Watch(ITriggers triggers) => triggers.On<HorizontalPodAutoscaler>((old, now) =>
        old is not null && now is not null && old.Spec == now.Spec ? [] : [ObjectKey.Of((now ?? old)!)]);

    public Decision Reconcile(ObjectKey key, Moment moment)
    {
        if (_autoscalers.Get(key) is not { } autoscaler)
        {
            Forget(key);
            return Decision.Nothing;
        }
        var target = autoscaler.Spec.ScaleTargetRef;
        var (resource, unknown) = Find(target);
        if (Take(key) is not { } facts || facts.Metrics.Length != autoscaler.Spec.Metrics.Count && facts.Scale is { Wanted: > 0, Selector.Length: > 0 })
            return new([new Look(autoscaler, resource, unknown, catalog, moment.Now, found => Put(key, found))], At: moment.Now);
        var (decision, history) = Autoscalers.Decide(
            new(autoscaler, facts, PodsOf(key.Namespace, facts.Scale?.Selector), Rivals(autoscaler), HistoryOf(key), moment.Now, moment.Problem), resource);
        lock (_gate) _histories[key] = history;
        return decision;
    }

    (ResourceId?, string?) Find(CrossVersionObjectReference target)
    {
        var (group, version) = Autoscaling.Split(target.ApiVersion);
        if (catalog.OfKind(group, version, target.Kind) is not { } type)
            return (null, $"unable to determine resource for scale target reference: no matches for kind \"{target.Kind}\" in group \"{group}\"");
        return type.Find("scale") is null ? (null, "the server could not find the requested resource") : (type.Id, null);
    }

    ImmutableArray<Pod> PodsOf(string space, string? selector) =>
        string.IsNullOrEmpty(selector) || LabelSelector.Parse(selector).Selector is not { } meant ? [] : [.. _pods.In(space).Where(p => meant.Matches(p.Metadata.Labels))];

    ImmutableArray<string> Rivals(HorizontalPodAutoscaler one) =>
    [
        .. _autoscalers.In(one.Metadata.Namespace ?? "").Where(o => o.Metadata.Uid != one.Metadata.Uid
            && o.Spec.ScaleTargetRef.Kind == one.Spec.ScaleTargetRef.Kind && o.Spec.ScaleTargetRef.Name == one.Spec.ScaleTargetRef.Name)
            .Select(o => $"{o.Metadata.Namespace}/{o.Metadata.Name}"),
    ];

    History HistoryOf(ObjectKey key)
    {
        lock (_gate) return _histories.GetValueOrDefault(key) ?? History.None;
    }

    void Put(ObjectKey key, Facts facts)
    {
        lock (_gate) _facts[key] = facts;
    }

    /// <summary>Figures are good for one decision.</summary>
    Facts? Take(ObjectKey key)
    {
        lock (_gate) return _facts.Remove(key, out var facts) ? facts : null;
    }

    void Forget(ObjectKey key)
    {
        lock (_gate)
        {
            _facts.Remove(key);
            _histories.Remove(key);
        }
    }
}
