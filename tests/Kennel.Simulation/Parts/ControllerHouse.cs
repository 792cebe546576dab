using Kennel.Cli;
using Kennel.Client.Caching;
using Kennel.Client.Running;
using Kennel.Controllers.Volumes.LocalPath;
using Kennel.Objects.Schemas;
using Kennel.Simulation.Net;
using Kennel.Simulation.Running;

namespace Kennel.Simulation.Parts;

/// <summary>All controllers and the scheduler, as one process over the network.</summary>
sealed class ControllerHouse(World world)
{
    public const string Link = "controllers";

    Process? _process;

    public bool Up => _process is { Alive: true };

    public Process Process => _process!;

    public Runner? Runner { get; private set; }

    public void Start()
    {
        var process = _process = world.NewProcess(Link);
        process.Start(() => Run(process));
    }

    public void Crash()
    {
        if (!Up) return;
        world.Say(Link, "crash");
        Process.Kill();
        world.Wires.Forget(Process);
    }

    async Task Run(Process process)
    {
        var caches = new Caches();
        var api = new Wire(world.Wires, process, Link, "kube-controller-manager");
        var house = House.Controllers(caches, Catalog.BuiltIn, new LocalPathOptions(Machines.Machine.VolumesRoot, world.Directories), new AccessOptions("", (account, _) => $"token of {account.Metadata.Name}", (request, _, _) => request));
        Runner = new Runner(api, caches, house, process.Clock, new Random(world.Loop.Random.Next()), Log) { Workers = world.Wishes.Workers };
        await Task.WhenAll(caches.Run(api, process.Clock, new Random(world.Loop.Random.Next()), Log, default), Runner.Run(default));
    }

    /// <summary>An exception out of a controller is a defect, whatever it is about.</summary>
    void Log(string text)
    {
        if (text.Contains("   at Kennel.", StringComparison.Ordinal)) world.Loop.Fail($"the controllers logged: {text}");
        else world.Say(Link, "log", text);
    }
}
