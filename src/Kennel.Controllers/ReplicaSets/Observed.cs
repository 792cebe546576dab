using System.Collections.Immutable;
using Kennel.Objects;
using Kennel.Objects.Core;
using Kennel.Objects.Meta;

namespace Kennel.Controllers.ReplicaSets;

/// <summary>What a ReplicaSet and a ReplicationController have in common, and all that a decision about them depends on.</summary>
/// <param name="Pods">The pods that the owner controls, and those of its namespace without a controller.</param>
/// <param name="Neighbours">How many pods of the same application run on a node (those of its sister sets included).</param>
/// <param name="Status">Makes the owner with another status.</param>
/// <param name="Problem">Why the last try failed, or null.</param>
public sealed record Observed(
    IObject Owner, int Replicas, int MinReadySeconds, LabelSelector Selector, PodTemplateSpec Template,
    ImmutableArray<Pod> Pods, Func<string, int> Neighbours, Counted Last, Func<Counted, IObject> Status, DateTimeOffset Now, string? Problem);

/// <summary>The status that both kinds have. Counters of 0 are left out on the wire, except Replicas.</summary>
/// <param name="Failing">The condition ReplicaFailure, or null.</param>
public sealed record Counted(int Replicas, int FullyLabeled, int Ready, int Available, long ObservedGeneration, Failing? Failing);

/// <param name="Reason">FailedCreate or FailedDelete.</param>
public sealed record Failing(string Reason, string Message, DateTimeOffset Since);
