using System.Text.Json.Nodes;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Core;
using Kennel.Objects.Storage;

namespace Kennel.Controllers.Volumes.LocalPath;

/// <summary>What the provisioner knows of one claim.</summary>
/// <param name="Node">The node that the scheduler selected, if it exists.</param>
/// <param name="There">A volume for this claim exists already.</param>
/// <param name="Source">What the claim is to be a clone of, if it is.</param>
public sealed record ProvisionObserved(PersistentVolumeClaim Claim, StorageClass? Class, Node? Node, bool There, LocalPathOptions Options, Source? Source = null);

/// <param name="Root">The directory under which volumes live, on every node.</param>
/// <param name="Directories">The disk.</param>
public sealed record LocalPathOptions(string Root, IDirectories Directories);

/// <summary>Makes a volume of a directory on the selected node, for claims whose class asks for that.</summary>
public static class Provision
{
    public const string RancherName = "rancher.io/local-path";
    public const string MinikubeName = "k8s.io/minikube-hostpath";

    public static bool IsOurs(string? provisioner) => provisioner is RancherName or MinikubeName;

    public static Decision Decide(ProvisionObserved o)
    {
        if (o.Claim.VolumeName.Length > 0 || o.Claim.Metadata.DeletionTimestamp is not null) return Decision.Nothing;
        if (o.Class is not { } kind || !IsOurs(kind.Provisioner) || o.There) return Decision.Nothing;
        var selected = o.Claim.Annotation(Marks.SelectedNode);
        if (selected is null && kind.WaitsForConsumer) return Decision.Wait("the scheduler to select a node for the pod that uses the claim");
        if (selected is not null && o.Node is null) return ChooseAgain(o, selected);
        if (selected is null && kind.Provisioner == RancherName) return Fail(o, kind, "configuration error, no node was specified");
        if (o.Claim.Mode == "Block") return Fail(o, kind, "block volumes are not supported");
        if (o.Claim.Spec?.Selector is not null) return Fail(o, kind, "claim.Spec.Selector is not supported");
        var volume = Volume(o, kind);
        var (directory, waiting, failure) = Clone.Directory(o, volume.Spec!.HostPath!.Path);
        return directory is not null ? Make(o, kind, volume, directory) : failure is null ? Decision.Wait(waiting!) : Fail(o, kind, failure, waiting);
    }

    static Decision Make(ProvisionObserved o, StorageClass kind, PersistentVolume volume, DirectoryStep directory) =>
        new(
        [
            new Step.Say { Done = new(o.Claim, "Provisioning", $"External provisioner is provisioning volume for claim \"{ObjectKey.Of(o.Claim)}\"") },
            directory with { Failed = Failure(o, kind, "{0}") },
            new Step.Create(volume, AlreadyThereIsFine: true)
            {
                Done = new(o.Claim, "ProvisioningSucceeded", $"Successfully provisioned volume {volume.Metadata.Name}"),
                Failed = Failure(o, kind, "{0}"),
            },
        ]);

    static PersistentVolume Volume(ProvisionObserved o, StorageClass kind)
    {
        var name = VolumeName(o.Claim);
        var claim = o.Claim.Metadata;
        var node = o.Node is null || kind.Provisioner == MinikubeName ? null : o.Node;
        return new()
        {
            Metadata = new()
            {
                Name = name,
                Annotations = new SortedDictionary<string, string>(StringComparer.Ordinal) { [Marks.ProvisionedBy] = kind.Provisioner },
                Finalizers = [Marks.VolumeProtection],
            },
            Spec = new()
            {
                AccessModes = o.Claim.Spec!.AccessModes,
                Capacity = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["storage"] = o.Claim.Spec!.Resources?.Requests.GetValueOrDefault("storage") ?? "0" },
                ClaimRef = new() { ApiVersion = "v1", Kind = "PersistentVolumeClaim", Namespace = claim.Namespace, Name = claim.Name, Uid = claim.Uid, ResourceVersion = claim.ResourceVersion },
                HostPath = new() { Path = $"{o.Options.Root}/{name}_{claim.Namespace}_{claim.Name}", Type = "DirectoryOrCreate" },
                MountOptions = kind.MountOptions,
                NodeAffinity = node is null ? null : OnlyOn(node),
                PersistentVolumeReclaimPolicy = kind.ReclaimPolicy ?? "Delete",
                StorageClassName = kind.Metadata.Name,
                VolumeMode = "Filesystem",
            },
        };
    }

    public static string VolumeName(PersistentVolumeClaim claim) => $"pvc-{claim.Metadata.Uid}";

    static VolumeNodeAffinity OnlyOn(Node node) => new()
    {
        Required = new()
        {
            NodeSelectorTerms =
            [
                new() { MatchExpressions = [new() { Key = Marks.HostName, Operator = "In", Values = [Clone.Host(node)] }] },
            ],
        },
    };

    /// <summary>The selected node is gone: the scheduler may select another.</summary>
    static Decision ChooseAgain(ProvisionObserved o, string node) =>
        new([Merge.Patch(o.Claim, new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Marks.SelectedNode] = null } } }, unchanged: true)],
            $"another node: nodes \"{node}\" not found");

    static Decision Fail(ProvisionObserved o, StorageClass kind, string why, string? waitingFor = null) =>
        new([new Step.Say { Done = Failure(o, kind, why) }], waitingFor ?? $"somebody to help: {why}");

    static Note Failure(ProvisionObserved o, StorageClass kind, string why) =>
        new(o.Claim, "ProvisioningFailed", $"failed to provision volume with StorageClass \"{kind.Metadata.Name}\": {why}", Warning: true);
}
