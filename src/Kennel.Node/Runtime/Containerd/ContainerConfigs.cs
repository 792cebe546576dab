using Google.Protobuf;
using Kennel.Node.Runtime.Cri;

namespace Kennel.Node.Runtime.Containerd;

/// <summary>A container in CRI's words.</summary>
internal static class ContainerConfigs
{
    public const string SpecHashKey = "kennel.io/spec-hash";
    public const string ResourcesKey = "kennel.io/resources";
    private const long CpuPeriodMicroseconds = 100_000;

    // containerd hides nothing by itself: these are the paths that upstream hides from unprivileged containers.
    private static readonly string[] MaskedPaths =
    [
        "/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/sched_debug", "/proc/scsi",
        "/proc/timer_list", "/proc/timer_stats", "/sys/devices/virtual/powercap", "/sys/firmware",
    ];

    private static readonly string[] ReadOnlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

    public static ContainerConfig Of(ContainerSpec spec, NamespaceOption namespaces)
    {
        var config = new ContainerConfig
        {
            Metadata = new ContainerMetadata { Name = spec.Name, Attempt = spec.Attempt },
            Image = new ImageSpec { Image = spec.Image },
            WorkingDir = spec.WorkingDirectory,
            LogPath = spec.LogFile,
            Stdin = spec.Stdin,
            StdinOnce = spec.StdinOnce,
            Tty = spec.Tty,
            Linux = new LinuxContainerConfig { Resources = Resources(spec.Resources), SecurityContext = Security(spec.Security, namespaces) },
        };
        config.Command.AddRange(spec.Command);
        config.Args.AddRange(spec.Arguments);
        config.Envs.AddRange(spec.Environment.Select(pair => new KeyValue { Key = pair.Key, Value = ByteString.CopyFromUtf8(pair.Value) }));
        config.Mounts.AddRange(spec.Mounts.Select(Mount));
        config.Annotations[SpecHashKey] = spec.SpecHash;
        config.Annotations[ResourcesKey] = spec.ResourceText;
        return config;
    }

    private static Mount Mount(MountSpec mount) => new()
    {
        HostPath = mount.HostPath,
        ContainerPath = mount.ContainerPath,
        Readonly = mount.ReadOnly,
        Propagation = mount.Propagation switch
        {
            "HostToContainer" => MountPropagation.PropagationHostToContainer,
            "Bidirectional" => MountPropagation.PropagationBidirectional,
            _ => MountPropagation.PropagationPrivate,
        },
    };

    public static LinuxContainerResources Resources(ResourceSpec resources) => new()
    {
        CpuShares = resources.CpuShares,
        CpuPeriod = resources.CpuQuota > 0 ? CpuPeriodMicroseconds : 0,
        CpuQuota = resources.CpuQuota,
        MemoryLimitInBytes = resources.MemoryLimit,
        OomScoreAdj = resources.OomScoreAdjustment,
    };

    private static LinuxContainerSecurityContext Security(SecuritySpec security, NamespaceOption namespaces)
    {
        var context = new LinuxContainerSecurityContext
        {
            Privileged = security.Privileged,
            NamespaceOptions = namespaces,
            RunAsUser = security.RunAsUser is { } user ? new Int64Value { Value = user } : null,
            RunAsUsername = security.RunAsUserName ?? "",
            RunAsGroup = security.RunAsGroup is { } group ? new Int64Value { Value = group } : null,
            ReadonlyRootfs = security.ReadOnlyRoot,
            NoNewPrivs = security.NoNewPrivileges,
            Capabilities = new Capability(),
            Seccomp = Seccomp(security.Seccomp),
        };
        context.Capabilities.AddCapabilities.AddRange(security.AddCapabilities);
        context.Capabilities.DropCapabilities.AddRange(security.DropCapabilities);
        context.SupplementalGroups.AddRange(security.SupplementalGroups);
        if (!security.Privileged && !security.UnmaskedProc)
        {
            context.MaskedPaths.AddRange(MaskedPaths);
            context.ReadonlyPaths.AddRange(ReadOnlyPaths);
        }
        return context;
    }

    /// <summary><c>RuntimeDefault</c>, <c>Localhost/path</c>, or anything else for none.</summary>
    private static SecurityProfile Seccomp(string profile) => profile switch
    {
        "RuntimeDefault" => new SecurityProfile { ProfileType = SecurityProfile.Types.ProfileType.RuntimeDefault },
        _ when profile.StartsWith("Localhost/", StringComparison.Ordinal) =>
            new SecurityProfile { ProfileType = SecurityProfile.Types.ProfileType.Localhost, LocalhostRef = profile["Localhost/".Length..] },
        _ => new SecurityProfile { ProfileType = SecurityProfile.Types.ProfileType.Unconfined },
    };
}
