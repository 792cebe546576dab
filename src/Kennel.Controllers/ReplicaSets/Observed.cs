using System.Collections.Immutable;
using Kennel.Objects.Core;

namespace Kennel.Controllers.ReplicaSets;

/// <summary>All that a decision about a ReplicaSet or a ReplicationController depends on.</summary>
/// <param name="Pods">The pods that the owner controls, and those of its namespace without a controller.</param>
/// <param name="Related">The pods of the owner and of its sister sets: looked at when some have to go, so that a crowded node loses one first.</param>
/// <param name="Problem">Why pods could not be made or deleted in the last round, or null.</param>
public sealed record Observed(View View, ImmutableArray<Pod> Pods, Func<IEnumerable<Pod>> Related, DateTimeOffset Now, string? Problem);
