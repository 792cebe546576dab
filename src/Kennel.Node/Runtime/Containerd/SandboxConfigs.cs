using System.Globalization;
using Kennel.Node.Runtime.Cri;

namespace Kennel.Node.Runtime.Containerd;

/// <summary>A pod's sandbox in CRI's words, and back.</summary>
internal static class SandboxConfigs
{
    // Kept with the sandbox, because a container's creation needs them again, perhaps after a restart of ours.
    private const string LogFolderKey = "kennel.io/log-folder";
    private const string CgroupParentKey = "kennel.io/cgroup-parent";
    private const string HostnameKey = "kennel.io/hostname";
    private const string GraceKey = "kennel.io/grace-seconds";
    private const string PrivilegedKey = "kennel.io/privileged";

    public static PodSandboxConfig Of(SandboxSpec spec)
    {
        var config = new PodSandboxConfig
        {
            Metadata = new PodSandboxMetadata { Name = spec.Pod.Name, Namespace = spec.Pod.Namespace, Uid = spec.Pod.Uid, Attempt = spec.Attempt },
            Hostname = spec.HostNetwork ? "" : spec.Hostname,
            LogDirectory = spec.LogFolder,
            Linux = new LinuxPodSandboxConfig
            {
                CgroupParent = spec.CgroupParent,
                SecurityContext = new LinuxSandboxSecurityContext
                {
                    Privileged = spec.Privileged,
                    NamespaceOptions = Namespaces(spec),
                    Seccomp = new SecurityProfile { ProfileType = spec.Privileged ? SecurityProfile.Types.ProfileType.Unconfined : SecurityProfile.Types.ProfileType.RuntimeDefault },
                },
            },
        };
        config.Labels.Add(spec.Labels.ToDictionary());
        config.Annotations.Add(spec.Annotations.ToDictionary());
        config.Annotations[LogFolderKey] = spec.LogFolder;
        config.Annotations[CgroupParentKey] = spec.CgroupParent;
        config.Annotations[HostnameKey] = spec.Hostname;
        config.Annotations[GraceKey] = spec.GraceSeconds.ToString(CultureInfo.InvariantCulture);
        config.Annotations[PrivilegedKey] = spec.Privileged ? "true" : "false";
        config.Linux.Sysctls.Add(spec.Sysctls.ToDictionary());
        config.PortMappings.AddRange(spec.Ports.Select(Port));
        if (spec.Dns is { } dns)
        {
            config.DnsConfig = new DNSConfig();
            config.DnsConfig.Servers.AddRange(dns.Servers);
            config.DnsConfig.Searches.AddRange(dns.Searches);
            config.DnsConfig.Options.AddRange(dns.Options);
        }
        return config;
    }

    /// <summary>As much of the configuration as a container's creation asks for, from what the runtime remembers.</summary>
    /// <param name="privileged">The container that is made now is: one may be put into a pod that was made without any.</param>
    public static PodSandboxConfig Remembered(PodSandboxStatus status, bool privileged)
    {
        var config = new PodSandboxConfig
        {
            Metadata = status.Metadata,
            Hostname = status.Annotations.GetValueOrDefault(HostnameKey, ""),
            LogDirectory = LogFolder(status),
            Linux = new LinuxPodSandboxConfig
            {
                CgroupParent = CgroupParent(status),
                SecurityContext = new LinuxSandboxSecurityContext
                {
                    NamespaceOptions = status.Linux?.Namespaces?.Options ?? new NamespaceOption(),
                    Privileged = privileged || status.Annotations.GetValueOrDefault(PrivilegedKey) == "true",
                },
            },
        };
        config.Labels.Add(status.Labels);
        config.Annotations.Add(status.Annotations);
        return config;
    }

    /// <summary>30 s, the default of pods, where an older kennel made the sandbox.</summary>
    public static long GraceSeconds(PodSandboxStatus status) =>
        long.TryParse(status.Annotations.GetValueOrDefault(GraceKey, ""), CultureInfo.InvariantCulture, out var seconds) ? seconds : 30;

    public static string LogFolder(PodSandboxStatus status) => status.Annotations.GetValueOrDefault(LogFolderKey, "");

    public static string CgroupParent(PodSandboxStatus status) => status.Annotations.GetValueOrDefault(CgroupParentKey, "");

    /// <param name="target">The container whose processes the new one sees, or null.</param>
    public static NamespaceOption Namespaces(PodSandboxStatus status, string? target)
    {
        var options = status.Linux?.Namespaces?.Options?.Clone() ?? new NamespaceOption();
        if (target is null || options.Pid != NamespaceMode.Container)
        {
            return options; // where all share one anyway, there is nothing to choose
        }
        (options.Pid, options.TargetId) = (NamespaceMode.Target, target);
        return options;
    }

    private static NamespaceOption Namespaces(SandboxSpec spec) => new()
    {
        Network = spec.HostNetwork ? NamespaceMode.Node : NamespaceMode.Pod,
        Ipc = spec.HostIpc ? NamespaceMode.Node : NamespaceMode.Pod,
        Pid = spec.HostPid ? NamespaceMode.Node : spec.SharePid ? NamespaceMode.Pod : NamespaceMode.Container,
    };

    private static PortMapping Port(PortMap port) => new()
    {
        Protocol = Enum.TryParse<Protocol>(port.Protocol, ignoreCase: true, out var protocol) ? protocol : Protocol.Tcp,
        ContainerPort = port.ContainerPort,
        HostPort = port.HostPort,
        HostIp = port.HostIp,
    };
}
