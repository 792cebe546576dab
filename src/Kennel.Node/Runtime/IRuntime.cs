namespace Kennel.Node.Runtime;

/// <summary>
/// Runs pods: containerd over CRI, or the simulated one. Calls are idempotent where CRI's are: stopping or removing what is gone succeeds.
/// </summary>
public interface IRuntime : IAsyncDisposable
{
    /// <summary>For <c>status.nodeInfo.containerRuntimeVersion</c>: <c>containerd://1.6.20</c>.</summary>
    string Version { get; }

    /// <summary>Everything that runs or lies around for this instance.</summary>
    Task<RuntimeSnapshot> Snapshot(CancellationToken cancel);

    /// <summary>One sandbox with its containers, or null when it is gone.</summary>
    Task<SandboxState?> Sandbox(string sandboxId, CancellationToken cancel);

    /// <summary>Makes the pod's namespaces and network; returns its id.</summary>
    Task<string> RunSandbox(SandboxSpec spec, CancellationToken cancel);

    Task StopSandbox(string sandboxId, CancellationToken cancel);

    Task RemoveSandbox(string sandboxId, CancellationToken cancel);

    Task<string> CreateContainer(string sandboxId, ContainerSpec spec, CancellationToken cancel);

    Task StartContainer(string containerId, CancellationToken cancel);

    /// <summary>TERM (or the image's stop signal), then KILL after the grace period.</summary>
    Task StopContainer(string containerId, TimeSpan grace, CancellationToken cancel);

    Task RemoveContainer(string containerId, CancellationToken cancel);

    /// <summary>Changes CPU and memory of a container that runs.</summary>
    /// <exception cref="RuntimeException">The kernel refuses: it uses more memory than it shall have.</exception>
    Task UpdateContainer(string containerId, ResourceSpec resources, CancellationToken cancel);

    /// <summary>Changes what all containers of a pod together may use.</summary>
    Task UpdatePod(string cgroupParent, ResourceSpec resources, CancellationToken cancel);

    /// <summary>The image as it is here, or null when it isn't.</summary>
    Task<ImageState?> Image(string reference, CancellationToken cancel);

    /// <summary>All images that are here.</summary>
    Task<IReadOnlyList<ImageState>> Images(CancellationToken cancel);

    /// <summary>Removes an image by its id, with all its names.</summary>
    Task RemoveImage(string id, CancellationToken cancel);

    /// <summary>Bytes that the containers of a sandbox have written into their own file systems, by container name.</summary>
    Task<IReadOnlyDictionary<string, long>> WrittenBytes(string sandboxId, CancellationToken cancel);

    /// <summary>Fetches an image from its registry; returns the reference to run it by.</summary>
    /// <exception cref="RuntimeException">The registry can't be reached or hasn't the image.</exception>
    Task<string> PullImage(string reference, RegistryLogin? login, CancellationToken cancel);

    /// <summary>Runs a command in a container and waits for it (probes, hooks).</summary>
    Task<ExecOutcome> Exec(string containerId, IReadOnlyList<string> command, TimeSpan timeout, CancellationToken cancel);

    /// <summary>Where a SPDY upgrade gets an exec, attach or port-forward session.</summary>
    Task<Uri> Stream(StreamRequest request, CancellationToken cancel);

    /// <summary>Starts writing a new log file after the old one was moved away.</summary>
    Task ReopenLog(string containerId, CancellationToken cancel);

    /// <summary>
    /// Which containers something happened to: <c>exit</c> or <c>oom</c>. An empty container id with the kind <c>relist</c> means that events
    /// may have been missed (at first, after each reconnection, and every ten quiet seconds): look at everything again.
    /// </summary>
    IAsyncEnumerable<RuntimeEvent> Events(CancellationToken cancel);
}

public sealed record RuntimeSnapshot(IReadOnlyList<SandboxState> Sandboxes);

/// <param name="Attempt">How often this pod's sandbox was made before.</param>
/// <param name="Ips">Pod addresses; empty for host network.</param>
public sealed record SandboxState(
    string Id, PodIdentity Pod, uint Attempt, bool Ready, DateTimeOffset CreatedAt, IReadOnlyList<string> Ips, IReadOnlyList<ContainerState> Containers,
    long GraceSeconds = 30);

public sealed record PodIdentity(string Namespace, string Name, string Uid);

/// <param name="Name">The container's name in the pod.</param>
/// <param name="Attempt">How often this container was made before in this sandbox's pod: its restart count.</param>
/// <param name="Reason">Completed, Error, OOMKilled, StartError, ContainerCannotRun.</param>
/// <param name="SpecHash">What <see cref="ContainerSpec.SpecHash"/> was given at creation.</param>
public sealed record ContainerState(
    string Id, string Name, uint Attempt, ContainerPhase Phase, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt,
    int ExitCode, string Reason, string Message, string ImageId, string SpecHash)
{
    /// <summary>What <see cref="ContainerSpec.ResourceText"/> was given at creation.</summary>
    public string Resources { get; init; } = "";
}

public enum ContainerPhase { Created, Running, Exited, Unknown }

/// <param name="LogFolder">Container logs go below it; the runtime makes it.</param>
/// <param name="CgroupParent">The pod's cgroup, below which its containers' are made, <c>/kubepods/burstable/pod&lt;uid&gt;</c>; removed with the sandbox. Empty for the runtime's default.</param>
/// <param name="GraceSeconds">How long its containers may take to stop when everything is stopped: kept with the sandbox, since then the API isn't asked.</param>
/// <param name="Privileged">Some container of the pod is privileged: runtimes refuse one in a sandbox that isn't.</param>
public sealed record SandboxSpec(
    PodIdentity Pod, uint Attempt, string Hostname, string LogFolder, IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> Annotations,
    IReadOnlyList<PortMap> Ports, DnsSpec? Dns, string CgroupParent, bool HostNetwork, bool HostPid, bool HostIpc, bool SharePid,
    IReadOnlyDictionary<string, string> Sysctls, bool Privileged = false, long GraceSeconds = 30)
{
    /// <summary>What all its containers together may use; null for no bounds of the pod's own.</summary>
    public ResourceSpec? Resources { get; init; }
}

public sealed record PortMap(string Protocol, int ContainerPort, int HostPort, string HostIp);

public sealed record DnsSpec(IReadOnlyList<string> Servers, IReadOnlyList<string> Searches, IReadOnlyList<string> Options);

/// <param name="Image">As <see cref="IRuntime.PullImage"/> or <see cref="ImageState.Id"/> gave it.</param>
/// <param name="SpecHash">Kept with the container so that a changed spec is noticed after a restart of ours.</param>
/// <param name="LogFile">Relative to the sandbox's log folder: <c>main/0.log</c>.</param>
/// <param name="Finite">It is meant to end by itself (an init container): tells the simulated runtime to end it.</param>
public sealed record ContainerSpec(
    string Name, uint Attempt, string Image, IReadOnlyList<string> Command, IReadOnlyList<string> Arguments, string WorkingDirectory,
    IReadOnlyList<KeyValuePair<string, string>> Environment, IReadOnlyList<MountSpec> Mounts, string SpecHash, string LogFile,
    bool Stdin, bool StdinOnce, bool Tty, ResourceSpec Resources, SecuritySpec Security, bool Finite = false)
{
    /// <summary>Id of the container of the same pod whose processes it sees, or null.</summary>
    public string? SharesProcessesOf { get; init; }

    /// <summary>The resources in the API's words: kept with the container, to know after a restart of ours what it was given.</summary>
    public string ResourceText { get; init; } = "";
}

/// <param name="Propagation">None, HostToContainer or Bidirectional.</param>
public sealed record MountSpec(string HostPath, string ContainerPath, bool ReadOnly, string Propagation = "None");

/// <param name="CpuShares">cgroup weight in shares (1024 a core).</param>
/// <param name="CpuQuota">Microseconds a period of 100 ms; 0 for no limit.</param>
/// <param name="MemoryLimit">Bytes; 0 for no limit.</param>
public sealed record ResourceSpec(long CpuShares, long CpuQuota, long MemoryLimit, long OomScoreAdjustment);

public sealed record SecuritySpec(
    bool Privileged, long? RunAsUser, string? RunAsUserName, long? RunAsGroup, IReadOnlyList<long> SupplementalGroups, bool ReadOnlyRoot, bool NoNewPrivileges,
    IReadOnlyList<string> AddCapabilities, IReadOnlyList<string> DropCapabilities, string Seccomp, bool UnmaskedProc = false);

/// <param name="User">The numeric user of the image's config, when it has one.</param>
public sealed record ImageState(string Id, IReadOnlyList<string> Tags, IReadOnlyList<string> Digests, long Size, long? User, string? UserName);

public sealed record RegistryLogin(string User, string Password);

public sealed record ExecOutcome(int ExitCode, byte[] Stdout, byte[] Stderr, bool TimedOut);

/// <param name="Kind">exec, attach or portforward.</param>
/// <param name="Id">A container id; for portforward a sandbox id.</param>
public sealed record StreamRequest(string Kind, string Id, IReadOnlyList<string> Command, bool Stdin, bool Stdout, bool Stderr, bool Tty);

/// <param name="ContainerId">What it happened to; a sandbox's own id for the sandbox.</param>
public sealed record RuntimeEvent(string ContainerId, string Kind);

/// <summary>The runtime refused or failed. <c>Reason</c> is the word for the container's status: ErrImagePull, CreateContainerError, RunContainerError.</summary>
public sealed class RuntimeException(string reason, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Reason { get; } = reason;
}
