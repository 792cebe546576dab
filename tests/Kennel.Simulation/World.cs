using Kennel.Simulation.Checks;
using Kennel.Simulation.Machines;
using Kennel.Simulation.Net;
using Kennel.Simulation.Parts;
using Kennel.Simulation.Running;
using Kennel.Simulation.Users;

namespace Kennel.Simulation;

/// <summary>One cluster of one seed: server, controllers, nodes, users, and what goes wrong between them.</summary>
sealed class World
{
    int _processes;

    public World(ulong seed, Planted planted) : this(new Loop(seed), loop => Wishes.Draw(loop.Random, planted)) { }

    /// <summary>A world as it is told to be, for what is played in it scene by scene.</summary>
    public World(ulong seed, Wishes wishes) : this(new Loop(seed), _ => wishes) { }

    World(Loop loop, Func<Loop, Wishes> wishes)
    {
        Loop = loop;
        Wishes = wishes(loop);
        Truth = new Truth(this);
        Server = new ApiServer(this);
        Wires = new Wires(this);
        Controllers = new ControllerHouse(this);
        Directories = new SharedDirectories(this);
        Nodes = [.. Enumerable.Range(0, Wishes.Nodes).Select(i => new SimulatedNode(this, $"node-{i}", i))];
        User = new User(this);
        Weather = new Weather(this);
    }

    public Loop Loop { get; }

    public Wishes Wishes { get; }

    public Truth Truth { get; }

    public ApiServer Server { get; }

    public Wires Wires { get; }

    public ControllerHouse Controllers { get; }

    public SharedDirectories Directories { get; }

    public IReadOnlyList<SimulatedNode> Nodes { get; }

    public User User { get; }

    public Weather Weather { get; }

    /// <summary>The pods whose probes fail.</summary>
    public SortedSet<string> Broken { get; } = new(StringComparer.Ordinal);

    public Process NewProcess(string name) => new(Loop, name, ++_processes);

    public void Say(string who, string verb, string what = "", string more = "") => Loop.Trace.Add(Loop.Now, who, verb, what, more);

    public void Start()
    {
        Server.Start();
        Controllers.Start();
        foreach (var node in Nodes) node.Start();
    }
}
