using System.Globalization;

namespace Kennel.Node.Runtime.Containerd;

/// <summary>A pod's cgroup, above those of its containers: made before them with the pod's weight and bounds, removed after them. Both cgroup versions.</summary>
internal static class PodCgroup
{
    private const string Root = "/sys/fs/cgroup";
    private const long LeastShares = 2;
    private const long MostShares = 262_144;

    private static bool Unified => File.Exists(Path.Combine(Root, "cgroup.controllers"));

    /// <summary>Makes the pod's cgroup, or changes what is there. Where there are no cgroups to write to, nothing happens.</summary>
    public static void Make(string cgroupParent, ResourceSpec resources)
    {
        var path = cgroupParent.Trim('/');
        if (path.Length == 0 || !Directory.Exists(Root))
        {
            return;
        }
        try
        {
            if (Unified)
            {
                Open(path);
                Write(Path.Combine(Root, path, "cpu.weight"), Weight(resources.CpuShares));
                Write(Path.Combine(Root, path, "cpu.max"), resources.CpuQuota > 0 ? $"{Number(resources.CpuQuota)} 100000" : "max 100000");
                Write(Path.Combine(Root, path, "memory.max"), resources.MemoryLimit > 0 ? Number(resources.MemoryLimit) : "max");
            }
            else
            {
                var (cpu, memory) = (Path.Combine(Root, "cpu", path), Path.Combine(Root, "memory", path));
                Directory.CreateDirectory(cpu);
                Directory.CreateDirectory(memory);
                Write(Path.Combine(cpu, "cpu.shares"), Number(resources.CpuShares));
                Write(Path.Combine(cpu, "cpu.cfs_quota_us"), resources.CpuQuota > 0 ? Number(resources.CpuQuota) : "-1");
                Write(Path.Combine(memory, "memory.limit_in_bytes"), resources.MemoryLimit > 0 ? Number(resources.MemoryLimit) : "-1");
            }
            WeighClass(Path.GetDirectoryName(path)!);
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
        {
            // a machine that lends us no controllers: containers keep their own bounds
        }
    }

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

    /// <summary>Against guaranteed pods, a class weighs as much as its pods together; best effort as little as can be.</summary>
    private static void WeighClass(string path)
    {
        var folder = Path.Combine(Root, Unified ? "" : "cpu", path);
        var file = Path.Combine(folder, Unified ? "cpu.weight" : "cpu.shares");
        if (path.EndsWith("/besteffort", StringComparison.Ordinal))
        {
            Write(file, Unified ? "1" : Number(LeastShares));
        }
        else if (path.EndsWith("/burstable", StringComparison.Ordinal))
        {
            var sum = Directory.GetDirectories(folder).Sum(pod => Read(Path.Combine(pod, Path.GetFileName(file))));
            Write(file, Number(Math.Clamp(sum, Unified ? 1 : LeastShares, Unified ? 10_000 : MostShares)));
        }
    }

    /// <summary>Makes the folders down to a cgroup and passes the controllers on to each.</summary>
    private static void Open(string path)
    {
        var folder = Root;
        foreach (var name in path.Split('/'))
        {
            foreach (var controller in (string[])["+cpu", "+memory", "+pids", "+io", "+cpuset"])
            {
                TryWrite(Path.Combine(folder, "cgroup.subtree_control"), controller);
            }
            folder = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        }
    }

    /// <summary>cgroup 2's 1 to 10000 for shares of 2 to 262144, as runc converts them.</summary>
    private static string Weight(long shares) => Number(1 + ((Math.Clamp(shares, LeastShares, MostShares) - LeastShares) * 9_999 / (MostShares - LeastShares)));

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static long Read(string file) => File.Exists(file) && long.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var value) ? value : 0;

    private static void Write(string file, string text) => File.WriteAllText(file, text);

    private static void TryWrite(string file, string text)
    {
        try
        {
            Write(file, text);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // the controller isn't there: what needs it says so
        }
    }

    private static string[] Hierarchies() =>
        !Directory.Exists(Root) ? [] : Unified ? [Root] : Directory.GetDirectories(Root);

    /// <summary>A cgroup without processes and children goes by rmdir, though it looks full of files.</summary>
    private static bool RemoveEmpty(string folder) =>
        Directory.Exists(folder) && Directory.GetDirectories(folder).Length == 0 && Libc.RemoveFolder(folder) == 0;
}
