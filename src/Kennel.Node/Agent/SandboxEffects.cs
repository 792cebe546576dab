using Kennel.Node.Pods;
using Kennel.Node.Runtime;
using Kennel.Objects.Core;

namespace Kennel.Node.Agent;

/// <summary>Volumes and sandboxes: each method does one step and answers with what is known afterwards.</summary>
sealed class SandboxEffects(Shared shared)
{
    static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan s_longest = TimeSpan.FromSeconds(20);

    readonly IRuntime _runtime = shared.Parts.Runtime;

    public async Task<Func<Facts, Facts>> EnsureVolumes(Observed o, CancellationToken cancel)
    {
        try
        {
            var places = await shared.Volumes.Ensure(o, cancel);
            return facts => facts with { Places = places, VolumeTrouble = null };
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            // A claim is often bound a moment later, and that is no news: only what fails again is told.
            if (o.Facts.VolumeTrouble is not null) shared.Say(o.Pod, new("FailedMount", failed.Message, Warning: true));
            return facts => facts with { VolumeTrouble = Trouble.After(facts.VolumeTrouble, "FailedMount", failed.Message, shared.Now, s_first, s_longest) };
        }
    }

    public async Task<Func<Facts, Facts>> RunSandbox(Observed o, uint attempt, CancellationToken cancel)
    {
        try
        {
            var id = await _runtime.RunSandbox(Spec(o.Pod!, attempt), cancel);
            return facts => facts with { Known = facts.Known.Add(id), SandboxTrouble = null };
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            var message = $"Failed to create pod sandbox: {failed.Message}";
            shared.Say(o.Pod, new("FailedCreatePodSandBox", message, Warning: true));
            return facts => facts with { SandboxTrouble = Trouble.After(facts.SandboxTrouble, "FailedCreatePodSandBox", message, shared.Now, s_first, s_longest) };
        }
    }

    public async Task<Func<Facts, Facts>> StopSandbox(string id, CancellationToken cancel)
    {
        await _runtime.StopSandbox(id, cancel);
        return facts => facts with { Retired = facts.Retired.Add(id) };
    }

    public async Task<Func<Facts, Facts>> RemoveSandbox(Observed o, string id, CancellationToken cancel)
    {
        var last = o.Sandboxes.First(s => s.Id == id);
        await _runtime.RemoveSandbox(id, cancel);
        return facts =>
        {
            foreach (var c in last.Containers.OrderBy(c => c.Attempt))
                facts = facts.With(c.Name, f => f.Past is { } past && past.Attempt > c.Attempt ? f : f with { Past = c });
            return facts with { Known = facts.Known.Remove(id), SandboxTrouble = null };
        };
    }

    public Func<Facts, Facts> TearDown(Observed o, string uid, bool all)
    {
        try
        {
            shared.Volumes.TearDown(uid, all);
            if (!all) return facts => facts with { Unmounted = true, VolumeTrouble = null };
            if (o.Pod is { } pod) shared.Parts.Host.Remove(shared.Paths.Logs(pod.Metadata.Namespace ?? "", pod.Metadata.Name ?? "", uid));
            else if (o.Sandboxes.Length > 0) shared.Parts.Host.Remove(shared.Paths.Logs(o.Sandboxes[0].Pod.Namespace, o.Sandboxes[0].Pod.Name, uid));
            return facts => facts with { Unmounted = true, TornDown = true, VolumeTrouble = null };
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            return facts => facts with { VolumeTrouble = Trouble.After(facts.VolumeTrouble, "FailedUnmount", failed.Message, shared.Now, s_first, s_longest) };
        }
    }

    SandboxSpec Spec(Pod pod, uint attempt)
    {
        var spec = pod.Spec ?? PodSpec.Empty;
        // What asks for more walls than there are must not run with fewer.
        if (spec.HostUsers == false) throw new NotSupportedException("this node's runtime does not support user namespaces (hostUsers: false)");
        if (!string.IsNullOrEmpty(spec.RuntimeClassName)) throw new NotSupportedException($"no runtime handler for RuntimeClass \"{spec.RuntimeClassName}\" is configured on this node: it has runc, which pods without runtimeClassName get");
        var identity = new PodIdentity(pod.Metadata.Namespace ?? "", pod.Metadata.Name ?? "", pod.Metadata.Uid ?? "");
        var resolv = System.Text.Encoding.UTF8.GetString(shared.Parts.Host.ReadTail("/etc/resolv.conf", 16_384) ?? []);
        var dns = NetworkNames.Dns(pod, shared.Options.ClusterDns, shared.Options.ClusterDomain, NetworkNames.ReadResolvConf(resolv));
        var ports = spec.Containers.SelectMany(c => c.Ports).Where(p => p.HostPort > 0).Select(p => new PortMap(p.Protocol ?? "TCP", p.ContainerPortValue, p.HostPort ?? 0, p.HostIP ?? ""));
        return new(
            identity, attempt, NetworkNames.KernelHostname(pod, shared.Options.ClusterDomain), shared.Paths.Logs(identity.Namespace, identity.Name, identity.Uid), pod.Metadata.Labels, pod.Metadata.Annotations,
            spec.HostNetwork == true ? [] : [.. ports], dns, Qos.Cgroup(shared.Options.CgroupRoot, pod), spec.HostNetwork == true, spec.HostPID == true, spec.HostIPC == true,
            spec.ShareProcessNamespace == true, (spec.SecurityContext?.Sysctls ?? []).ToDictionary(s => s.Name, s => s.Value, StringComparer.Ordinal),
            spec.Containers.Concat(spec.InitContainers).Any(c => c.SecurityContext?.Privileged == true), spec.TerminationGracePeriodSeconds ?? 30)
        {
            Resources = Qos.OfPod(spec),
        };
    }
}
