using System.Globalization;
using System.Text;
using Kennel.Node.Volumes;

namespace Kennel.Node.Figuring;

/// <summary>Reads the kernel's counters: of cgroups in either version, and of the whole machine.</summary>
public sealed class Meter(IHost host, TimeProvider time)
{
    const string Cgroups = "/sys/fs/cgroup";
    const long NanosecondsATick = 10_000_000; // /proc/stat counts hundredths of a second

    /// <summary>1, 2, or null where there are no cgroups (a simulated node).</summary>
    readonly Lazy<int?> _version = new(() =>
        host.ReadTail($"{Cgroups}/cgroup.controllers", 4096) is not null ? 2 : host.ReadTail($"{Cgroups}/memory/memory.usage_in_bytes", 64) is not null ? 1 : null);

    /// <summary>Null when there is no such cgroup.</summary>
    public Usage? OfCgroup(string path)
    {
        path = path.Trim('/');
        switch (_version.Value)
        {
            case 2 when Lines($"{Cgroups}/{path}/cpu.stat") is { } cpu && One($"{Cgroups}/{path}/memory.current") is { } current:
                return new(time.GetUtcNow(), Field(cpu, "usage_usec") * 1000, Working(current, $"{Cgroups}/{path}/memory.stat", "inactive_file"));
            case 1 when One($"{Cgroups}/cpuacct/{path}/cpuacct.usage") is { } used && One($"{Cgroups}/memory/{path}/memory.usage_in_bytes") is { } bytes:
                return new(time.GetUtcNow(), used, Working(bytes, $"{Cgroups}/memory/{path}/memory.stat", "total_inactive_file"));
            default:
                return null;
        }
    }

    /// <summary>Of everything on the machine; null where it can't be read.</summary>
    public Usage? OfMachine()
    {
        if (Lines("/proc/stat") is not [var cpu, ..] || Memory() is not { } memory) return null;
        // user nice system idle iowait irq softirq steal
        var ticks = cpu.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8).Select(Number).ToArray();
        return ticks.Length < 8 ? null : new(time.GetUtcNow(), (ticks.Sum() - ticks[3] - ticks[4]) * NanosecondsATick, memory.Total - memory.Available);
    }

    /// <summary>In bytes: all, and what programs could still get.</summary>
    public (long Total, long Available)? Memory() =>
        Lines("/proc/meminfo") is { } lines && Field(lines, "MemTotal:") is > 0 and var total ? (total << 10, Field(lines, "MemAvailable:") << 10) : null;

    long Working(long used, string statistics, string inactive) => Math.Max(0, used - (Lines(statistics) is { } lines ? Field(lines, inactive) : 0));

    string[]? Lines(string path) => host.ReadTail(path, 65_536) is { Length: > 0 } text ? Encoding.UTF8.GetString(text).Split('\n') : null;

    long? One(string path) => host.ReadTail(path, 64) is { Length: > 0 } text ? Number(Encoding.UTF8.GetString(text).Trim()) : null;

    static long Field(string[] lines, string name)
    {
        foreach (var line in lines)
            if (line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] is ' ' or '\t')
                return Number(line[name.Length..].Trim().Split(' ')[0]);
        return 0;
    }

    static long Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;
}
