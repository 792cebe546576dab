using Kennel.Client;
using Kennel.Objects;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;
using Kennel.Objects.Meta;
using LabelSelector = Kennel.Objects.Selectors.LabelSelector;

namespace Kennel.Controllers.Scheduling;

/// <summary>Which pods belong together when nobody says so: those that the same owner and the same services select.</summary>
public sealed class Siblings
{
    const string BySelector = "services-by-selector";

    readonly ICache<Service> _services;
    readonly ICache<StatefulSet> _sets;
    readonly ICache<ReplicaSet> _replicas;
    readonly ICache<ReplicationController> _controllers;

    public Siblings(ICaches caches)
    {
        _services = caches.Of<Service>();
        _sets = caches.Of<StatefulSet>();
        _replicas = caches.Of<ReplicaSet>();
        _controllers = caches.Of<ReplicationController>();
        // Found by the first pair of the selector: a pod has few labels, and a namespace may have many services.
        _services.Index(BySelector, s => s.Spec?.Selector is { Count: > 0 } pairs ? [Row(s.Metadata.Namespace, pairs.MinBy(p => p.Key, StringComparer.Ordinal))] : []);
    }

    /// <summary>Selects them; null when the pod has neither an owner nor a service.</summary>
    public LabelSelector? Of(Pod pod)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var label in pod.Metadata.Labels)
            foreach (var service in _services.ByIndex(BySelector, Row(pod.Metadata.Namespace, label)))
                if (service.Spec!.Selector.AllIn(pod.Metadata.Labels)) foreach (var (key, value) in service.Spec.Selector) labels[key] = value;
        var more = Owner(pod);
        foreach (var (key, value) in more?.MatchLabels ?? Wire.NoMap<string>()) labels[key] = value;
        return labels.Count == 0 && more is not { MatchExpressions.Count: > 0 } ? null
            : LabelSelector.From(new Objects.Meta.LabelSelector { MatchLabels = labels, MatchExpressions = more?.MatchExpressions ?? [] });
    }

    Objects.Meta.LabelSelector? Owner(Pod pod)
    {
        if (pod.Metadata.Controller() is not { } owner) return null;
        var key = new ObjectKey(pod.Metadata.Namespace ?? "", owner.Name);
        return owner.Kind switch
        {
            "StatefulSet" => _sets.Get(key)?.Spec?.Selector,
            "ReplicaSet" => _replicas.Get(key)?.Spec?.Selector,
            "ReplicationController" => _controllers.Get(key)?.Spec is { } spec ? new() { MatchLabels = spec.Selector } : null,
            _ => null,
        };
    }

    static string Row(string? space, KeyValuePair<string, string> pair) => $"{space}/{pair.Key}={pair.Value}";
}
