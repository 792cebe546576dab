using System.Collections.Immutable;
using Kennel.Objects.Core;
using Kennel.Objects.Storage;

namespace Kennel.Controllers.Scheduling;

/// <summary>One claim of a pod that is to be scheduled.</summary>
/// <param name="Claim">Null when it doesn't exist (yet).</param>
/// <param name="Volume">The volume that it is bound to, if that exists.</param>
/// <param name="Class">Its class, if it exists.</param>
/// <param name="Candidates">Volumes that could serve it and that are promised to nobody.</param>
/// <param name="Busy">It is for one pod only, and another pod has it.</param>
public sealed record Wanted(
    string Name,
    PersistentVolumeClaim? Claim,
    PersistentVolume? Volume,
    StorageClass? Class,
    ImmutableArray<PersistentVolume> Candidates,
    bool Busy = false);

/// <summary>Everything that a scheduling decision may depend on.</summary>
/// <param name="Rooms">In the order of their names.</param>
/// <param name="Refusing">Guests anywhere with a required anti-affinity.</param>
/// <param name="NamespaceLabels">Labels of a namespace, for affinity terms that select namespaces.</param>
public sealed record SchedulingObserved(
    Pod Pod,
    ArraySegment<Room> Rooms,
    IReadOnlyCollection<Guest> Refusing,
    ImmutableArray<Wanted> Claims,
    Func<string, IReadOnlyDictionary<string, string>> NamespaceLabels,
    DateTimeOffset Now);

/// <summary>Where a pod goes, or why nowhere.</summary>
/// <param name="Node">The chosen node; null when there is none or not yet.</param>
/// <param name="Volumes">What has to be written for its claims before it can be bound.</param>
/// <param name="Refusal">Why no node fits, in upstream's words; null when one does or when it is too early to say.</param>
/// <param name="Early">What is missing may come at once: look again, don't complain yet.</param>
public sealed record Placement(string? Node, ImmutableArray<VolumePlan> Volumes, string? Refusal = null, string? Early = null);

/// <summary>A claim gets this volume, or (null) one is to be provisioned on the chosen node.</summary>
public readonly record struct VolumePlan(PersistentVolumeClaim Claim, PersistentVolume? Volume);
