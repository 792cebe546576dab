using Kennel.Objects.Core;

namespace Kennel.Controllers.Scheduling.Filters;

/// <summary>A pod that names its nodes by the field metadata.name needs no look at the others.</summary>
public static class NamedNodes
{
    public const string Others = "node(s) didn't satisfy plugin(s) [NodeAffinity]";
    public const string Conflict = "pod affinity terms conflict";

    /// <summary>The names in order; empty when terms contradict each other; null when any node may do.</summary>
    public static SortedSet<string>? Of(Pod pod)
    {
        if (pod.Spec?.Affinity?.NodeAffinity?.RequiredDuringSchedulingIgnoredDuringExecution is not { NodeSelectorTerms: { Count: > 0 } terms }) return null;
        var all = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var term in terms)
        {
            SortedSet<string>? names = null;
            foreach (var field in term.MatchFields)
            {
                if (field is not { Key: "metadata.name", Operator: "In" }) continue;
                if (names is null) names = new(field.Values, StringComparer.Ordinal);
                else names.IntersectWith(field.Values);
            }
            if (names is null) return null; // one term without names lets any node in
            all.UnionWith(names);
        }
        return all;
    }
}
