using Kennel.Client.Caching;
using Kennel.Client.Events;

namespace Kennel.Client.Running;

/// <summary>
/// Owns queue, back-off and effects for a set of controllers: the only one who writes. A key is never worked on twice at the same time, and
/// never before the caches show what its last round wrote.
/// </summary>
public sealed class Runner
{
    readonly RunnerWorld _world;
    readonly Random _random;
    readonly List<ControllerLoop> _loops;

    /// <param name="caches">Fed by whoever made them (<see cref="Caches.Run"/>).</param>
    /// <param name="log">Gets a line for each thing that went wrong unexpectedly.</param>
    public Runner(IApi api, Caches caches, IEnumerable<IController> controllers, TimeProvider time, Random random, Action<string> log)
    {
        _random = random;
        _world = new(api, caches, new EventRecorder(api, time, new Random(random.Next()), log), new WaitingTable(), time, log);
        _loops = [.. controllers.Select(c => new ControllerLoop(c, _world))];
    }

    /// <summary>Workers a controller: how many of its keys may be in work at once.</summary>
    public int Workers { get; init; } = 5;

    /// <summary>Who waits for what right now, by controller and key.</summary>
    public IReadOnlyList<Waiting> Waiting => _world.Waiting.All();

    /// <summary>How busy each controller is.</summary>
    public IReadOnlyList<LoopFigures> Figures => [.. _loops.Select(l => l.Figures)];

    /// <summary>Waits for the first lists, then works until cancelled.</summary>
    public async Task Run(CancellationToken cancel)
    {
        try
        {
            await _world.Caches.WhenSynced(cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return;
        }
        var workers = _loops.SelectMany(l => Enumerable.Range(0, Workers).Select(_ => l.Work(new Random(_random.Next()), cancel))).ToList();
        workers.Add(_world.Events.Run(cancel));
        await Task.WhenAll(workers);
    }
}

/// <summary>What the loops of a runner share.</summary>
sealed record RunnerWorld(IApi Api, Caches Caches, EventRecorder Events, WaitingTable Waiting, TimeProvider Time, Action<string> Log);
