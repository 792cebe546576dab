using System.Diagnostics;
using System.Globalization;
using Kennel.Node.Runtime;
using Kennel.Node.Runtime.Containerd;
using Kennel.Node.Tests.Containers;

namespace Kennel.Node.Tests.Runtime;

public sealed class TakeoverTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [ContainerFact]
    public async Task Pods_outlive_a_killed_kennel_and_are_taken_over()
    {
        var options = ContainerdFixture.NextOptions();
        var number = int.Parse(options.InstanceId.Split('x')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var ids = await RunChildAndKillIt(number);

        await using (var runtime = await ContainerdRuntime.Start(options, TimeProvider.System, None))
        {
            runtime.TakenOver.ShouldBeTrue();
            var state = (await runtime.Snapshot(None)).Sandboxes.ShouldHaveSingleItem();
            (state.Id, state.Ready, state.Pod.Name).ShouldBe((ids[0], true, "survivor"));
            var container = state.Containers.ShouldHaveSingleItem();
            (container.Id, container.Phase, container.Attempt, container.SpecHash).ShouldBe((ids[1], ContainerPhase.Running, 0u, "hash-1"));
            (await runtime.Exec(ids[1], ["true"], TimeSpan.FromSeconds(10), None)).ExitCode.ShouldBe(0);
            var second = await runtime.CreateContainer(ids[0], TestPods.Shell("second", "exit 0"), None); // the sandbox's log folder is remembered
            await runtime.StartContainer(second, None);
        }
        await ContainerdFixture.Remove(options);
    }

    [ContainerFact]
    public async Task A_containerd_that_dies_is_started_again_and_pods_dont_notice()
    {
        var containerd = new ContainerdFixture();
        await containerd.InitializeAsync();
        var (sandbox, main) = await containerd.Run(containerd.Sandbox("steady"), TestPods.Shell("main", "sleep 1000"));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await using var events = containerd.Runtime.Events(patience.Token).GetAsyncEnumerator(patience.Token);
        (await Next()).Kind.ShouldBe("relist");

        Kill(containerd.Options);

        while ((await Next()).Kind != "relist")
        {
        }
        var state = (await containerd.Runtime.Sandbox(sandbox, None))!;
        (state.Ready, state.Containers.Single().Id, state.Containers.Single().Phase).ShouldBe((true, main, ContainerPhase.Running));
        await containerd.Runtime.StopContainer(main, TimeSpan.Zero, None);
        while ((await containerd.Runtime.Sandbox(sandbox, None))!.Containers.Single().Phase != ContainerPhase.Exited)
        {
            await Next(); // an exit, or "relist" where the event was lost with the old containerd
        }
        await containerd.DisposeAsync();

        async Task<RuntimeEvent> Next()
        {
            (await events.MoveNextAsync()).ShouldBeTrue();
            return events.Current;
        }
    }

    [ContainerFact]
    public async Task Taking_down_works_also_when_containerd_was_killed_with_its_pods_running()
    {
        var containerd = new ContainerdFixture();
        await containerd.InitializeAsync();
        await containerd.Run(containerd.Sandbox("orphan"), TestPods.Shell("main", "sleep 1000"));
        await containerd.Runtime.DisposeAsync();
        Kill(containerd.Options);

        await ContainerdFixture.Remove(containerd.Options);
    }

    private static void Kill(ContainerdOptions options)
    {
        foreach (var id in Processes.Find("containerd", "--config", options.ConfigFile))
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
    }

    private static async Task<string[]> RunChildAndKillIt(int number)
    {
        string[] arguments = ["exec", typeof(TakeoverTests).Assembly.Location, "containerd-child", $"{Environment.ProcessId}", $"{number}"];
        using var child = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var line = await child.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1));
        child.Kill(); // SIGKILL
        await child.WaitForExitAsync();
        return line!.Split(' ');
    }
}
