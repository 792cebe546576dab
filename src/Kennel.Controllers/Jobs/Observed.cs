using System.Collections.Immutable;
using Kennel.Objects.Batch;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Jobs;

/// <summary>All that a decision about a Job depends on.</summary>
/// <param name="Pods">The pods that it controls, and those of its namespace without a controller.</param>
/// <param name="Problem">Why pods could not be made or deleted lately, or null.</param>
public sealed record Observed(Job Job, ImmutableArray<Pod> Pods, DateTimeOffset Now, string? Problem);
