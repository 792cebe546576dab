using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;
using Kennel.Objects.Meta;

namespace Kennel.Controllers.StatefulSets;

/// <summary>
/// The claims of a set: made before the pod, and kept. What becomes of them later is said by owner references alone (the garbage collector
/// acts on them). Invariant: nothing in this room ever deletes a claim.
/// </summary>
static class Claims
{
    /// <summary>What the retention policy wants of the claims of a pod.</summary>
    readonly record struct Wanted(bool Set, bool Pod);

    /// <summary><c>data-web-2</c> of template <c>data</c> for the pod <c>web-2</c>.</summary>
    public static string Name(PersistentVolumeClaim template, string pod) => $"{template.Metadata.Name}-{pod}";

    public static PersistentVolumeClaim New(StatefulSet set, PersistentVolumeClaim template, string pod)
    {
        var labels = new SortedDictionary<string, string>(template.Metadata.Labels.ToDictionary(), StringComparer.Ordinal);
        foreach (var (key, value) in set.Spec!.Selector.MatchLabels) labels[key] = value;
        IReadOnlyList<OwnerReference> owners = template.Metadata.OwnerReferences;
        return new()
        {
            Metadata = new()
            {
                Name = Name(template, pod),
                Namespace = set.Metadata.Namespace,
                Labels = labels,
                Annotations = template.Metadata.Annotations,
                Finalizers = template.Metadata.Finalizers,
                OwnerReferences = WhenDeleted(set) ? [.. owners, set.ControllerReference()] : owners,
            },
            Spec = template.Spec,
        };
    }

    /// <summary>One claim a name: templates that share a name (the API lets them pass) are one.</summary>
    public static IEnumerable<PersistentVolumeClaim> Templates(StatefulSet set) => set.Spec!.VolumeClaimTemplates is { Count: > 1 } several
        ? several.DistinctBy(t => t.Metadata.Name, StringComparer.Ordinal) : set.Spec.VolumeClaimTemplates;

    public static bool WhenDeleted(StatefulSet set) => set.Spec?.PersistentVolumeClaimRetentionPolicy?.WhenDeleted == "Delete";

    public static bool WhenScaled(StatefulSet set) => set.Spec?.PersistentVolumeClaimRetentionPolicy?.WhenScaled == "Delete";

    /// <summary>With whenScaled=Delete: a claim that still belongs to a pod of this name which is no more. It will be collected; a new pod must not get it.</summary>
    public static bool IsStale(StatefulSet set, PersistentVolumeClaim claim, string podName) =>
        WhenScaled(set) && claim.Metadata.OwnerReferences.Any(r => r.Kind == "Pod" && r.Name == podName);

    /// <summary>The claims of a pod, in the order of the set's templates.</summary>
    public static string[] Names(StatefulSet set, string pod) => [.. Templates(set).Select(t => Name(t, pod))];

    /// <summary>Brings the owner references of a pod's claims in line with the retention policy.</summary>
    public static void Retain(Round round, Member pod, bool condemned)
    {
        if (round.TendsClaims) Retain(round, pod.To(round.Set).ClaimNames, pod.Name, pod.Pod.Metadata.Uid, condemned);
    }

    /// <param name="uid">The pod's; null for one that is being made.</param>
    public static void Retain(Round round, string[] claims, string pod, string? uid, bool condemned)
    {
        if (!round.TendsClaims) return;
        var set = round.Set;
        var wanted = new Wanted(WhenDeleted(set) && !(condemned && WhenScaled(set)), condemned && WhenScaled(set));
        foreach (var name in claims)
            if (round.Observed.Claim(name) is { } claim && !IsRight(claim.Metadata.OwnerReferences, set, wanted))
                Retain(round, claim, pod, uid, wanted);
    }

    /// <summary>The usual case, without a second look: no owner, or the set alone.</summary>
    static bool IsRight(IReadOnlyList<OwnerReference> references, StatefulSet set, Wanted wanted) => references.Count switch
    {
        0 => wanted == default,
        1 => wanted is { Set: true, Pod: false } && references[0] is { Controller: true } only && only.Uid == set.Metadata.Uid,
        _ => false,
    };

    static void Retain(Round round, PersistentVolumeClaim claim, string pod, string? uid, Wanted wanted)
    {
        var (set, references) = (round.Set, claim.Metadata.OwnerReferences);
        if (references.Any(r => IsStale(r, "StatefulSet", set.Metadata.Name, set.Metadata.Uid) || IsStale(r, "Pod", pod, uid))) return;
        var others = references.Where(r => r.Uid != set.Metadata.Uid && (uid is null || r.Uid != uid)).ToList();
        var foreign = others.Any(r => r.Controller == true);
        if (foreign && !WhenDeleted(set) && !WhenScaled(set)) return;
        if (!foreign && wanted.Set) others.Add(set.ControllerReference());
        if (!foreign && wanted.Pod) others.Add(Reference(pod, uid));
        if (!Same(references, others)) round.Do(new Step.Update(claim with { Metadata = claim.Metadata with { OwnerReferences = others } }) { Lane = Lane.Of(round, pod) });
        if (foreign) round.Do(new Step.Say { Lane = Lane.Claim(set, claim.Metadata.Name ?? ""), Rest = Backoff.Relapses, Done = Conflict(set, claim) });
    }

    static Note Conflict(StatefulSet set, PersistentVolumeClaim claim) => new(set, "ConflictingController",
        $"PersistentVolumeClaim {claim.Metadata.Name} has a conflicting OwnerReference that acts as a manging controller, the retention policy is ignored for this claim", Warning: true);

    static OwnerReference Reference(string pod, string? uid) =>
        new() { ApiVersion = Pod.Resource.ApiVersion, Kind = Pod.Resource.Kind, Name = pod, Uid = uid ?? "", Controller = true, BlockOwnerDeletion = true };

    static bool IsStale(OwnerReference r, string kind, string? name, string? uid) => r.Kind == kind && r.Name == name && r.Uid != uid;

    static bool Same(IReadOnlyList<OwnerReference> a, IReadOnlyList<OwnerReference> b) =>
        a.Count == b.Count && a.All(r => b.Any(s => s.Uid == r.Uid && s.Controller == r.Controller && s.Name == r.Name));
}
