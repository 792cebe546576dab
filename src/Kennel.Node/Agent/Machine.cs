using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Kennel.Node.Volumes;
using Kennel.Objects.Core;

namespace Kennel.Node.Agent;

/// <summary>What the node is: read from the machine once.</summary>
public sealed record Machine(ImmutableSortedDictionary<string, string> Capacity, NodeSystemInfo About)
{
    public static Machine Read(IHost host, string runtimeVersion, AgentOptions options)
    {
        var capacity = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        capacity["cpu"] = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture);
        capacity["memory"] = $"{Memory(Text(host, "/proc/meminfo"))}Ki";
        capacity["ephemeral-storage"] = $"{Disk(options.DataFolder) / 1024}Ki";
        capacity["pods"] = options.MaxPods.ToString(CultureInfo.InvariantCulture);
        foreach (var (name, amount) in options.Capacity) capacity[name] = amount;
        return new(capacity.ToImmutable(), new NodeSystemInfo
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
