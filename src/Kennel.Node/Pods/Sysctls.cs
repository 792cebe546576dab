using Kennel.Objects.Core;

namespace Kennel.Node.Pods;

/// <summary>Which kernel settings a pod may have: those that stay inside its namespaces and harm nobody else. Pure.</summary>
public static class Sysctls
{
    static readonly string[] s_safe =
    [
        "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports", "net.ipv4.ip_unprivileged_port_start", "net.ipv4.ping_group_range",
        "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_rmem", "net.ipv4.tcp_syncookies", "net.ipv4.tcp_wmem",
    ];

    /// <summary>What a node refuses a pod with, or null.</summary>
    /// <param name="unsafeToo">What the node's owner allows besides, also <c>kernel.msg*</c>.</param>
    public static Refused? Forbidden(PodSpec spec, IReadOnlyList<string> unsafeToo)
    {
        foreach (var sysctl in spec.SecurityContext?.Sysctls ?? [])
        {
            var name = sysctl.Name.Replace('/', '.');
            if (!s_safe.Contains(name) && !unsafeToo.Any(pattern => Matches(name, pattern))) return new("SysctlForbidden", $"forbidden sysctl: \"{name}\" not allowlisted");
            if (spec.HostNetwork == true && name.StartsWith("net.", StringComparison.Ordinal)) return new("SysctlForbidden", $"forbidden sysctl: \"{name}\" not allowed with host net enabled");
            if (spec.HostIPC == true && name.StartsWith("kernel.", StringComparison.Ordinal)) return new("SysctlForbidden", $"forbidden sysctl: \"{name}\" not allowed with host ipc enabled");
        }
        return null;
    }

    static bool Matches(string name, string pattern) => pattern.EndsWith('*') ? name.StartsWith(pattern[..^1], StringComparison.Ordinal) : name == pattern;
}
