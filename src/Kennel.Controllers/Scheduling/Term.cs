using Kennel.Objects.Core;
using Kennel.Objects.Meta;
using LabelSelector = Kennel.Objects.Selectors.LabelSelector;

namespace Kennel.Controllers.Scheduling;

/// <summary>An affinity term made ready for many comparisons.</summary>
public sealed class Term
{
    readonly LabelSelector _selector;
    readonly IReadOnlyList<string> _spaces;
    readonly LabelSelector? _bySpace;
    readonly Func<string, IReadOnlyDictionary<string, string>> _labelsOf;

    /// <param name="labels">Of the pod that has the rule: matchLabelKeys take their values from it.</param>
    /// <param name="space">Where the pod that has the rule lives.</param>
    public Term(PodAffinityTerm term, IReadOnlyDictionary<string, string> labels, string space, Func<string, IReadOnlyDictionary<string, string>> labelsOf)
    {
        Key = term.TopologyKey;
        _selector = WithKeys(term.LabelSelector, term.MatchLabelKeys, term.MismatchLabelKeys, labels);
        _spaces = term.Namespaces.Count == 0 && term.NamespaceSelector is null ? [space] : term.Namespaces;
        _bySpace = term.NamespaceSelector is null ? null : LabelSelector.From(term.NamespaceSelector);
        _labelsOf = labelsOf;
    }

    /// <summary>The label of nodes whose values are the domains.</summary>
    public string Key { get; }

    public bool Selects(string space, IReadOnlyDictionary<string, string> labels) =>
        (_spaces.Contains(space) || _bySpace?.Matches(_labelsOf(space)) == true) && _selector.Matches(labels);

    public static LabelSelector WithKeys(Kennel.Objects.Meta.LabelSelector? selector, IReadOnlyList<string> same, IReadOnlyList<string> other, IReadOnlyDictionary<string, string> own)
    {
        if (selector is null || same.Count + other.Count == 0) return LabelSelector.From(selector);
        IEnumerable<LabelSelectorRequirement> Of(IReadOnlyList<string> keys, string how) =>
            keys.Where(own.ContainsKey).Select(k => new LabelSelectorRequirement { Key = k, Operator = how, Values = [own[k]] });
        return LabelSelector.From(selector with { MatchExpressions = [.. selector.MatchExpressions, .. Of(same, "In"), .. Of(other, "NotIn")] });
    }
}
