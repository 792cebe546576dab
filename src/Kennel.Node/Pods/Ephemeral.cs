using Kennel.Objects.Core;

namespace Kennel.Node.Pods;

/// <summary>Ephemeral containers (<c>kubectl debug</c>) seen as ordinary ones: without ports, probes and hooks, and never restarted.</summary>
static class Ephemeral
{
    public static IReadOnlyList<Container> Of(PodSpec spec) => [.. spec.EphemeralContainers.Select(AsContainer)];

    /// <summary>All containers of a pod: init containers, then the main ones, then the ephemeral ones.</summary>
    public static IEnumerable<Container> All(PodSpec spec) =>
        spec.EphemeralContainers.Count == 0 ? spec.InitContainers.Concat(spec.Containers) : spec.InitContainers.Concat(spec.Containers).Concat(Of(spec));

    /// <summary>The container whose processes it sees, or null.</summary>
    public static string? TargetOf(PodSpec spec, string container) =>
        spec.EphemeralContainers.FirstOrDefault(c => c.Name == container)?.TargetContainerName is { Length: > 0 } target ? target : null;

    static Container AsContainer(EphemeralContainer e) => new()
    {
        Name = e.Name, Image = e.Image, ImagePullPolicy = e.ImagePullPolicy, Command = e.Command, Args = e.Args, WorkingDir = e.WorkingDir,
        Env = e.Env, EnvFrom = e.EnvFrom, VolumeMounts = e.VolumeMounts, VolumeDevices = e.VolumeDevices, SecurityContext = e.SecurityContext,
        TerminationMessagePath = e.TerminationMessagePath, TerminationMessagePolicy = e.TerminationMessagePolicy,
        Stdin = e.Stdin, StdinOnce = e.StdinOnce, Tty = e.Tty, RestartPolicy = Restarts.Never,
    };
}
