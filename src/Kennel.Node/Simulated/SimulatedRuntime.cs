using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Kennel.Node.Runtime;

namespace Kennel.Node.Simulated;

/// <summary>How long things take; zero answers at once, without a trip through the scheduler.</summary>
/// <param name="Finish">How long a container runs that is meant to end by itself.</param>
/// <param name="Look">How old the answer about a sandbox is when it arrives.</param>
public sealed record SimulatedDelays(TimeSpan Sandbox = default, TimeSpan Create = default, TimeSpan Start = default, TimeSpan Stop = default, TimeSpan Pull = default, TimeSpan Finish = default, TimeSpan Look = default);

/// <summary>Pods of one node that only exist in memory. Every image is there. Faults are made by the methods at the end.</summary>
/// <param name="ids">Fresh ids: an input, so that a run replays.</param>
/// <param name="address">The next pod's address.</param>
public sealed partial class SimulatedRuntime(TimeProvider time, Func<string> ids, Func<string> address, SimulatedDelays delays) : IRuntime
{
    const int RememberedEvents = 10_000;
    const string NoProcesses = "the simulated runtime runs no processes: start kennel with --runtime containerd to run containers";

    readonly Lock _lock = new();
    readonly SortedDictionary<string, SandboxState> _sandboxes = new(StringComparer.Ordinal);
    readonly Dictionary<string, string> _sandboxOf = new(StringComparer.Ordinal);
    readonly Dictionary<string, Ending> _endings = new(StringComparer.Ordinal);
    readonly Dictionary<string, SandboxSpec> _specs = new(StringComparer.Ordinal);
    readonly Channel<RuntimeEvent> _events = Channel.CreateBounded<RuntimeEvent>(new BoundedChannelOptions(RememberedEvents) { FullMode = BoundedChannelFullMode.DropOldest });

    /// <summary>Called before each call with its name and its subject; what it returns is thrown.</summary>
    public Func<string, string, RuntimeException?>? Fault { get; set; }

    public string Version => "simulated://1.0";

    public async Task<RuntimeSnapshot> Snapshot(CancellationToken cancel)
    {
        await Pretend("Snapshot", "", default, cancel);
        lock (_lock) return new([.. _sandboxes.Values]);
    }

    public Task<SandboxState?> Sandbox(string sandboxId, CancellationToken cancel)
    {
        lock (_lock)
        {
            var now = _sandboxes.GetValueOrDefault(sandboxId);
            return delays.Look > TimeSpan.Zero ? Late(now, cancel) : Task.FromResult(now);
        }
    }

    async Task<SandboxState?> Late(SandboxState? sandbox, CancellationToken cancel)
    {
        await Task.Delay(delays.Look, time, cancel);
        return sandbox;
    }

    public async Task<string> RunSandbox(SandboxSpec spec, CancellationToken cancel)
    {
        await Pretend("RunSandbox", spec.Pod.Name, delays.Sandbox, cancel);
        lock (_lock)
        {
            var id = ids();
            if (Endings.Concern(spec)) _specs[id] = spec;
            _sandboxes.Add(id, new(id, spec.Pod, spec.Attempt, Ready: true, time.GetUtcNow(), spec.HostNetwork ? [] : [address()], []));
            return id;
        }
    }

    public async Task StopSandbox(string sandboxId, CancellationToken cancel)
    {
        await Pretend("StopSandbox", sandboxId, default, cancel);
        lock (_lock)
        {
            if (!_sandboxes.TryGetValue(sandboxId, out var sandbox)) return;
            foreach (var c in sandbox.Containers) End(c.Id, 137, "Error");
            _sandboxes[sandboxId] = _sandboxes[sandboxId] with { Ready = false, Ips = [] };
        }
    }

    public async Task RemoveSandbox(string sandboxId, CancellationToken cancel)
    {
        await Pretend("RemoveSandbox", sandboxId, default, cancel);
        lock (_lock)
        {
            _specs.Remove(sandboxId);
            if (!_sandboxes.Remove(sandboxId, out var sandbox)) return;
            foreach (var c in sandbox.Containers) Forget(c.Id);
        }
    }

    public async Task<string> CreateContainer(string sandboxId, ContainerSpec spec, CancellationToken cancel)
    {
        await Pretend("CreateContainer", spec.Name, delays.Create, cancel);
        lock (_lock)
        {
            if (!_sandboxes.TryGetValue(sandboxId, out var sandbox) || !sandbox.Ready) throw new RuntimeException("CreateContainerError", $"sandbox \"{sandboxId}\" not found");
            var c = new ContainerState(ids(), spec.Name, spec.Attempt, ContainerPhase.Created, time.GetUtcNow(), null, null, 0, "", "", spec.Image, spec.SpecHash) { Resources = spec.ResourceText };
            _sandboxes[sandboxId] = sandbox with { Containers = [.. sandbox.Containers, c] };
            _sandboxOf[c.Id] = sandboxId;
            if (spec.Finite) _endings[c.Id] = new(0, delays.Finish);
            else if (_specs.TryGetValue(sandboxId, out var pod) && Endings.Of(pod, spec.Name) is { } ending) _endings[c.Id] = ending;
            return c.Id;
        }
    }

    public async Task StartContainer(string containerId, CancellationToken cancel)
    {
        await Pretend("StartContainer", containerId, delays.Start, cancel);
        Ending? ending;
        lock (_lock)
        {
            Change(containerId, c => c with { Phase = ContainerPhase.Running, StartedAt = time.GetUtcNow() });
            ending = _endings.GetValueOrDefault(containerId);
        }
        if (ending is not null) _ = Finish(containerId, ending);
    }

    public async Task StopContainer(string containerId, TimeSpan grace, CancellationToken cancel)
    {
        await Pretend("StopContainer", containerId, delays.Stop < grace ? delays.Stop : grace, cancel);
        lock (_lock) End(containerId, delays.Stop < grace ? 0 : 137, delays.Stop < grace ? "Completed" : "Error");
    }

    public async Task RemoveContainer(string containerId, CancellationToken cancel)
    {
        await Pretend("RemoveContainer", containerId, default, cancel);
        lock (_lock)
        {
            if (!_sandboxOf.TryGetValue(containerId, out var id)) return;
            Forget(containerId);
            _sandboxes[id] = _sandboxes[id] with { Containers = [.. _sandboxes[id].Containers.Where(c => c.Id != containerId)] };
        }
    }

    public async Task UpdateContainer(string containerId, ResourceSpec resources, CancellationToken cancel) => await Pretend("UpdateContainer", containerId, default, cancel);

    public Task UpdatePod(string cgroupParent, ResourceSpec resources, CancellationToken cancel) => Task.CompletedTask;

    public async Task<ImageState?> Image(string reference, CancellationToken cancel)
    {
        await Pretend("Image", reference, default, cancel);
        return new(reference, [reference], [], 0, 1000, null);
    }

    public Task<IReadOnlyList<ImageState>> Images(CancellationToken cancel) => Task.FromResult<IReadOnlyList<ImageState>>([]);

    public Task RemoveImage(string id, CancellationToken cancel) => Task.CompletedTask;

    public Task<IReadOnlyDictionary<string, long>> WrittenBytes(string sandboxId, CancellationToken cancel) => Task.FromResult<IReadOnlyDictionary<string, long>>(new Dictionary<string, long>());

    public async Task<string> PullImage(string reference, RegistryLogin? login, CancellationToken cancel)
    {
        await Pretend("PullImage", reference, delays.Pull, cancel);
        return reference;
    }

    /// <summary>Hooks and probes succeed.</summary>
    public async Task<ExecOutcome> Exec(string containerId, IReadOnlyList<string> command, TimeSpan timeout, CancellationToken cancel)
    {
        await Pretend("Exec", containerId, default, cancel);
        return new(0, [], [], TimedOut: false);
    }

    public Task<Uri> Stream(StreamRequest request, CancellationToken cancel) => Task.FromException<Uri>(new RuntimeException("Unsupported", NoProcesses));

    public Task ReopenLog(string containerId, CancellationToken cancel) => Task.CompletedTask;

    public async IAsyncEnumerable<RuntimeEvent> Events([EnumeratorCancellation] CancellationToken cancel)
    {
        while (await _events.Reader.WaitToReadAsync(cancel)) // ReadAllAsync would leave a simulation's thread
            while (_events.Reader.TryRead(out var e)) yield return e;
    }

    public ValueTask DisposeAsync()
    {
        _events.Writer.TryComplete();
        return default;
    }

    async ValueTask Pretend(string call, string subject, TimeSpan delay, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (Fault?.Invoke(call, subject) is { } fault) throw fault;
        if (delay > TimeSpan.Zero) await Task.Delay(delay, time, cancel);
    }
}
