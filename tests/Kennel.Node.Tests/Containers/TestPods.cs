using Kennel.Node.Runtime;

namespace Kennel.Node.Tests.Containers;

/// <summary>Short words for making pods in tests.</summary>
public static class TestPods
{
    private static int _count;

    public static readonly ResourceSpec NoLimits = new(CpuShares: 2, CpuQuota: 0, MemoryLimit: 0, OomScoreAdjustment: 1000);

    public static readonly SecuritySpec Ordinary = new(
        Privileged: false, RunAsUser: null, RunAsUserName: null, RunAsGroup: null, SupplementalGroups: [], ReadOnlyRoot: false, NoNewPrivileges: false,
        AddCapabilities: [], DropCapabilities: [], Seccomp: "Unconfined");

    public static SandboxSpec Sandbox(this ContainerdFixture fixture, string name)
    {
        var uid = $"{fixture.Options.InstanceId}-{Interlocked.Increment(ref _count)}";
        return new SandboxSpec(new PodIdentity("default", name, uid), 0, name, Path.Combine(fixture.LogRoot, $"default_{name}_{uid}"),
            new Dictionary<string, string>(), new Dictionary<string, string>(), [], new DnsSpec(["10.96.0.10"], ["default.svc.cluster.local"], ["ndots:5"]),
            $"/kubepods/besteffort/pod{uid}", HostNetwork: false, HostPid: false, HostIpc: false, SharePid: false, new Dictionary<string, string>());
    }

    public static ContainerSpec Container(string name, params string[] command) => new(
        name, 0, BusyboxImage.Tag, command, [], "", [], [], "hash-1", $"{name}/0.log", Stdin: false, StdinOnce: false, Tty: false, NoLimits, Ordinary);

    public static ContainerSpec Shell(string name, string script) => Container(name, "sh", "-c", script);

    public static async Task<(string Sandbox, string Container)> Run(this ContainerdFixture fixture, SandboxSpec sandbox, ContainerSpec container)
    {
        var sandboxId = await fixture.Runtime.RunSandbox(sandbox, CancellationToken.None);
        var id = await fixture.Runtime.CreateContainer(sandboxId, container, CancellationToken.None);
        await fixture.Runtime.StartContainer(id, CancellationToken.None);
        return (sandboxId, id);
    }

    /// <summary>The container's state once it has exited.</summary>
    public static async Task<ContainerState> Ended(this ContainerdFixture fixture, string sandboxId, string containerId)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await foreach (var _ in fixture.Runtime.Events(patience.Token)) // the first event comes at once and says: look
        {
            var state = (await fixture.Runtime.Sandbox(sandboxId, patience.Token))!.Containers.Single(container => container.Id == containerId);
            if (state.Phase == ContainerPhase.Exited)
            {
                return state;
            }
        }
        throw new TimeoutException("the container didn't end in a minute");
    }

    public static async Task<string> Output(this ContainerdFixture fixture, string containerId, params string[] command)
    {
        var outcome = await fixture.Runtime.Exec(containerId, command, TimeSpan.FromSeconds(30), CancellationToken.None);
        outcome.ExitCode.ShouldBe(0, System.Text.Encoding.UTF8.GetString(outcome.Stderr));
        return System.Text.Encoding.UTF8.GetString(outcome.Stdout);
    }
}
