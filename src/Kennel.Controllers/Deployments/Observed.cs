using System.Collections.Immutable;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Deployments;

/// <summary>Everything that a decision about a Deployment may depend on.</summary>
/// <param name="Sets">The ReplicaSets that it controls, and those of its namespace without a controller.</param>
/// <param name="Pods">The pods of a ReplicaSet by its uid.</param>
/// <param name="Named">A ReplicaSet of the namespace by name, whoever owns it, or null.</param>
/// <param name="Problem">Why the last try failed, or null.</param>
public sealed record Observed(
    Deployment Deployment, ImmutableArray<ReplicaSet> Sets, Func<string, IEnumerable<Pod>> Pods, Func<string, ReplicaSet?> Named, DateTimeOffset Now, string? Problem);
