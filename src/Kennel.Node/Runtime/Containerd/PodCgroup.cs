namespace Kennel.Node.Runtime.Containerd;

/// <summary>runc removes a container's cgroup, but not the pod's above it.</summary>
internal static class PodCgroup
{
    private const string Root = "/sys/fs/cgroup";

    /// <summary>Removes the pod's cgroup, and the folders above it that are empty then, in every hierarchy.</summary>
    public static void Remove(string cgroupParent)
    {
        if (cgroupParent.Trim('/').Length == 0 || !Directory.Exists(Root))
        {
            return;
        }
        var hierarchies = File.Exists(Path.Combine(Root, "cgroup.controllers")) ? [Root] : Directory.GetDirectories(Root);
        foreach (var hierarchy in hierarchies)
        {
            var folder = Path.Combine(hierarchy, cgroupParent.Trim('/'));
            while (folder.Length > hierarchy.Length && (!Directory.Exists(folder) || RemoveEmpty(folder)))
            {
                folder = Path.GetDirectoryName(folder)!;
            }
        }
    }

    /// <summary>A cgroup without processes and children goes by rmdir, though it looks full of files.</summary>
    private static bool RemoveEmpty(string folder) =>
        Directory.GetDirectories(folder).Length == 0 && Libc.RemoveFolder(folder) == 0;
}
