using System.Collections.Immutable;
using Kennel.Objects.Core;
using Kennel.Objects.Meta;
using Kennel.Objects.Policy;

namespace Kennel.Controllers.DisruptionBudgets;

/// <summary>All that a decision about a budget depends on.</summary>
/// <param name="Pods">The pods that it selects, finished ones too.</param>
/// <param name="ScaleOf">How many pods a controlling owner wants.</param>
public sealed record Observed(PodDisruptionBudget Budget, ImmutableArray<Pod> Pods, Func<OwnerReference, OwnerScale> ScaleOf, DateTimeOffset Now);

/// <summary>How many pods an owner wants; that of a ReplicaSet may be its Deployment.</summary>
/// <param name="Uid">Whose number it is; null when the owner isn't there (any more).</param>
/// <param name="Problem">Why the number can't be told at all, or null.</param>
public readonly record struct OwnerScale(string? Uid, int Replicas = 0, string? Problem = null);
