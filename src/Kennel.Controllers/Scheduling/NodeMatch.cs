using System.Globalization;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Scheduling;

/// <summary>Node selectors against nodes: of pods and of volumes.</summary>
public static class NodeMatch
{
    /// <summary>Any term matches; no selector matches every node.</summary>
    public static bool Matches(NodeSelector? selector, string name, IReadOnlyDictionary<string, string> labels)
    {
        if (selector is null) return true;
        foreach (var term in selector.NodeSelectorTerms) if (Matches(term, name, labels)) return true;
        return false;
    }

    /// <summary>Every requirement holds; an empty term matches nothing.</summary>
    public static bool Matches(NodeSelectorTerm term, string name, IReadOnlyDictionary<string, string> labels)
    {
        if (term.MatchExpressions.Count == 0 && term.MatchFields.Count == 0) return false;
        foreach (var requirement in term.MatchExpressions)
            if (!Holds(requirement, labels.GetValueOrDefault(requirement.Key))) return false;
        foreach (var requirement in term.MatchFields)
            if (requirement.Key != "metadata.name" || !Holds(requirement, name)) return false;
        return true;
    }

    static bool Holds(NodeSelectorRequirement requirement, string? value) => requirement.Operator switch
    {
        "In" => value is not null && requirement.Values.Contains(value),
        "NotIn" => value is null || !requirement.Values.Contains(value),
        "Exists" => value is not null,
        "DoesNotExist" => value is null,
        "Gt" => Numbers(requirement, value) is var (a, b) && a > b,
        "Lt" => Numbers(requirement, value) is var (a, b) && a < b,
        _ => false,
    };

    static (long Value, long Bound)? Numbers(NodeSelectorRequirement requirement, string? value) =>
        requirement.Values is [var text]
        && long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var a)
        && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var b) ? (a, b) : null;
}
