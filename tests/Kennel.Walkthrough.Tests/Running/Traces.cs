using System.Security.Cryptography;
using System.Text;

namespace Kennel.Walkthrough.Tests.Running;

/// <summary>What an instance has on the machine besides its data directory.</summary>
static class Traces
{
    /// <summary>A line a trace: its links, packet-filter tables and rules, mounts, processes, network leases and its pods' cgroups.</summary>
    public static async Task<IReadOnlyList<string>> Of(Cluster cluster, IEnumerable<string> podUids)
    {
        var id = Id(cluster);
        var found = new List<string>();
        found.AddRange(await Lines("ip", ["-o", "link"], $"kn-{id}"));
        found.AddRange(await Lines("nft", ["list", "tables"], $"kennel-{id}"));
        found.AddRange(await Lines("iptables-save", [], $"kennel-{id}"));
        found.AddRange((await File.ReadAllLinesAsync("/proc/self/mounts")).Where(m => m.Contains(cluster.DataFolder) || m.Contains($"/run/kennel/{id}")));
        found.AddRange((await Program.Run("pgrep", ["-af", $"/run/kennel/{id}"])).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        if (Directory.Exists($"/run/kennel/{id}")) found.Add($"/run/kennel/{id}");
        if (Directory.Exists("/var/lib/cni/results")) found.AddRange(Directory.GetFiles("/var/lib/cni/results", $"kennel-{id}-*"));
        var uids = podUids.ToHashSet(StringComparer.Ordinal);
        found.AddRange(Cgroups().Where(c => uids.Any(u => Path.GetFileName(c).Contains(u, StringComparison.Ordinal))));
        return found;
    }

    /// <summary>What everything of the instance is named after.</summary>
    public static string Id(Cluster cluster) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(cluster.DataFolder)))[..8];

    static async Task<IEnumerable<string>> Lines(string program, string[] arguments, string with) =>
        (await Program.Run(program, arguments)).Output.Split('\n').Where(l => l.Contains(with, StringComparison.Ordinal));

    /// <summary>Below every hierarchy of version 1, or the one of version 2.</summary>
    static IEnumerable<string> Cgroups() => new[] { "kubepods", "*/kubepods" }.SelectMany(Match)
        .SelectMany(f => Directory.EnumerateDirectories(f, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, MaxRecursionDepth = 3 }));

    static IEnumerable<string> Match(string pattern) => pattern.StartsWith('*')
        ? Directory.EnumerateDirectories("/sys/fs/cgroup").Select(h => Path.Combine(h, pattern[2..])).Where(Directory.Exists)
        : Directory.Exists(Path.Combine("/sys/fs/cgroup", pattern)) ? [Path.Combine("/sys/fs/cgroup", pattern)] : [];
}
