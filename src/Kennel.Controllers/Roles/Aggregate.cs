using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Rbac;
using LabelSelector = Kennel.Objects.Selectors.LabelSelector;

namespace Kennel.Controllers.Roles;

/// <summary>A ClusterRole that is put together from others has all their rules, in the order of their names, and no others.</summary>
public static class Aggregate
{
    /// <param name="others">All ClusterRoles in the order of their names.</param>
    public static Decision Decide(ClusterRole role, IEnumerable<ClusterRole> others)
    {
        if (role.AggregationRule is null || role.Metadata.DeletionTimestamp is not null) return Decision.Nothing;
        var rules = new List<PolicyRule>();
        foreach (var part in others)
            if (part.Metadata.Name != role.Metadata.Name && IsPart(role, part))
                rules.AddRange(part.Rules.Where(r => !rules.Contains(r)));
        return rules.SequenceEqual(role.Rules) ? Decision.Nothing : new([new Step.Update(role with { Rules = rules })]);
    }

    public static bool IsPart(ClusterRole role, ClusterRole part) =>
        role.AggregationRule?.ClusterRoleSelectors.Any(s => LabelSelector.From(s).Matches(part.Metadata.Labels)) == true;
}
