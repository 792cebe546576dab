using Kennel.Node.Runtime;
using Kennel.Node.Tests.Containers;

namespace Kennel.Node.Tests.Runtime;

public sealed class PodLifeTests(ContainerdFixture containerd) : IClassFixture<ContainerdFixture>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [ContainerFact]
    public async Task A_pod_has_its_hostname_its_address_and_the_clusters_dns()
    {
        var (sandbox, main) = await containerd.Run(containerd.Sandbox("web-0"), TestPods.Shell("main", "sleep 1000"));

        (await containerd.Output(main, "hostname")).ShouldBe("web-0\n");
        var state = (await containerd.Runtime.Sandbox(sandbox, None))!;
        state.Ready.ShouldBeTrue();
        var ip = state.Ips.ShouldHaveSingleItem();
        (await containerd.Output(main, "ip", "-4", "addr", "show", "eth0")).ShouldContain($"inet {ip}/24");
        var resolv = await containerd.Output(main, "cat", "/etc/resolv.conf");
        resolv.ShouldContain("nameserver 10.96.0.10");
        resolv.ShouldContain("search default.svc.cluster.local");
        resolv.ShouldContain("options ndots:5");
        state.Containers.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            container => container.Name.ShouldBe("main"),
            container => container.Phase.ShouldBe(ContainerPhase.Running),
            container => container.StartedAt.ShouldNotBeNull(),
            container => container.SpecHash.ShouldBe("hash-1"));
    }

    [ContainerFact]
    public async Task Environment_and_mounts_reach_the_container()
    {
        var shared = Directory.CreateDirectory(Path.Combine(containerd.Options.DataDirectory, "volume")).FullName;
        await File.WriteAllTextAsync(Path.Combine(shared, "state.json"), "{\"visits\":3}");
        var spec = TestPods.Shell("main", "sleep 1000") with
        {
            Environment = [new("POD_NAME", "web-0"), new("EMPTY", "")],
            Mounts = [new MountSpec(shared, "/app/data", ReadOnly: false), new MountSpec(shared, "/fixed", ReadOnly: true)],
            WorkingDirectory = "/app",
        };
        var (_, main) = await containerd.Run(containerd.Sandbox("mounts"), spec);

        (await containerd.Output(main, "sh", "-c", "echo $POD_NAME $FROM_IMAGE; pwd; cat data/state.json")).ShouldBe("web-0 yes\n/app\n{\"visits\":3}");
        await containerd.Output(main, "sh", "-c", "echo 4 > data/new; ! touch /fixed/x 2>/dev/null");
        (await File.ReadAllTextAsync(Path.Combine(shared, "new"))).ShouldBe("4\n");
    }

    [ContainerFact]
    public async Task An_exit_code_is_told_with_its_reason()
    {
        var (sandbox, good) = await containerd.Run(containerd.Sandbox("exits"), TestPods.Shell("good", "exit 0"));
        var bad = await containerd.Runtime.CreateContainer(sandbox, TestPods.Shell("bad", "exit 7"), None);
        await containerd.Runtime.StartContainer(bad, None);

        (await containerd.Ended(sandbox, good)).ShouldSatisfyAllConditions(
            state => state.ExitCode.ShouldBe(0), state => state.Reason.ShouldBe("Completed"), state => state.FinishedAt.ShouldNotBeNull());
        (await containerd.Ended(sandbox, bad)).ShouldSatisfyAllConditions(state => state.ExitCode.ShouldBe(7), state => state.Reason.ShouldBe("Error"));
    }

    [ContainerFact]
    public async Task A_container_beyond_its_memory_limit_is_OOMKilled()
    {
        var spec = TestPods.Shell("greedy", "tail /dev/zero") with { Resources = TestPods.NoLimits with { MemoryLimit = 24 << 20 } };
        var (sandbox, greedy) = await containerd.Run(containerd.Sandbox("oom"), spec);

        (await containerd.Ended(sandbox, greedy)).ShouldSatisfyAllConditions(state => state.ExitCode.ShouldBe(137), state => state.Reason.ShouldBe("OOMKilled"));
    }

    [ContainerFact]
    public async Task A_command_that_isnt_there_fails_the_start_and_is_remembered()
    {
        var sandbox = await containerd.Runtime.RunSandbox(containerd.Sandbox("no-command"), None);
        var id = await containerd.Runtime.CreateContainer(sandbox, TestPods.Container("main", "/no/such/program"), None);

        var refusal = await Should.ThrowAsync<RuntimeException>(() => containerd.Runtime.StartContainer(id, None));

        refusal.Reason.ShouldBe("RunContainerError");
        refusal.Message.ShouldContain("/no/such/program");
        refusal.Message.ShouldContain("no such file or directory");
        var state = (await containerd.Runtime.Sandbox(sandbox, None))!.Containers.ShouldHaveSingleItem();
        (state.Phase, state.ExitCode, state.Reason).ShouldBe((ContainerPhase.Exited, 128, "StartError"));
    }

    [ContainerFact]
    public async Task Stopping_asks_first_and_kills_only_after_the_grace_period()
    {
        var polite = TestPods.Shell("polite", "trap 'echo bye; exit 3' TERM; while true; do sleep 0.05; done");
        var (sandbox, good) = await containerd.Run(containerd.Sandbox("grace"), polite);
        var deaf = await containerd.Runtime.CreateContainer(sandbox, TestPods.Shell("deaf", "trap '' TERM; while true; do sleep 0.05; done"), None);
        await containerd.Runtime.StartContainer(deaf, None);

        await containerd.Runtime.StopContainer(good, TimeSpan.FromSeconds(30), None);
        await containerd.Runtime.StopContainer(deaf, TimeSpan.FromSeconds(1), None);

        (await containerd.Ended(sandbox, good)).ExitCode.ShouldBe(3);
        (await containerd.Ended(sandbox, deaf)).ExitCode.ShouldBe(137);
    }

    [ContainerFact]
    public async Task Stopping_and_removing_what_is_gone_succeeds()
    {
        var (sandbox, main) = await containerd.Run(containerd.Sandbox("twice"), TestPods.Shell("main", "sleep 1000"));
        for (var i = 0; i < 2; i++)
        {
            await containerd.Runtime.StopContainer(main, TimeSpan.Zero, None);
            await containerd.Runtime.RemoveContainer(main, None);
            await containerd.Runtime.StopSandbox(sandbox, None);
            await containerd.Runtime.RemoveSandbox(sandbox, None);
        }
        (await containerd.Runtime.Sandbox(sandbox, None)).ShouldBeNull();
        (await containerd.Runtime.Snapshot(None)).Sandboxes.ShouldNotContain(state => state.Id == sandbox);
    }

    [ContainerFact]
    public async Task A_command_in_a_container_answers_with_its_output_or_times_out()
    {
        var (_, main) = await containerd.Run(containerd.Sandbox("exec"), TestPods.Shell("main", "sleep 1000"));

        var outcome = await containerd.Runtime.Exec(main, ["sh", "-c", "echo out; echo err >&2; exit 5"], TimeSpan.FromSeconds(10), None);
        (outcome.ExitCode, Text(outcome.Stdout), Text(outcome.Stderr), outcome.TimedOut).ShouldBe((5, "out\n", "err\n", false));
        (await containerd.Runtime.Exec(main, ["sleep", "100"], TimeSpan.FromSeconds(1), None)).TimedOut.ShouldBeTrue();
        var refusal = await Should.ThrowAsync<RuntimeException>(() => containerd.Runtime.Exec(main, ["/nothing"], TimeSpan.FromSeconds(10), None));
        refusal.Message.ShouldContain("/nothing");
    }

    [ContainerFact]
    public async Task Security_settings_hold()
    {
        var spec = TestPods.Shell("main", "sleep 1000") with
        {
            Security = TestPods.Ordinary with
            {
                RunAsUser = 1234, RunAsGroup = 2345, SupplementalGroups = [3456], ReadOnlyRoot = true, NoNewPrivileges = true, DropCapabilities = ["ALL"], Seccomp = "RuntimeDefault",
            },
        };
        var (_, main) = await containerd.Run(containerd.Sandbox("secure"), spec);

        (await containerd.Output(main, "id")).ShouldContain("uid=1234 gid=2345 groups=2345,3456");
        var status = await containerd.Output(main, "cat", "/proc/1/status");
        status.ShouldContain("NoNewPrivs:\t1");
        status.ShouldContain("Seccomp:\t2");
        status.ShouldContain("CapEff:\t0000000000000000");
        await containerd.Output(main, "sh", "-c", "! touch /file 2>/dev/null; ! cat /proc/kcore 2>/dev/null | grep -q .");
    }

    [ContainerFact]
    public async Task A_privileged_container_sees_the_machines_devices()
    {
        var spec = TestPods.Shell("main", "sleep 1000") with { Security = TestPods.Ordinary with { Privileged = true } };
        var (_, main) = await containerd.Run(containerd.Sandbox("privileged") with { Privileged = true, SharePid = true }, spec);

        (await containerd.Output(main, "ls", "/dev")).Split('\n').ShouldContain("loop-control");
        (await containerd.Output(main, "ps")).ShouldContain("/pause"); // processes are shared with the sandbox's
    }

    [ContainerFact]
    public async Task A_pod_on_the_hosts_network_has_the_hosts_name_and_no_address_of_its_own()
    {
        var (sandbox, main) = await containerd.Run(containerd.Sandbox("host") with { HostNetwork = true, Dns = null }, TestPods.Shell("main", "sleep 1000"));

        (await containerd.Runtime.Sandbox(sandbox, None))!.Ips.ShouldBeEmpty();
        (await containerd.Output(main, "hostname")).Trim().ShouldBe(Environment.MachineName);
    }

    private static string Text(byte[] bytes) => System.Text.Encoding.UTF8.GetString(bytes);
}
