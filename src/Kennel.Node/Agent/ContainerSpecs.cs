using System.Text;
using Kennel.Node.Pods;
using Kennel.Node.Runtime;
using Kennel.Node.Volumes;
using Kennel.Objects.Core;
using Kennel.Objects.Quantities;

namespace Kennel.Node.Agent;

/// <summary>From a container of the pod's spec to what the runtime is told; makes the files that it mounts.</summary>
sealed class ContainerSpecs(Shared shared)
{
    const string TerminationLog = "/dev/termination-log";
    const int HostsLimit = 1 << 20;

    /// <summary>The node's, in bytes.</summary>
    public long Memory { get; } = Quantity.TryParse(shared.Allocatable.GetValueOrDefault("memory"), out var q) ? q.Value : 0;

    /// <exception cref="VolumeException">The spec names something that isn't there; the message is the status's.</exception>
    public async ValueTask<ContainerSpec> Of(Observed o, Container container, PodStep.StartContainer step, CancellationToken cancel)
    {
        var security = Security.Of(o.Spec, container);
        if ((container.SecurityContext?.RunAsNonRoot ?? o.Spec.SecurityContext?.RunAsNonRoot) == true
            && Security.Forbids(o, container, await shared.Parts.Runtime.Image(step.Image, cancel)) is { } forbidden) throw new VolumeException(forbidden);
        var links = o.Spec.EnableServiceLinks != false;
        var variables = await new Variables(shared.Lookup, space => shared.ServiceVariables(space, links), shared.Allocatable).Of(o, container, cancel);
        var values = variables.ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal);
        string Expanded(string text) => Expand.Text(text, name => values.GetValueOrDefault(name));
        var mounts = Mounting.Of(shared.Parts.Host, container, o.Facts.Places!, name => values.GetValueOrDefault(name));
        AddOwnFiles(o, container, step, mounts);
        return new(
            container.Name, step.Attempt, step.Image, [.. container.Command.Select(Expanded)], [.. container.Args.Select(Expanded)], container.WorkingDir ?? "",
            variables, mounts, SpecHash.Of(container), VolumePaths.LogFile(container.Name, step.Attempt), container.Stdin == true, container.StdinOnce == true, container.Tty == true,
            Qos.Of(o.Pod!, container, Memory), security, Finite: o.Spec.InitContainers.Contains(container) && !Restarts.IsSidecar(container))
        {
            SharesProcessesOf = Target(o, container.Name),
            ResourceText = container.Resources is null ? "" : Encoding.UTF8.GetString(Objects.Json.Write(Resizing.Wanted(container))),
        };
    }

    static string? Target(Observed o, string container)
    {
        if (Ephemeral.TargetOf(o.Spec, container) is not { } target) return null;
        return o.Latest(target) is { } found && Observed.IsLive(found) ? found.Id : throw new VolumeException($"unable to find target container {target}");
    }

    /// <summary>/etc/hosts, the file for last words, and the log's folder.</summary>
    void AddOwnFiles(Observed o, Container container, PodStep.StartContainer step, List<MountSpec> mounts)
    {
        var (host, meta) = (shared.Parts.Host, o.Pod!.Metadata);
        var uid = meta.Uid ?? "";
        host.MakeFolder($"{shared.Paths.Logs(meta.Namespace ?? "", meta.Name ?? "", uid)}/{container.Name}", 0b111_101_101);
        if (mounts.TrueForAll(m => m.ContainerPath != "/etc/hosts"))
        {
            host.WriteFile(shared.Paths.Hosts(uid), Encoding.UTF8.GetBytes(Hosts(o)), 0b110_100_100);
            mounts.Add(new(shared.Paths.Hosts(uid), "/etc/hosts", ReadOnly: container.SecurityContext?.ReadOnlyRootFilesystem == true));
        }
        var words = shared.Paths.TerminationMessage(uid, container.Name, step.Attempt);
        host.MakeFolder(Path.GetDirectoryName(words)!, 0b111_101_101);
        host.WriteFile(words, [], 0b110_110_110);
        mounts.Add(new(words, string.IsNullOrEmpty(container.TerminationMessagePath) ? TerminationLog : container.TerminationMessagePath, ReadOnly: false));
    }

    string Hosts(Observed o) => o.Spec.HostNetwork == true
        ? NetworkNames.HostsOfTheHost(o.Pod!, Encoding.UTF8.GetString(shared.Parts.Host.ReadTail("/etc/hosts", HostsLimit) ?? []))
        : NetworkNames.Hosts(o.Pod!, o.Current?.Ips ?? [], shared.Options.ClusterDomain);
}
