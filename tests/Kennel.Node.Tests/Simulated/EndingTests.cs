using Kennel.Node.Runtime;
using Kennel.Node.Simulated;

namespace Kennel.Node.Tests.Simulated;

public sealed class EndingTests
{
    static SandboxSpec Pod(bool ofJob, string? annotation) => new(
        new("default", "p", "u"), 0, "p", "", ofJob ? new Dictionary<string, string> { ["batch.kubernetes.io/controller-uid"] = "x" } : new Dictionary<string, string>(),
        annotation is null ? new Dictionary<string, string>() : new Dictionary<string, string> { [Endings.Annotation] = annotation }, [], null, "", false, false, false, false, new Dictionary<string, string>());

    [Theory]
    [InlineData(false, null, null)]
    [InlineData(true, null, "0 1000")]
    [InlineData(true, "never", null)]
    [InlineData(false, "3", "3 1000")]
    [InlineData(false, "1 after 500ms", "1 500")]
    [InlineData(false, "0 after 2m", "0 120000")]
    [InlineData(true, "main=7 after 0s; log=never", "7 0")]
    [InlineData(true, "log=7 after 5s", "0 1000")]
    [InlineData(true, "soon", "0 1000")]
    [InlineData(false, "256", null)]
    public void A_container_ends_as_its_pod_says(bool ofJob, string? annotation, string? ending)
    {
        var found = Endings.Of(Pod(ofJob, annotation), "main");
        (found is null ? null : $"{found.ExitCode} {found.After.TotalMilliseconds}").ShouldBe(ending);
        if (found is not null) Endings.Concern(Pod(ofJob, annotation)).ShouldBeTrue();
    }

    [Fact]
    public async Task It_does_so_by_itself()
    {
        var ids = 0;
        await using var runtime = new SimulatedRuntime(TimeProvider.System, () => $"{++ids}", () => "10.0.0.1", new());
        var sandbox = await runtime.RunSandbox(Pod(false, "3 after 1ms"), default);
        var container = await runtime.CreateContainer(sandbox, new("main", 0, "i", [], [], "", [], [], "", "", false, false, false, new(0, 0, 0, 0), new(false, null, null, null, [], false, false, [], [], "")), default);
        await runtime.StartContainer(container, default);
        await foreach (var e in runtime.Events(default)) if (e.Kind == "exit") break;
        var state = (await runtime.Sandbox(sandbox, default))!.Containers.Single();
        (state.Phase, state.ExitCode, state.Reason).ShouldBe((ContainerPhase.Exited, 3, "Error"));
    }
}
