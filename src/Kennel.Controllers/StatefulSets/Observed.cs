using System.Collections.Immutable;
using Kennel.Client.Running;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;

namespace Kennel.Controllers.StatefulSets;

/// <summary>Everything that a decision about a set may depend on.</summary>
/// <param name="Pods">The pods that it controls.</param>
/// <param name="Orphans">Pods without a controller that are named as its own would be.</param>
/// <param name="Revisions">The ControllerRevisions that it controls, and those of its namespace without a controller.</param>
/// <param name="Pod">A pod of the namespace by name, whoever owns it, or null.</param>
/// <param name="Claim">A claim of the namespace by name, or null.</param>
/// <param name="ClaimsHaveOwners">Some claim that is named as its own would be has an owner that is a set or a pod.</param>
/// <param name="Revision">A ControllerRevision of the namespace by name, whoever owns it, or null.</param>
/// <param name="Setbacks">What went wrong lately, by <see cref="Lane"/>.</param>
public sealed record Observed(
    StatefulSet Set,
    ImmutableArray<Pod> Pods,
    ImmutableArray<Pod> Orphans,
    ImmutableArray<ControllerRevision> Revisions,
    Func<string, Pod?> Pod,
    Func<string, PersistentVolumeClaim?> Claim,
    bool ClaimsHaveOwners,
    Func<string, ControllerRevision?> Revision,
    ImmutableSortedDictionary<string, Setback>? Setbacks,
    DateTimeOffset Now);
