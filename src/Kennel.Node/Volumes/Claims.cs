using Kennel.Client;
using Kennel.Node.Pods;
using Kennel.Objects.Core;

namespace Kennel.Node.Volumes;

/// <summary>From a claim's name to the folder of its volume on this machine.</summary>
static class Claims
{
    /// <param name="ofPod">The claim was made for an ephemeral volume: it must be this pod's.</param>
    public static async ValueTask<Place> Place(
        IHost host, Lookup lookup, Pod pod, NodePlace node, string claimName, bool readOnly, string volumeName, bool ofPod, CancellationToken cancel)
    {
        var space = pod.Metadata.Namespace ?? "";
        ClaimException No(string why) => new(volumeName, $"error processing PVC {space}/{claimName}: {why}");

        var claim = await lookup.Get<PersistentVolumeClaim>(space, claimName, cancel)
            ?? throw No($"failed to fetch PVC from API server: persistentvolumeclaims \"{claimName}\" not found");
        if (ofPod && claim.Metadata.ControllerUid() != pod.Metadata.Uid)
            throw new ClaimException(volumeName, $"PVC {space}/{claimName} was not created for pod {space}/{pod.Metadata.Name} (pod is not owner)");
        if (claim.Metadata.DeletionTimestamp is not null && !Started(pod)) throw No("PVC is being deleted");
        if (string.IsNullOrEmpty(claim.Spec?.VolumeName) || claim.Status?.Phase != "Bound") throw No("PVC is not bound");
        var volume = await lookup.Get<PersistentVolume>("", claim.Spec.VolumeName, cancel)
            ?? throw No($"failed to fetch PV {claim.Spec.VolumeName} from API server: persistentvolumes \"{claim.Spec.VolumeName}\" not found");
        if (volume.Spec?.ClaimRef?.Uid != claim.Metadata.Uid)
            throw No($"found PV {claim.Spec.VolumeName} with unexpected ClaimRef UID {volume.Spec?.ClaimRef?.Uid}");
        return new(Folder(host, volume, node, pod.Spec?.SecurityContext?.FsGroup), readOnly || claim.Spec.AccessModes is ["ReadOnlyMany"]);
    }

    /// <summary>A claim that is on its way out gets no new users; who has it keeps it.</summary>
    static bool Started(Pod pod) =>
        pod.Status is { } status && status.InitContainerStatuses.Concat(status.ContainerStatuses).Any(c => !string.IsNullOrEmpty(c.ContainerID));

    static string Folder(IHost host, PersistentVolume volume, NodePlace node, long? group)
    {
        if (volume.Spec?.HostPath is { } path)
        {
            HostPathCheck.Ensure(host, path.Path, path.Type);
            return path.Path;
        }
        if (volume.Spec?.Local is { } local)
        {
            if (host.Kind(local.Path) is PathKind.Missing) throw new VolumeException($"path \"{local.Path}\" does not exist");
            if (group is { } g && host.Group(local.Path) != g) Ownership.Apply(host, local.Path, g); // a volume that has it at its root has it throughout
            return local.Path;
        }
        throw new VolumeException($"PersistentVolume {volume.Metadata.Name} is of a type that node {node.Name} has no plugin for; it has hostPath and local");
    }
}

/// <summary>Upstream tells claims' troubles in words of their own, not as a failed SetUp.</summary>
sealed class ClaimException(string volume, string message)
    : Exception($"Unable to attach or mount volumes: unmounted volumes=[{volume}], unattached volumes=[], failed to process volumes=[{volume}]: {message}");
