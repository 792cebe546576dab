using Kennel.Server;
using Kennel.Server.Bootstrap;
using Kennel.Simulation.Disks;
using Kennel.Simulation.Running;
using Kennel.Store.Journal;
using Microsoft.Extensions.Logging;

namespace Kennel.Simulation.Parts;

/// <summary>The API server with its store, as one process; what it acknowledged is on the disk, everything else dies with it.</summary>
sealed class ApiServer(World world) : ILogger
{
    const int Unexpected = 1; // the event of an exception that became a 500

    Process? _process;
    Pipeline? _pipeline;
    JournaledStore? _store;
    bool _stepping;

    public Disk Disk { get; } = new(world.Loop, world.Truth.Take, world.Wishes.Planted == Planted.LateSync);

    /// <summary>It runs, or is starting.</summary>
    public bool Alive => _process is { Alive: true };

    /// <summary>It answers.</summary>
    public bool Up => Alive && _pipeline is not null;

    public Process Process => _process!;

    /// <summary>Called when it dies: connections break.</summary>
    public event Action? Died;

    public void Start()
    {
        var process = _process = world.NewProcess("server");
        process.Start(() => Boot(process));
    }

    public void Crash()
    {
        if (_process is not { Alive: true } process) return;
        world.Say("server", "crashes");
        process.Kill();
        (_pipeline, _stepping) = (null, false);
        Died?.Invoke();
    }

    /// <summary>Answers in the server's own time; null when it is dead.</summary>
    public ValueTask<ApiResponse> Handle(ApiRequest request, CancellationToken cancel) => _pipeline!.Handle(request, cancel);

    /// <summary>History is forgotten earlier than it would be by itself.</summary>
    public void Compact()
    {
        if (!Up) return;
        world.Say("server", "compacts", $"up to {_store!.Revision}");
        Process.Start(async () => await _store.Compact(_store.Revision));
    }

    async Task Boot(Process process)
    {
        var store = _store = new JournaledStore(Disk, process.Clock, () => Due(process));
        world.Truth.Recovered(store.Revision);
        var ids = new Random(world.Loop.Random.Next());
        var pipeline = new Pipeline(new ServerOptions(store)
        {
            Random = new Random(world.Loop.Random.Next()), NewId = () => NewId(ids), Time = process.Clock, Log = this,
        });
        await pipeline.Load();
        while (true)
        {
            try
            {
                await BootstrapObjects.Ensure(pipeline, new(new([10, 96, 0, 0]), 16), null);
                break;
            }
            catch (InvalidOperationException) when (Disk.Full)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), process.Clock); // as whoever starts it again
            }
        }
        _pipeline = pipeline;
        world.Say("server", "is up", $"at revision {store.Revision}");
    }

    void Due(Process process)
    {
        if (_stepping || !process.Alive) return;
        _stepping = true;
        world.Loop.After(world.Loop.Some(TimeSpan.Zero, Disk.Slowness), process, Step);
    }

    void Step()
    {
        _stepping = false;
        _store!.Step();
    }

    static Guid NewId(Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Id == Unexpected) world.Loop.Fail($"the server logged: {formatter(state, exception)} {exception}");
    }

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
}
