using Kennel.Objects.Meta;

namespace Kennel.Objects.Selectors;

/// <summary>Label selectors as objects carry them, matched without making anything: for deciders that ask once a pod.</summary>
public static class LabelMatch
{
    /// <summary>An empty selector matches everything, an absent one nothing; an unknown operator matches nothing.</summary>
    public static bool Matches(this Meta.LabelSelector? selector, IReadOnlyDictionary<string, string> labels)
    {
        if (selector is null || !selector.MatchLabels.AllIn(labels)) return false;
        foreach (var requirement in selector.MatchExpressions) if (!Matches(requirement, labels)) return false;
        return true;
    }

    /// <summary>Every pair is among the labels; no pairs match everything.</summary>
    public static bool AllIn(this IReadOnlyDictionary<string, string> wanted, IReadOnlyDictionary<string, string> labels)
    {
        foreach (var (key, value) in wanted) if (!labels.TryGetValue(key, out var found) || found != value) return false;
        return true;
    }

    static bool Matches(LabelSelectorRequirement requirement, IReadOnlyDictionary<string, string> labels)
    {
        var there = labels.TryGetValue(requirement.Key, out var value);
        return requirement.Operator switch
        {
            "In" => there && requirement.Values.Contains(value!),
            "NotIn" => !there || !requirement.Values.Contains(value!),
            "Exists" => there,
            "DoesNotExist" => !there,
            _ => false,
        };
    }
}
