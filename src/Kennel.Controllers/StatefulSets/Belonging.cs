using Kennel.Objects.Apps;
using Kennel.Objects.Core;
using Kennel.Objects.Selectors;

namespace Kennel.Controllers.StatefulSets;

/// <summary>Whether a pod fits a set.</summary>
/// <param name="Uid">The set's.</param>
/// <param name="Matches">Name and labels say that it is the set's.</param>
/// <param name="HasClaims">Each claim template has a volume of its name that uses the ordinal's claim.</param>
/// <param name="ClaimNames">The names of the pod's claims, in the order of the set's templates.</param>
sealed record Belonging(string? Uid, bool Matches, bool HasClaims, string[] ClaimNames)
{
    public static Belonging Of(StatefulSet set, Member member) =>
        new(set.Metadata.Uid, member.IsNamedAfter(set) && set.Spec!.Selector.Matches(member.Pod.Metadata.Labels), Has(set, member), Claims.Names(set, member.Name));

    static bool Has(StatefulSet set, Member member)
    {
        foreach (var template in set.Spec!.VolumeClaimTemplates)
            if (!(member.Pod.Spec?.Volumes ?? []).Any(v => v.Name == template.Metadata.Name && IsClaim(v, template, member.Name)))
                return false;
        return true;
    }

    /// <summary><c>data-web-2</c> is the claim of <c>data</c> for <c>web-2</c>.</summary>
    static bool IsClaim(Volume volume, PersistentVolumeClaim template, string pod) =>
        volume.PersistentVolumeClaim?.ClaimName == $"{template.Metadata.Name}-{pod}";
}
