using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Kennel.Node.Volumes;
using Kennel.Objects.Core;

namespace Kennel.Node.Agent;

/// <summary>What the node is: read from the machine once.</summary>
/// <param name="Allocatable">What pods may have together: the capacity without what is kept free.</param>
public sealed record Machine(ImmutableSortedDictionary<string, string> Capacity, ImmutableSortedDictionary<string, string> Allocatable, NodeSystemInfo About)
{
    public static Machine Read(IHost host, string runtimeVersion, AgentOptions options)
    {
        var capacity = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        capacity["cpu"] = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture);
        capacity["memory"] = $"{Memory(Text(host, "/proc/meminfo"))}Ki";
        capacity["ephemeral-storage"] = $"{Disk(options.DataFolder) / 1024}Ki";
        capacity["pods"] = options.MaxPods.ToString(CultureInfo.InvariantCulture);
        foreach (var (name, amount) in options.Capacity) capacity[name] = amount;
        return new(capacity.ToImmutable(), Less(capacity.ToImmutable(), host.Disk(options.DataFolder), options.Thresholds), new NodeSystemInfo
        {
            Architecture = Architecture,
            OperatingSystem = "linux",
            KernelVersion = Text(host, "/proc/sys/kernel/osrelease").Trim(),
            OsImage = OsImage(Text(host, "/etc/os-release")),
            MachineID = Text(host, "/etc/machine-id").Trim(),
            SystemUUID = Text(host, "/sys/class/dmi/id/product_uuid").Trim(),
            BootID = Text(host, "/proc/sys/kernel/random/boot_id").Trim(),
            ContainerRuntimeVersion = runtimeVersion,
            KubeletVersion = options.KubeletVersion,
            KubeProxyVersion = "",
        });
    }

    public static string Architecture => RuntimeInformation.OSArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        var other => other.ToString().ToLowerInvariant(),
    };

    /// <summary>A node that isn't measured keeps nothing free.</summary>
    static ImmutableSortedDictionary<string, string> Less(ImmutableSortedDictionary<string, string> capacity, Pressure.DiskSpace? disk, Pressure.Thresholds kept)
    {
        if (disk is not { } d) return capacity;
        string Rest(string name, long bytes) =>
            Objects.Quantities.Quantity.TryParse(capacity[name], out var all) ? ((all.Value - bytes) / 1024).ToString(CultureInfo.InvariantCulture) + "Ki" : capacity[name];
        return capacity.SetItem("memory", Rest("memory", kept.MemoryBytes)).SetItem("ephemeral-storage", Rest("ephemeral-storage", kept.Disk(d.Total)));
    }

    static long Memory(string text)
    {
        foreach (var line in text.Split('\n'))
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["MemTotal:", var kilobytes, ..]) return long.Parse(kilobytes, CultureInfo.InvariantCulture);
        return 8L << 20;
    }

    static long Disk(string folder)
    {
        try { return new DriveInfo(Directory.Exists(folder) ? folder : "/").TotalSize; }
        catch (IOException) { return 0; }
    }

    static string OsImage(string text) =>
        text.Split('\n').FirstOrDefault(line => line.StartsWith("PRETTY_NAME=", StringComparison.Ordinal)) is { } line ? line["PRETTY_NAME=".Length..].Trim().Trim('"') : "Linux";

    static string Text(IHost host, string path)
    {
        try { return Encoding.UTF8.GetString(host.ReadTail(path, 65_536) ?? []); }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException) { return ""; }
    }
}
