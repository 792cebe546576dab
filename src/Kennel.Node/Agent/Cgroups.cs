using Kennel.Node.Volumes;

namespace Kennel.Node.Agent;

/// <summary>The runtime makes a pod's cgroup with its sandbox and leaves it behind.</summary>
static class Cgroups
{
    const string Root = "/sys/fs/cgroup";

    /// <summary>Removes the cgroup in every hierarchy of the machine (one in v2, several in v1). One that is still in use stays.</summary>
    public static void Remove(IHost host, string cgroup)
    {
        Remove(host, Root + cgroup, depth: 0);
        foreach (var controller in host.List(Root)) Remove(host, $"{Root}/{controller}{cgroup}", depth: 0);
    }

    static void Remove(IHost host, string path, int depth)
    {
        const int Deepest = 8;
        if (depth > Deepest || host.Kind(path) is not PathKind.Folder) return;
        foreach (var name in host.List(path))
            if (host.Kind($"{path}/{name}") is PathKind.Folder) Remove(host, $"{path}/{name}", depth + 1);
        host.RemoveEmptyFolder(path);
    }
}
