using Kennel.Node.Runtime.Cri;

namespace Kennel.Node.Runtime.Containerd;

/// <summary>What CRI says about sandboxes and containers, in our words.</summary>
internal static class States
{
    public static SandboxState Sandbox(PodSandboxStatus status, IEnumerable<ContainerStatus> containers) => new(
        status.Id,
        new PodIdentity(status.Metadata.Namespace, status.Metadata.Name, status.Metadata.Uid),
        status.Metadata.Attempt,
        status.State == PodSandboxState.SandboxReady,
        Time(status.CreatedAt) ?? DateTimeOffset.UnixEpoch,
        Addresses(status.Network),
        [.. containers.Select(Container).OrderBy(container => container.CreatedAt).ThenBy(container => container.Id, StringComparer.Ordinal)],
        SandboxConfigs.GraceSeconds(status));

    public static ContainerState Container(ContainerStatus status) => new(
        status.Id, status.Metadata.Name, status.Metadata.Attempt, Phase(status.State),
        Time(status.CreatedAt) ?? DateTimeOffset.UnixEpoch, Time(status.StartedAt), Time(status.FinishedAt),
        status.ExitCode, status.Reason, status.Message, status.ImageRef, status.Annotations.GetValueOrDefault(ContainerConfigs.SpecHashKey, ""))
    {
        Resources = status.Annotations.GetValueOrDefault(ContainerConfigs.ResourcesKey, ""),
    };

    public static ImageState Image(Image image) => new(
        image.Id, [.. image.RepoTags], [.. image.RepoDigests], (long)image.Size, image.Uid?.Value, image.Username.Length > 0 ? image.Username : null);

    private static IReadOnlyList<string> Addresses(PodSandboxNetworkStatus? network) =>
        network is null or { Ip: "" } ? [] : [network.Ip, .. network.AdditionalIps.Select(address => address.Ip)];

    private static ContainerPhase Phase(Cri.ContainerState state) => state switch
    {
        Cri.ContainerState.ContainerCreated => ContainerPhase.Created,
        Cri.ContainerState.ContainerRunning => ContainerPhase.Running,
        Cri.ContainerState.ContainerExited => ContainerPhase.Exited,
        _ => ContainerPhase.Unknown,
    };

    /// <summary>CRI's nanoseconds since 1970; 0 for never.</summary>
    private static DateTimeOffset? Time(long nanoseconds) => nanoseconds <= 0 ? null : DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / 100);
}
