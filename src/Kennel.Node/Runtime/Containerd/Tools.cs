using System.Globalization;

namespace Kennel.Node.Runtime.Containerd;

/// <summary>The system's programs that running containers takes, and what we may do here.</summary>
/// <param name="MayRaisePriority">CAP_SYS_RESOURCE: without it, processes can't be protected from the OOM killer below our own score.</param>
public sealed record Tools(string Containerd, string Ctr, string Runc, string Ip, string CniDirectory, bool MayRaisePriority)
{
    private const int CapSysResource = 24;
    private static readonly string[] MoreFolders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];
    private static readonly string[] CniFolders = ["/opt/cni/bin", "/usr/lib/cni", "/usr/libexec/cni"];
    private static readonly string[] CniPlugins = ["bridge", "host-local", "loopback", "portmap"];

    /// <summary>Finds them all, or says everything that is missing and how to get it.</summary>
    /// <exception cref="RuntimeException">RuntimeUnavailable; one sentence a problem.</exception>
    public static Tools Find() => OperatingSystem.IsLinux()
        ? Find(File.Exists, Environment.IsPrivilegedProcess) with { MayRaisePriority = HasCapability(CapSysResource) }
        : throw new RuntimeException("RuntimeUnavailable", "containers need Linux; use the simulated runtime on this machine");

    internal static Tools Find(Func<string, bool> exists, bool isRoot)
    {
        var problems = new List<string>();
        if (!isRoot)
        {
            problems.Add("running containers needs root: start kennel with sudo");
        }
        var packages = new SortedSet<string>(StringComparer.Ordinal);
        string Need(string program, string package)
        {
            var path = OnPath(program, exists);
            if (path is null)
            {
                problems.Add($"{program} is not installed");
                packages.Add(package);
            }
            return path ?? "";
        }
        var containerd = Need("containerd", "containerd");
        var ctr = Need("ctr", "containerd");
        Need("containerd-shim-runc-v2", "containerd");
        var runc = Need("runc", "runc");
        var ip = Need("ip", "iproute2");
        Need("iptables", "iptables"); // the CNI plugins call it for masquerading
        Need("nft", "nftables"); // services and what leaves the pods' network
        Need("setsid", "util-linux");
        var cni = CniFolders.FirstOrDefault(folder => CniPlugins.All(plugin => exists(Path.Combine(folder, plugin))));
        if (cni is null)
        {
            problems.Add($"the CNI plugins {string.Join(", ", CniPlugins)} are in none of {string.Join(", ", CniFolders)}");
            packages.Add("containernetworking-plugins");
        }
        if (packages.Count > 0)
        {
            problems.Add($"install with: apt-get install {string.Join(' ', packages)}");
        }
        return problems.Count == 0
            ? new Tools(containerd, ctr, runc, ip, cni!, MayRaisePriority: false)
            : throw new RuntimeException("RuntimeUnavailable", string.Join("; ", problems));
    }

    internal static string? OnPath(string program, Func<string, bool> exists) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Concat(MoreFolders)
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(exists);

    private static bool HasCapability(int number)
    {
        var line = File.ReadLines("/proc/self/status").FirstOrDefault(text => text.StartsWith("CapEff:", StringComparison.Ordinal));
        return line is not null && (ulong.Parse(line.AsSpan(7).Trim(), NumberStyles.HexNumber) >> number & 1) == 1;
    }
}
