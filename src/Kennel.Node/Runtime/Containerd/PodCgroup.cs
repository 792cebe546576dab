namespace Kennel.Node.Runtime.Containerd;

/// <summary>runc removes a container's cgroup, but not the pod's above it.</summary>
internal static class PodCgroup
{
    private const string Root = "/sys/fs/cgroup";

    /// <summary>Removes the pod's cgroup in every hierarchy. What is above it stays: another pod may be being made in it.</summary>
    public static void Remove(string cgroupParent)
    {
        if (cgroupParent.Trim('/').Length == 0)
        {
            return;
        }
        foreach (var hierarchy in Hierarchies())
        {
            _ = RemoveEmpty(Path.Combine(hierarchy, cgroupParent.Trim('/')));
        }
    }

    /// <summary>Removes the folders above pods where no pod is left. A kubelet's are its own.</summary>
    public static void RemoveEmptyParents()
    {
        if (Processes.Find("kubelet").Count > 0)
        {
            return;
        }
        foreach (var hierarchy in Hierarchies())
        {
            foreach (var folder in (string[])["kubepods/besteffort", "kubepods/burstable", "kubepods/guaranteed", "kubepods"])
            {
                _ = RemoveEmpty(Path.Combine(hierarchy, folder));
            }
        }
    }

    private static string[] Hierarchies() =>
        !Directory.Exists(Root) ? [] : File.Exists(Path.Combine(Root, "cgroup.controllers")) ? [Root] : Directory.GetDirectories(Root);

    /// <summary>A cgroup without processes and children goes by rmdir, though it looks full of files.</summary>
    private static bool RemoveEmpty(string folder) =>
        Directory.Exists(folder) && Directory.GetDirectories(folder).Length == 0 && Libc.RemoveFolder(folder) == 0;
}
