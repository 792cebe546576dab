using System.Collections.Immutable;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;

namespace Kennel.Controllers.DaemonSets;

/// <summary>All that a decision about a DaemonSet depends on.</summary>
/// <param name="Nodes">Every node, by name.</param>
/// <param name="Pods">The pods that it controls, and those of its namespace without a controller.</param>
/// <param name="Revisions">The ControllerRevisions that it controls, and those of its namespace without a controller.</param>
/// <param name="Revision">A ControllerRevision of the namespace by name, whoever owns it, or null.</param>
/// <param name="Problem">Why pods could not be made or deleted in the last round, or null.</param>
public sealed record Observed(
    DaemonSet Set, ImmutableArray<Node> Nodes, ImmutableArray<Pod> Pods, ImmutableArray<ControllerRevision> Revisions, Func<string, ControllerRevision?> Revision,
    DateTimeOffset Now, string? Problem);
