using System.Collections.Immutable;
using Kennel.Client.Events;
using Kennel.Node.Agent;
using Kennel.Node.Probes;
using Kennel.Simulation.Machines;
using Kennel.Simulation.Net;
using Kennel.Simulation.Running;

namespace Kennel.Simulation.Parts;

/// <summary>A machine with its agent: the real agent and pod deciders, each start of it a process of its own.</summary>
sealed class SimulatedNode(World world, string name, int number)
{
    Process? _agent;

    public string Name => name;

    public Machines.Machine Machine { get; } = new(world, name, number);

    public bool Up => _agent is { Alive: true };

    public Process Agent => _agent!;

    public void Start()
    {
        if (!Machine.On) Machine.PowerOn();
        var process = _agent = world.NewProcess(name);
        process.Start(() => Run(process));
    }

    /// <summary>The agent dies; containers go on.</summary>
    public void Crash()
    {
        if (!Up) return;
        world.Say(name, "crashes");
        Agent.Kill();
        Machine.Heard.Clear();
        world.Wires.Forget(Agent);
    }

    /// <summary>The whole machine goes dark.</summary>
    public void PowerOff()
    {
        Crash();
        if (Machine.On) Machine.PowerOff();
    }

    async Task Run(Process process)
    {
        var random = new Random(world.Loop.Random.Next());
        var api = new Wire(world.Wires, process, name, "kubelet");
        void Log(string text) => world.Say(name, "log", text);
        var events = new EventRecorder(api, process.Clock, new Random(random.Next()), Log);
        var runtime = new RuntimeWire(world, Machine);
        var (feed, fed) = PodFeed.Of(name, api, process.Clock, new Random(random.Next()), Log, default);
        var parts = new AgentParts(api, runtime, Machine.Host, new SimulatedProber(Answer), process.Clock, new Random(random.Next())) { Events = events, Log = Log };
        var agent = new NodeAgent(parts, Options(), feed);
        await Task.WhenAll(fed, events.Run(default), agent.Run(default));
    }

    ProbeAnswer Answer(ProbeTarget target) =>
        world.Broken.Count > 0 && world.Broken.Contains(Machine.PodOf(target.ContainerId)) ? new(false, "broken") : ProbeAnswer.Yes;

    AgentOptions Options() => new()
    {
        Node = name, DataFolder = "/simulated", Addresses = [$"192.168.0.{number + 1}"], Parallel = 1000, ParallelPulls = 1000, OnlyWarnings = true,
        Capacity = ImmutableSortedDictionary<string, string>.Empty.Add("cpu", "8").Add("memory", "16Gi").Add("ephemeral-storage", "100Gi"),
    };
}
