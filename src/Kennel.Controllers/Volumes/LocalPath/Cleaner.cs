using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Volumes.LocalPath;

/// <summary>Removes the data and the object of a released volume that was provisioned here and is to be deleted.</summary>
public sealed class Cleaner(ICaches caches, LocalPathOptions options) : IController
{
    readonly ICache<PersistentVolume> _volumes = caches.Of<PersistentVolume>();

    public string Name => Provision.RancherName;

    public void Watch(ITriggers triggers) =>
        triggers.On<PersistentVolume>((_, after) => after?.Phase == Marks.Released ? [ObjectKey.Of(after)] : []);

    public Decision Reconcile(ObjectKey key, Moment moment) =>
        _volumes.Get(key) is { } volume ? Decide(volume, options) : Decision.Nothing;

    public static Decision Decide(PersistentVolume volume, LocalPathOptions options)
    {
        if (volume.Phase != Marks.Released || volume.ReclaimPolicy != "Delete" || volume.ClaimRef is null) return Decision.Nothing;
        if (volume.Metadata.DeletionTimestamp is not null || !Provision.IsOurs(volume.Annotation(Marks.ProvisionedBy))) return Decision.Nothing;
        var path = volume.Spec?.HostPath?.Path ?? "";
        var gone = Reclaim.Gone(volume);
        if (!IsBelow(path, options.Root))
        {
            var why = $"{path} is not below {options.Root}: it is left alone";
            return new([new Step.Say { Done = new(volume, "VolumeFailedDelete", why, Warning: true) }], why);
        }
        return new(
        [
            new ClaimGone(volume),
            new RemoveDirectory(options.Directories, path) { Failed = new(volume, "VolumeFailedDelete", "{0}", Warning: true) },
            gone,
        ]);
    }

    /// <summary>Only one plain name under the root is ever removed.</summary>
    static bool IsBelow(string path, string root) =>
        path.StartsWith(root + "/", StringComparison.Ordinal)
        && path[(root.Length + 1)..] is { Length: > 0 } name && !name.Contains('/') && name is not ("." or "..");
}
