using Kennel.Node.Runtime;
using Kennel.Node.Simulated;
using Kennel.Node.Volumes;
using Kennel.Simulation.Running;

namespace Kennel.Simulation.Machines;

/// <summary>
/// What a node's agent acts on and what survives it: containers that run, a disk that keeps. Containers count in their volumes, and never count lower
/// than they did: that is how bytes that went missing are noticed.
/// </summary>
sealed class Machine
{
    /// <summary>Below it are the directories of provisioned volumes.</summary>
    public const string VolumesRoot = "/volumes";

    readonly World _world;
    readonly SortedDictionary<string, long> _counters = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, (PodIdentity Pod, ContainerSpec Spec)> _made = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, PodIdentity> _sandboxes = new(StringComparer.Ordinal);
    int _ids;

    public Machine(World world, string name, int number)
    {
        (_world, Name) = (world, name);
        Process = world.NewProcess(name + "-machine");
        Runtime = new SimulatedRuntime(
            new Present(this), () => $"{name}-{++_ids:d4}", () => $"10.2{number:d2}.{_ids / 250}.{_ids % 250 + 1}", Delays(world.Loop));
        Begin();
    }

    public string Name { get; }

    public Process Process { get; private set; }

    public SimulatedRuntime Runtime { get; }

    public MemoryHost Host { get; } = new(PathKind.Folder);

    public bool On => Process.Alive;

    /// <summary>Listeners to what happens to containers.</summary>
    public List<Action<RuntimeEvent>> Heard { get; } = [];

    /// <summary>What runs right now; nothing while the power is off.</summary>
    public IEnumerable<(PodIdentity Pod, ContainerState Container)> Running() =>
        On ? Sandboxes().SelectMany(s => s.Containers.Where(c => c.Phase is ContainerPhase.Running).Select(c => (s.Pod, c))) : [];

    public IReadOnlyList<SandboxState> Sandboxes() => Runtime.Snapshot(default).Result.Sandboxes;

    public void PowerOff()
    {
        _world.Say(Name, "power off");
        Process.Kill();
        Heard.Clear();
        Runtime.CrashNode();
    }

    public void PowerOn()
    {
        _world.Say(Name, "power on");
        Process = _world.NewProcess(Name + "-machine");
        Begin();
    }

    /// <summary>The name of the pod that a container is of.</summary>
    public string PodOf(string container) => _made.TryGetValue(container, out var made) ? made.Pod.Name : "";

    public void Made(string sandbox, PodIdentity pod) => _sandboxes[sandbox] = pod;

    public void Made(string container, string sandbox, ContainerSpec spec) => _made[container] = (_sandboxes[sandbox], spec);

    /// <summary>A container runs: it reads what its predecessors wrote.</summary>
    public void Started(string container)
    {
        var (pod, spec) = _made[container];
        _world.Say(Name, "runs", $"{pod.Name} ({pod.Uid[..8]})", container);
        _world.Truth.Runs(this, pod, container);
        foreach (var volume in Volumes(spec)) _world.Truth.Reads(this, pod, volume, _counters.GetValueOrDefault(volume));
    }

    public void Remove(string volume)
    {
        foreach (var path in _counters.Keys.Where(p => p == volume || p.StartsWith(volume + "/", StringComparison.Ordinal)).ToList()) _counters.Remove(path);
    }

    void Begin()
    {
        Beat();
        Process.Start(async () =>
        {
            await foreach (var e in Runtime.Events(default))
                foreach (var heard in Heard.ToList()) heard(e);
        });
    }

    /// <summary>Containers write from time to time, and sync what they write.</summary>
    void Beat() => _world.Loop.After(_world.Loop.Some(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(8)), Process, () =>
    {
        foreach (var (pod, container) in Running().ToList())
            foreach (var volume in Volumes(_made[container.Id].Spec)) _world.Truth.Wrote(pod, volume, _counters[volume] = _counters.GetValueOrDefault(volume) + 1);
        Beat();
    });

    static IEnumerable<string> Volumes(ContainerSpec spec) => spec.Mounts.Select(m => m.HostPath).Where(p => p.StartsWith(VolumesRoot + "/", StringComparison.Ordinal));

    static SimulatedDelays Delays(Loop loop)
    {
        TimeSpan Some(double most) => loop.Some(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(most));
        return new(Some(2), Some(0.3), Some(1), Some(6), Some(3), Some(3));
    }

    /// <summary>Time on the machine, whichever start of it this is.</summary>
    sealed class Present(Machine machine) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => machine.Process.Clock.GetUtcNow();

        public override long GetTimestamp() => machine.Process.Clock.GetTimestamp();

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => machine.Process.Clock.CreateTimer(callback, state, dueTime, period);
    }
}
