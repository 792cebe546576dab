using System.Runtime.ExceptionServices;

namespace Kennel.Simulation.Running;

/// <summary>
/// All that happens in a world, one step after another on one thread. What is ready runs in an order drawn from the seed; when nothing is, time
/// jumps to what is due next. The same seed makes the same steps.
/// </summary>
sealed class Loop(ulong seed)
{
    /// <summary>A world of some nodes and sets needs some ten thousand: one that needs so many goes round in a circle.</summary>
    const long MostSteps = 1_000_000;

    /// <summary>When every world begins.</summary>
    static readonly DateTimeOffset s_beginning = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    readonly record struct Work(Process Process, SendOrPostCallback Callback, object? State);

    readonly List<Work> _ready = [];
    readonly PriorityQueue<Due, (long At, long Order)> _due = new();
    readonly int _thread = Environment.CurrentManagedThreadId;
    long _ticks, _order;
    volatile string? _escaped;

    /// <summary>All chance in the world.</summary>
    public Random Random { get; } = new((int)(seed ^ seed >> 32));

    public Trace Trace { get; } = new();

    public long Ticks => _ticks;

    public DateTimeOffset Now => s_beginning.AddTicks(_ticks);

    public TimeSpan Elapsed => TimeSpan.FromTicks(_ticks);

    public long Steps { get; private set; }

    /// <summary>What went wrong first.</summary>
    public string? Failure { get; private set; }

    public void Fail(string what)
    {
        Failure ??= what;
        Trace.Add(Now, "check", "FAILED", what);
    }

    public void Post(Process process, SendOrPostCallback callback, object? state)
    {
        if (Environment.CurrentManagedThreadId != _thread) _escaped ??= Environment.StackTrace;
        _ready.Add(new(process, callback, state));
    }

    /// <summary>Has something done later, in the name of a process: not at all if that is dead by then.</summary>
    public Due After(TimeSpan wait, Process process, Action what)
    {
        var due = new Due(process, what);
        Arm(due, _ticks + Math.Max(0, wait.Ticks));
        return due;
    }

    public void Arm(Due due, long at)
    {
        if (Environment.CurrentManagedThreadId != _thread) _escaped ??= Environment.StackTrace;
        due.At = at;
        _due.Enqueue(due, (at, _order++));
    }

    /// <summary>A random length of time.</summary>
    public TimeSpan Some(TimeSpan least, TimeSpan most) => least + (most - least) * Random.NextDouble();

    public bool Chance(double of) => of > 0 && Random.NextDouble() < of;

    public T Pick<T>(IReadOnlyList<T> from) => from[Random.Next(from.Count)];

    /// <summary>Runs until a moment, a failure, or until <paramref name="done"/> says so; that is asked after every step.</summary>
    public void Run(TimeSpan until, Func<bool>? done = null)
    {
        var outside = SynchronizationContext.Current;
        try
        {
            while (Failure is null && Steps < MostSteps && (done is null || !done()) && Step(until.Ticks)) { }
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outside);
        }
        if (Steps >= MostSteps) Fail($"{MostSteps} steps and no end");
        if (_escaped is { } stack) Fail($"something left the simulation's thread:\n{stack}");
    }

    bool Step(long until)
    {
        if (_ready.Count > 0)
        {
            var index = Random.Next(_ready.Count);
            var (process, callback, state) = _ready[index];
            _ready[index] = _ready[^1];
            _ready.RemoveAt(_ready.Count - 1);
            if (process.Alive) Do(process, callback, state);
            return true;
        }
        while (_due.TryPeek(out var due, out var key))
        {
            if (key.At > until) break;
            _due.Dequeue();
            if (due.At != key.At || !due.Process.Alive) continue; // it was put off, or its process is dead
            _ticks = key.At;
            due.At = -1;
            Do(due.Process, static state => ((Due)state!).What(), due);
            return true;
        }
        _ticks = until;
        return false;
    }

    void Do(Process process, SendOrPostCallback callback, object? state)
    {
        Steps++;
        Trace.Mix((ulong)_ticks * 31 + (ulong)process.Number);
        SynchronizationContext.SetSynchronizationContext(process);
        try
        {
            callback(state);
        }
        catch (Exception wrong)
        {
            Fail($"{process.Name} threw: {ExceptionDispatchInfo.Capture(wrong).SourceException}");
        }
    }
}

/// <summary>Something that happens at a time.</summary>
sealed class Due(Process process, Action what)
{
    public Process Process => process;

    public Action What => what;

    /// <summary>When; −1 for never.</summary>
    public long At { get; set; } = -1;
}
