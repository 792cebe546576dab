using Kennel.Simulation.Net;
using Kennel.Simulation.Parts;
using Kennel.Simulation.Running;

namespace Kennel.Simulation;

/// <summary>What goes wrong, at random times: crashes and restarts, partitions, bad disks, wrong clocks. It clears up for the second half of a seed.</summary>
sealed class Weather
{
    static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    readonly World _world;
    readonly Process _sky;
    readonly List<Action> _possible = [];
    bool _over;

    public Weather(World world)
    {
        (_world, _sky) = (world, world.NewProcess("weather"));
        var wishes = world.Wishes;
        if (wishes.Partitions) _possible.AddRange([Partition, Partition]);
        if (wishes.BadWatches) _possible.AddRange([world.Wires.BreakSome, world.Wires.StallSome, world.Wires.StallSome, world.Server.Compact]);
        if (wishes.ServerCrashes) _possible.AddRange([CrashServer, LosePowerWhileWriting]);
        if (wishes.ControllerCrashes) _possible.Add(CrashControllers);
        if (wishes.NodeCrashes) _possible.Add(CrashNode);
        if (wishes.PowerLosses) _possible.Add(PowerOff);
        if (wishes.BadDisk) _possible.AddRange([FillDisk, SlowDisk]);
        if (wishes.WrongClocks) _possible.Add(JumpClock);
        if (wishes.ContainersExit) _possible.AddRange([ExitContainer, ExitContainer]);
    }

    Loop Loop => _world.Loop;

    /// <summary>How often a call of a runtime fails.</summary>
    public double RuntimeFailing => _over ? 0 : _world.Wishes.RuntimeFailing;

    public void Begin()
    {
        if (_world.Wishes.BadNetwork) _world.Wires.Faults = NetworkFaults.Draw(Loop.Random);
        Next();
    }

    /// <summary>Everything works from now on, and everybody is there again.</summary>
    public void ClearUp()
    {
        _over = true;
        _world.Say("weather", "clears up");
        _world.Wires.Faults = NetworkFaults.None;
        _world.Wires.MendAll();
        (_world.Server.Disk.Full, _world.Server.Disk.Slowness, _world.Server.Disk.PowerLoss) = (false, TimeSpan.FromMilliseconds(2), null);
        if (!_world.Server.Alive) _world.Server.Start();
        if (!_world.Controllers.Up) _world.Controllers.Start();
        foreach (var node in _world.Nodes) if (!node.Up) node.Start();
    }

    void Next()
    {
        if (_possible.Count == 0) return;
        Loop.After(Loop.Some(TimeSpan.Zero, TimeSpan.FromSeconds(20)), _sky, () =>
        {
            if (_over) return;
            Loop.Pick(_possible)();
            Next();
        });
    }

    void Later(TimeSpan most, Action what, TimeSpan? least = null) => Loop.After(Loop.Some(least ?? s_second, most), _sky, () =>
    {
        if (!_over) what();
    });

    void Partition()
    {
        var links = _world.Nodes.Select(n => n.Name).Append(ControllerHouse.Link).ToList();
        var link = Loop.Pick(links);
        _world.Wires.Cut(link);
        Later(Loop.Chance(0.2) ? TimeSpan.FromMinutes(3) : TimeSpan.FromSeconds(30), () => _world.Wires.Mend(link));
    }

    void CrashServer()
    {
        _world.Server.Crash();
        RestartServer();
    }

    void RestartServer() => Later(TimeSpan.FromSeconds(10), () =>
    {
        if (!_world.Server.Alive) _world.Server.Start();
    });

    void LosePowerWhileWriting() => _world.Server.Disk.PowerLoss = () =>
    {
        _world.Server.Crash();
        RestartServer();
    };

    void CrashControllers()
    {
        _world.Controllers.Crash();
        Later(TimeSpan.FromSeconds(20), () =>
        {
            if (!_world.Controllers.Up) _world.Controllers.Start();
        }, NetworkFaults.MostLate + s_second);
    }

    void CrashNode() => Restart(Loop.Pick(_world.Nodes), node => node.Crash());

    void PowerOff() => Restart(Loop.Pick(_world.Nodes), node => node.PowerOff());

    void Restart(SimulatedNode node, Action<SimulatedNode> crash)
    {
        crash(node);
        Later(Loop.Chance(0.2) ? TimeSpan.FromMinutes(3) : TimeSpan.FromSeconds(15), () =>
        {
            if (!node.Up) node.Start();
        }, NetworkFaults.MostLate + s_second);
    }

    void FillDisk()
    {
        _world.Say("disk", "is full");
        _world.Server.Disk.Full = true;
        Later(TimeSpan.FromSeconds(10), () => _world.Server.Disk.Full = false);
    }

    void SlowDisk()
    {
        _world.Say("disk", "is slow");
        _world.Server.Disk.Slowness = TimeSpan.FromSeconds(2);
        Later(TimeSpan.FromSeconds(10), () => _world.Server.Disk.Slowness = TimeSpan.FromMilliseconds(3));
    }

    void JumpClock()
    {
        var process = Loop.Pick<Process>([_world.Server.Process, _world.Controllers.Process, .. _world.Nodes.Select(n => n.Agent)]);
        process.Skew += Loop.Some(TimeSpan.FromSeconds(-90), TimeSpan.FromSeconds(90));
        _world.Say("weather", "jumps", $"the clock of {process.Name}", $"to {process.Skew.TotalSeconds:0.0}s off");
    }

    void ExitContainer()
    {
        var node = Loop.Pick(_world.Nodes);
        var running = node.Machine.Running().ToList();
        if (running.Count == 0) return;
        var (pod, container) = Loop.Pick(running);
        _world.Say(node.Name, "exit", pod.Name);
        node.Machine.Runtime.Exit(container.Id, Loop.Random.Next(2));
    }
}
