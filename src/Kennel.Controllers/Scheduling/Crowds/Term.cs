using Kennel.Objects.Core;
using Kennel.Objects.Meta;
using Kennel.Objects.Selectors;
using LabelSelector = Kennel.Objects.Selectors.LabelSelector;

namespace Kennel.Controllers.Scheduling.Crowds;

/// <summary>An affinity term made ready for many comparisons.</summary>
public sealed class Term
{
    readonly LabelSelector _selector;
    readonly IReadOnlyList<string> _spaces;
    readonly LabelSelector? _bySpace;
    readonly Func<string, IReadOnlyDictionary<string, string>> _labelsOf;

    /// <param name="labels">Of the pod that has the rule: matchLabelKeys take their values from it.</param>
    /// <param name="space">Where the pod that has the rule lives.</param>
    /// <param name="labelsOf">Labels of a namespace.</param>
    public Term(PodAffinityTerm term, IReadOnlyDictionary<string, string> labels, string space, Func<string, IReadOnlyDictionary<string, string>> labelsOf)
    {
        Key = term.TopologyKey;
        _selector = WithKeys(term.LabelSelector, term.MatchLabelKeys, term.MismatchLabelKeys, labels);
        _spaces = term.Namespaces.Count == 0 && term.NamespaceSelector is null ? [space] : term.Namespaces;
        _bySpace = term.NamespaceSelector is null ? null : LabelSelector.From(term.NamespaceSelector);
        _labelsOf = labelsOf;
        Id = $"{string.Join(',', _spaces)}|{_bySpace?.ToString() ?? "-"}|{(term.LabelSelector is null ? "-" : _selector.ToString())}";
    }

    /// <summary>Constraints on spreading: pods of one namespace.</summary>
    public Term(string key, LabelSelector selector, string space)
    {
        (Key, _selector, _spaces, _labelsOf) = (key, selector, [space], static _ => throw new InvalidOperationException("no namespace is selected by labels"));
        Id = $"{space}|-|{(ReferenceEquals(selector, LabelSelector.Nothing) ? "-" : selector.ToString())}";
    }

    /// <summary>The label of nodes whose values are the domains.</summary>
    public string Key { get; }

    /// <summary>The same for terms that select the same pods.</summary>
    public string Id { get; }

    /// <summary>A label that every selected pod must have, in the one namespace that is selected; null when there is no such thing.</summary>
    public Label? Anchor
    {
        get
        {
            if (_bySpace is not null || _spaces.Count != 1) return null;
            foreach (var r in _selector.Requirements) if (r is { Operator: SelectorOperator.In, Values: [var value] }) return new Label(_spaces[0], r.Key, value);
            return null;
        }
    }

    public bool Selects(string space, IReadOnlyDictionary<string, string> labels) =>
        (_spaces.Contains(space) || _bySpace?.Matches(_labelsOf(space)) == true) && _selector.Matches(labels);

    public bool Selects(Guest guest) => Selects(guest.Key.Namespace, guest.Labels);

    public static LabelSelector WithKeys(Objects.Meta.LabelSelector? selector, IReadOnlyList<string> same, IReadOnlyList<string> other, IReadOnlyDictionary<string, string> own)
    {
        if (selector is null || same.Count + other.Count == 0) return LabelSelector.From(selector);
        IEnumerable<LabelSelectorRequirement> Of(IReadOnlyList<string> keys, string how) =>
            keys.Where(own.ContainsKey).Select(k => new LabelSelectorRequirement { Key = k, Operator = how, Values = [own[k]] });
        return LabelSelector.From(selector with { MatchExpressions = [.. selector.MatchExpressions, .. Of(same, "In"), .. Of(other, "NotIn")] });
    }
}

/// <summary>A label of the pods of a namespace.</summary>
public readonly record struct Label(string Space, string Key, string Value);
