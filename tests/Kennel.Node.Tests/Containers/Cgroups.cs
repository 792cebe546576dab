using System.Globalization;

namespace Kennel.Node.Tests.Containers;

/// <summary>What the kernel was told about a cgroup, in either version.</summary>
public static class Cgroups
{
    private const string Root = "/sys/fs/cgroup";

    private static bool Unified => File.Exists($"{Root}/cgroup.controllers");

    public static long Memory(string path) => Number(Unified ? $"{Root}/{path}/memory.max" : $"{Root}/memory/{path}/memory.limit_in_bytes");

    /// <summary>Microseconds in 100 ms.</summary>
    public static long Quota(string path) => Number(Unified ? $"{Root}/{path}/cpu.max" : $"{Root}/cpu/{path}/cpu.cfs_quota_us");

    private static long Number(string file) => long.Parse(File.ReadAllText(file).Split(' ', '\n')[0], CultureInfo.InvariantCulture);
}
