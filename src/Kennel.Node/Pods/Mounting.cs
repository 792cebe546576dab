using Kennel.Node.Runtime;
using Kennel.Node.Volumes;
using Kennel.Objects.Core;

namespace Kennel.Node.Pods;

/// <summary>A container's <c>volumeMounts</c> as mounts of the machine's paths.</summary>
static class Mounting
{
    /// <exception cref="VolumeException">A volume or a path in it can't be mounted; the message is the status's.</exception>
    public static List<MountSpec> Of(IHost host, Container container, IReadOnlyDictionary<string, Place> places, Func<string, string?> variable)
    {
        var mounts = new List<MountSpec>();
        foreach (var mount in container.VolumeMounts)
        {
            if (!places.TryGetValue(mount.Name, out var place)) throw new VolumeException($"cannot find volume \"{mount.Name}\" to mount into container \"{container.Name}\"");
            var below = string.IsNullOrEmpty(mount.SubPathExpr) ? mount.SubPath : Expand.Text(mount.SubPathExpr, variable);
            var path = string.IsNullOrEmpty(below) ? place.HostPath : Below(host, container, mount, place.HostPath, below);
            if (host.Kind(path) is PathKind.Missing) host.MakeFolder(path, 0b111_101_101); // a hostPath without a type is made, as upstream's runtimes do
            var at = mount.MountPath.StartsWith('/') ? mount.MountPath : "/" + mount.MountPath;
            mounts.Add(new(path, at, mount.ReadOnly == true || place.ReadOnly, mount.MountPropagation ?? "None"));
        }
        return mounts;
    }

    /// <summary>A folder or file in the volume, made when missing; links may not lead out of the volume.</summary>
    static string Below(IHost host, Container container, VolumeMount mount, string root, string below)
    {
        if (below.StartsWith('/') || below.Split('/').Contains("..")) throw new VolumeException($"failed to prepare subPath for volumeMount \"{mount.Name}\" of container \"{container.Name}\": {below} must be a relative path without '..'");
        var path = $"{root}/{below.TrimEnd('/')}";
        if (host.Kind(path) is PathKind.Missing) host.MakeFolder(path, host.Mode(root));
        var (real, top) = (host.RealPath(path), host.RealPath(root) ?? root);
        if (real is null || real != top && !real.StartsWith(top.TrimEnd('/') + "/", StringComparison.Ordinal))
            throw new VolumeException($"failed to prepare subPath for volumeMount \"{mount.Name}\" of container \"{container.Name}\"");
        return real;
    }
}
