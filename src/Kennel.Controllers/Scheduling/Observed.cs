using System.Collections.Immutable;
using Kennel.Controllers.Scheduling.Filters;
using Kennel.Controllers.Scheduling.Preemption;
using Kennel.Objects;
using Kennel.Objects.Core;
using Kennel.Objects.Policy;
using Kennel.Objects.Selectors;
using Kennel.Objects.Storage;

namespace Kennel.Controllers.Scheduling;

/// <summary>One claim of a pod that is to be scheduled.</summary>
/// <param name="Claim">Null when it doesn't exist (yet).</param>
/// <param name="Volume">The volume that it is bound to, if that exists.</param>
/// <param name="Class">Its class, if it exists.</param>
/// <param name="Candidates">Volumes that could serve it and that are promised to nobody.</param>
/// <param name="Holders">It is for one pod only, and these pods have it.</param>
/// <param name="Objection">Why it isn't the claim of the pod's ephemeral volume, or not yet there; null when it is, or isn't for one.</param>
public sealed record Wanted(
    string Name,
    PersistentVolumeClaim? Claim,
    PersistentVolume? Volume,
    StorageClass? Class,
    ImmutableArray<PersistentVolume> Candidates,
    IReadOnlyList<ObjectKey>? Holders = null,
    string? Objection = null);

/// <summary>Everything that a scheduling decision may depend on.</summary>
/// <param name="Ledger">Nodes and who is on them; nobody changes it while a decision is made.</param>
/// <param name="Siblings">Selects the pods of the same owner and services; null when it has neither.</param>
/// <param name="Budgets">Disruption budgets, in key order.</param>
/// <param name="Start">Which node to look at first, by its place in the order of names.</param>
/// <param name="Chance">A random number from 0: where to begin to look for pods to displace.</param>
public sealed record SchedulingObserved(
    Pod Pod,
    Ledger Ledger,
    ImmutableArray<Wanted> Claims,
    LabelSelector? Siblings,
    IReadOnlyList<PodDisruptionBudget> Budgets,
    DateTimeOffset Now,
    int Start = 0,
    int Chance = 0);

/// <summary>Where a pod goes, or why nowhere.</summary>
/// <param name="Node">The chosen node; null when there is none or not yet.</param>
/// <param name="Volumes">What has to be written for its claims before it can be bound.</param>
/// <param name="Refusal">Why no node fits, in upstream's words; null when one does or when it is too early to say.</param>
/// <param name="Early">What is missing may come at once: look again, don't complain yet.</param>
/// <param name="Causes">What kind of change could help.</param>
/// <param name="Next">Where the next search should start.</param>
/// <param name="Looks">How many nodes were looked at.</param>
/// <param name="Displacement">Who could make room.</param>
public sealed record Placement(
    string? Node,
    ImmutableArray<VolumePlan> Volumes,
    string? Refusal = null,
    string? Early = null,
    Cause Causes = Cause.None,
    int Next = 0,
    int Looks = 0,
    Displacement? Displacement = null);

/// <summary>A claim gets this volume, or (null) one is to be provisioned on the chosen node.</summary>
public readonly record struct VolumePlan(PersistentVolumeClaim Claim, PersistentVolume? Volume);
