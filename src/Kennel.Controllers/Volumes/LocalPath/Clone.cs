using System.Collections.Immutable;
using Kennel.Client.Running;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Volumes.LocalPath;

/// <summary>How a new volume gets its first content: nothing, or a copy of another claim's volume on the same node.</summary>
static class Clone
{
    /// <summary>The step that makes the directory, or why there can be none (yet).</summary>
    /// <returns><c>Waiting</c> is a sentence; <c>Failure</c>, when there is one, is for the event.</returns>
    public static (DirectoryStep? Step, string? Waiting, string? Failure) Directory(ProvisionObserved o, string path)
    {
        if (Source.Of(o.Claim) is not { } wanted) return (new CreateDirectory(o.Options.Directories, path), null, null);
        if (Source.ClonedClaim(o.Claim) is not { } name)
        {
            var other = $"{wanted.Kind} {(wanted.Namespace is { Length: > 0 } space ? $"{space}/" : "")}{wanted.Name}";
            return (null, $"somebody to fill the claim from {other}: only claims of the same namespace can be cloned here", $"data source {other} is not supported: only a PersistentVolumeClaim of the same namespace is");
        }
        if (o.Source?.Claim is not { } source) return (null, $"claim {name} to be created: it is to be cloned", $"error getting PVC {name} (namespace {o.Claim.Metadata.Namespace}) from api server: persistentvolumeclaims \"{name}\" not found");
        if (source.Metadata.DeletionTimestamp is not null) return (null, $"claim {name} to stay: it is to be cloned and is being deleted", $"the PVC DataSource {name} is currently being deleted");
        if (source.Phase != Marks.Bound || o.Source.Volume is not { } volume) return (null, $"claim {name} to be bound: it is to be cloned", $"the PVC DataSource {name} must have a status of Bound. Got {source.Phase}");
        if (volume.ClaimRef?.Uid != source.Metadata.Uid) return (null, $"claim {name} to be bound to a volume of its own", $"claim in dataSource not bound or invalid");
        if (!Provision.IsOurs(volume.Annotation(Marks.ProvisionedBy)) || volume.Spec?.HostPath is not { } from) return (null, $"claim {name} to have a volume of this provisioner: it is to be cloned", $"the source PVC {name} has a volume of another provisioner");
        if (o.Claim.Request < volume.Capacity)
        {
            var small = $"requested volume size {o.Claim.Request.Value} is less than the size {volume.Capacity.Value} for the source PVC {name}";
            return (null, $"somebody to ask for more: {small}", small);
        }
        return HomeOf(volume) is { } home && o.Node is { } node && !home.Contains(Host(node))
            ? (null, $"node {string.Join(" or ", home)} to be selected: claim {name} is to be cloned and its volume is there, not on {node.Metadata.Name}", null)
            : (new CopyDirectory(o.Options.Directories, from.Path, path), null, null);
    }

    /// <summary>The host names that a volume of ours is tied to; null when it is on every node.</summary>
    static ImmutableArray<string>? HomeOf(PersistentVolume volume) =>
        volume.Spec?.NodeAffinity?.Required is not { } required ? null
        : [.. required.NodeSelectorTerms.SelectMany(t => t.MatchExpressions).Where(e => e is { Key: Marks.HostName, Operator: "In" }).SelectMany(e => e.Values)];

    public static string Host(Node node) => node.Metadata.Labels.GetValueOrDefault(Marks.HostName) ?? node.Metadata.Name!;
}
