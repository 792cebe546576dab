using Kennel.Client.Caching;
using Kennel.Client.Events;
using Kennel.Objects;

namespace Kennel.Client.Running;

/// <summary>The loop of one controller: take a key, wait until own writes are visible, decide, apply, and plan the next look.</summary>
sealed class ControllerLoop : ITriggers
{
    readonly IController _controller;
    readonly RunnerWorld _world;
    readonly WorkQueue _queue;
    readonly OwnWrites _own;
    readonly Effects _effects;
    readonly Lanes _lanes = new();
    readonly Dictionary<ObjectKey, (int Count, string? Problem)> _failures = [];
    long _retries;
    long _postponed;

    public ControllerLoop(IController controller, RunnerWorld world)
    {
        (_controller, _world) = (controller, world);
        _queue = new(world.Time, controller.Urgency);
        _own = new(world.Caches, world.Time, _queue.Add);
        _effects = new(world.Api, world.Caches);
        controller.Watch(this);
    }

    public LoopFigures Figures => new(_controller.Name, _queue.Figures.Depth, _queue.Figures.Adds, Interlocked.Read(ref _retries), Interlocked.Read(ref _postponed));

    public void On<T>(Func<T?, T?, IEnumerable<ObjectKey>> keys) where T : class, IObject<T> =>
        _world.Caches.Cache<T>().Subscribe((old, now) =>
        {
            try
            {
                foreach (var key in keys(old, now)) _queue.Add(key);
            }
            catch (Exception wrong)
            {
                // One controller's mistake must not stop the cache that feeds the others.
                _world.Log($"{_controller.Name}: {T.Resource} {ObjectKey.Of((IObject?)now ?? old!)}: {wrong}");
            }
        });

    public async Task Work(Random random, CancellationToken cancel)
    {
        await Task.Yield(); // beside the other workers, and not on the caller's time
        try
        {
            while (true)
            {
                var key = await _queue.Take(cancel);
                try
                {
                    await Round(key, random, cancel);
                }
                finally
                {
                    _queue.Done(key);
                }
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            _queue.Close();
        }
    }

    async ValueTask Round(ObjectKey key, Random random, CancellationToken cancel)
    {
        if (!_own.Seen(key, out var until))
        {
            Interlocked.Increment(ref _postponed);
            _queue.AddAt(key, until);
            return;
        }
        var (failures, last) = Failures(key);
        var now = _world.Time.GetUtcNow();
        var setbacks = _lanes.Of(key);
        var traffic = new Traffic(setbacks, now, random);
        Decision decision;
        Effect? problem;
        try
        {
            decision = _controller.Reconcile(key, new(now, random, failures, last, setbacks));
            problem = await Apply(key, decision, traffic, cancel);
        }
        catch (Exception wrong) when (wrong is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            _world.Log($"{_controller.Name}: {key}: {wrong}");
            (decision, problem) = (Decision.Nothing, new(false, Message: wrong.Message));
        }
        Plan(key, decision, traffic, problem, failures, random);
    }

    /// <returns>The first step that failed outside of a lane, or null.</returns>
    async ValueTask<Effect?> Apply(ObjectKey key, Decision decision, Traffic traffic, CancellationToken cancel)
    {
        Effect? problem = null;
        foreach (var step in decision.Steps)
        {
            if (!traffic.IsOpen(step)) continue;
            var effect = await _effects.Apply(step, cancel);
            if (effect.Landed is { } landed) _own.Remember(key, landed);
            if (effect.Succeeded)
            {
                traffic.Succeeded(step);
                if (step.Done is { } done) Tell(done with { Message = done.Message.Replace(Note.NameOfCreated, effect.Landed?.Key.Name) });
                continue;
            }
            traffic.Failed(step, effect.Message);
            if (step.Lane is null) problem ??= effect;
            if (step.Failed is { } failed && WorthTelling(effect)) Tell(failed with { Message = failed.Message.Replace("{0}", effect.Message) });
        }
        return problem;
    }

    void Tell(Note note) => _world.Events.Record(note.Source ?? _controller.Name, note);

    void Plan(ObjectKey key, Decision decision, Traffic traffic, Effect? problem, int failures, Random random)
    {
        var now = _world.Time.GetUtcNow();
        var at = Sooner(decision.At, traffic.Next);
        failures = problem is null ? 0 : failures + 1;
        if (problem is not null)
        {
            Interlocked.Increment(ref _retries);
            at = Sooner(at, now + Backoff.Rounds.After(failures - 1, random));
        }
        lock (_failures)
        {
            if (failures == 0) _failures.Remove(key);
            else _failures[key] = (failures, problem is not null && WorthTelling(problem) ? problem.Message : null);
        }
        _lanes.Keep(key, ReferenceEquals(decision, Decision.Nothing) && problem is null ? traffic.Setbacks.Clear() : traffic.Setbacks);
        _world.Waiting.Set(_controller.Name, key, decision.WaitingFor, problem?.Message ?? traffic.Worst?.Problem, Math.Max(failures, traffic.Worst?.Count ?? 0), now);
        _queue.AddAt(key, at);
    }

    static DateTimeOffset? Sooner(DateTimeOffset? a, DateTimeOffset? b) => a is { } first && b is { } second ? (first < second ? first : second) : a ?? b;

    (int Count, string? Problem) Failures(ObjectKey key)
    {
        lock (_failures) return _failures.GetValueOrDefault(key);
    }

    /// <summary>A lost race is tried again with fresh eyes, and a namespace on its way out refuses everything: neither is news to a user.</summary>
    static bool WorthTelling(Effect effect) =>
        effect.Status != 409 && !effect.Message.Contains("because it is being terminated", StringComparison.Ordinal);
}
