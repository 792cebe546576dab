using System.Collections.Immutable;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;

namespace Kennel.Controllers.StatefulSets;

/// <summary>Everything that a decision about a set may depend on.</summary>
/// <param name="Pods">The pods that it controls, and those of its namespace without a controller.</param>
/// <param name="Revisions">The ControllerRevisions that it controls, and those of its namespace without a controller.</param>
/// <param name="Claim">A claim of the namespace by name, or null.</param>
/// <param name="Revision">A ControllerRevision of the namespace by name, whoever owns it, or null.</param>
public sealed record Observed(
    StatefulSet Set,
    ImmutableArray<Pod> Pods,
    ImmutableArray<ControllerRevision> Revisions,
    Func<string, PersistentVolumeClaim?> Claim,
    Func<string, ControllerRevision?> Revision,
    DateTimeOffset Now);
