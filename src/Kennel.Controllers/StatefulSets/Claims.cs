using System.Collections.Immutable;
using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Controllers.Pods;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;
using Kennel.Objects.Meta;

namespace Kennel.Controllers.StatefulSets;

/// <summary>
/// The claims of a set: made before the pod, and kept. What becomes of them later is said by owner references alone (the garbage collector
/// acts on them). Invariant: nothing in this room ever deletes a claim.
/// </summary>
public static class Claims
{
    /// <summary>What the retention policy wants of the claims of a pod.</summary>
    readonly record struct Wanted(bool Set, bool Pod);

    public static PersistentVolumeClaim New(StatefulSet set, PersistentVolumeClaim template, int ordinal)
    {
        var labels = new SortedDictionary<string, string>(template.Metadata.Labels.ToDictionary(), StringComparer.Ordinal);
        foreach (var (key, value) in set.Spec!.Selector.MatchLabels) labels[key] = value;
        var claim = new PersistentVolumeClaim
        {
            Metadata = new()
            {
                Name = Identity.ClaimName(set, template, ordinal),
                Namespace = set.Metadata.Namespace,
                Labels = labels,
                Annotations = template.Metadata.Annotations,
                Finalizers = template.Metadata.Finalizers,
                OwnerReferences = template.Metadata.OwnerReferences,
            },
            Spec = template.Spec,
        };
        return WhenDeleted(set) ? claim with { Metadata = claim.Metadata with { OwnerReferences = [.. claim.Metadata.OwnerReferences, set.ControllerReference()] } } : claim;
    }

    /// <summary>One claim a name: templates that share a name (the API lets them pass) are one.</summary>
    public static IEnumerable<PersistentVolumeClaim> Templates(StatefulSet set) =>
        set.Spec!.VolumeClaimTemplates.DistinctBy(t => t.Metadata.Name, StringComparer.Ordinal);

    public static bool WhenDeleted(StatefulSet set) => set.Spec?.PersistentVolumeClaimRetentionPolicy?.WhenDeleted == "Delete";

    public static bool WhenScaled(StatefulSet set) => set.Spec?.PersistentVolumeClaimRetentionPolicy?.WhenScaled == "Delete";

    /// <summary>With whenScaled=Delete: a claim that still belongs to a pod of this name which is no more. It will be collected; a new pod must not get it.</summary>
    public static bool IsStale(StatefulSet set, PersistentVolumeClaim claim, string podName) =>
        WhenScaled(set) && claim.Metadata.OwnerReferences.Any(r => r.Kind == "Pod" && r.Name == podName);

    /// <summary>The steps that bring the owner references of a pod's claims in line with the retention policy.</summary>
    public static ImmutableArray<Step> Retain(StatefulSet set, Pod pod, int ordinal, bool condemned, Func<string, PersistentVolumeClaim?> find)
    {
        var wanted = new Wanted(WhenDeleted(set) && !(condemned && WhenScaled(set)), condemned && WhenScaled(set));
        ImmutableArray<Step> steps = [];
        foreach (var template in Templates(set))
            if (find(Identity.ClaimName(set, template, ordinal)) is { } claim && Retain(set, pod, claim, wanted) is { } step)
                steps = steps.Add(step);
        return steps;
    }

    static Step? Retain(StatefulSet set, Pod pod, PersistentVolumeClaim claim, Wanted wanted)
    {
        var references = claim.Metadata.OwnerReferences;
        if (references.Count == 0 && wanted == default) return null;
        if (references.Any(r => IsOf(r, "StatefulSet", set.Metadata) && r.Uid != set.Metadata.Uid || IsOf(r, "Pod", pod.Metadata) && r.Uid != pod.Metadata.Uid)) return null;
        var others = references.Where(r => r.Uid != set.Metadata.Uid && r.Uid != pod.Metadata.Uid).ToList();
        var foreign = others.Any(r => r.Controller == true);
        if (foreign && !WhenDeleted(set) && !WhenScaled(set)) return null;
        IReadOnlyList<OwnerReference> after = foreign ? others
            : [.. others, .. wanted.Set ? [set.ControllerReference()] : Array.Empty<OwnerReference>(), .. wanted.Pod ? [pod.ControllerReference()] : Array.Empty<OwnerReference>()];
        var conflict = foreign
            ? new Note(set, "ConflictingController", $"PersistentVolumeClaim {claim.Metadata.Name} has a conflicting OwnerReference that acts as a manging controller, the retention policy is ignored for this claim", Warning: true)
            : null;
        if (Same(references, after)) return conflict is null ? null : new Step.Say { Done = conflict };
        return new Step.Update(claim with { Metadata = claim.Metadata with { OwnerReferences = after } }) { Done = conflict };
    }

    static bool IsOf(OwnerReference r, string kind, ObjectMeta owner) => r.Kind == kind && r.Name == owner.Name;

    static bool Same(IReadOnlyList<OwnerReference> a, IReadOnlyList<OwnerReference> b) =>
        a.Count == b.Count && a.All(r => b.Any(s => s.Uid == r.Uid && s.Controller == r.Controller && s.Name == r.Name));
}
