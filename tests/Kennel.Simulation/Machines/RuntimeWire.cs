using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Kennel.Node.Runtime;
using Kennel.Node.Simulated;

namespace Kennel.Simulation.Machines;

/// <summary>A machine's runtime as an agent has it: calls go on in the machine's name, whatever becomes of the agent that made them.</summary>
sealed class RuntimeWire(World world, Machine machine) : IRuntime
{
    public string Version => machine.Runtime.Version;

    public Task<RuntimeSnapshot> Snapshot(CancellationToken cancel) => Ask(r => r.Snapshot(default), cancel);

    public Task<SandboxState?> Sandbox(string sandboxId, CancellationToken cancel) => machine.Runtime.Sandbox(sandboxId, cancel);

    public Task<string> RunSandbox(SandboxSpec spec, CancellationToken cancel) => Ask(async r =>
    {
        var id = await r.RunSandbox(spec, default);
        machine.Made(id, spec.Pod);
        return id;
    }, cancel);

    public Task StopSandbox(string sandboxId, CancellationToken cancel) => Do(r => r.StopSandbox(sandboxId, default), cancel);

    public Task RemoveSandbox(string sandboxId, CancellationToken cancel) => Do(r => r.RemoveSandbox(sandboxId, default), cancel);

    public Task<string> CreateContainer(string sandboxId, ContainerSpec spec, CancellationToken cancel) => Ask(async r =>
    {
        var id = await r.CreateContainer(sandboxId, spec, default);
        machine.Made(id, sandboxId, spec);
        return id;
    }, cancel);

    public Task StartContainer(string containerId, CancellationToken cancel) => Do(async r =>
    {
        await r.StartContainer(containerId, default);
        if (machine.Running().Any(c => c.Container.Id == containerId)) machine.Started(containerId);
    }, cancel);

    public Task StopContainer(string containerId, TimeSpan grace, CancellationToken cancel) => Do(r => r.StopContainer(containerId, grace, default), cancel);

    public Task RemoveContainer(string containerId, CancellationToken cancel) => Do(r => r.RemoveContainer(containerId, default), cancel);

    public Task<ImageState?> Image(string reference, CancellationToken cancel) => machine.Runtime.Image(reference, cancel);

    public Task UpdateContainer(string containerId, ResourceSpec resources, CancellationToken cancel) => Do(r => r.UpdateContainer(containerId, resources, default), cancel);

    public Task UpdatePod(string cgroupParent, ResourceSpec resources, CancellationToken cancel) => machine.Runtime.UpdatePod(cgroupParent, resources, cancel);

    public Task<IReadOnlyList<ImageState>> Images(CancellationToken cancel) => machine.Runtime.Images(cancel);

    public Task RemoveImage(string id, CancellationToken cancel) => machine.Runtime.RemoveImage(id, cancel);

    public Task<IReadOnlyDictionary<string, long>> WrittenBytes(string sandboxId, CancellationToken cancel) => machine.Runtime.WrittenBytes(sandboxId, cancel);

    public Task<string> PullImage(string reference, RegistryLogin? login, CancellationToken cancel) => Ask(r => r.PullImage(reference, login, default), cancel);

    public Task<ExecOutcome> Exec(string containerId, IReadOnlyList<string> command, TimeSpan timeout, CancellationToken cancel) => Ask(r => r.Exec(containerId, command, timeout, default), cancel);

    public Task<Uri> Stream(StreamRequest request, CancellationToken cancel) => machine.Runtime.Stream(request, cancel);

    public Task ReopenLog(string containerId, CancellationToken cancel) => Task.CompletedTask;

    public async IAsyncEnumerable<RuntimeEvent> Events([EnumeratorCancellation] CancellationToken cancel)
    {
        var events = Channel.CreateUnbounded<RuntimeEvent>();
        machine.Heard.Add(e => events.Writer.TryWrite(e));
        while (await events.Reader.WaitToReadAsync(cancel))
            while (events.Reader.TryRead(out var e)) yield return e;
    }

    public ValueTask DisposeAsync() => default;

    Task Do(Func<SimulatedRuntime, Task> call, CancellationToken cancel) => Ask(async r =>
    {
        await call(r);
        return true;
    }, cancel);

    async Task<T> Ask<T>(Func<SimulatedRuntime, Task<T>> call, CancellationToken cancel)
    {
        if (world.Loop.Chance(world.Weather.RuntimeFailing)) throw new RuntimeException("Unavailable", "the simulated runtime is out of sorts");
        var answer = new TaskCompletionSource<T>();
        using var _ = cancel.Register(() => answer.TrySetCanceled(cancel));
        machine.Process.Start(async () =>
        {
            try { answer.TrySetResult(await call(machine.Runtime)); }
            catch (RuntimeException refused) { answer.TrySetException(refused); }
        });
        return await answer.Task;
    }
}
