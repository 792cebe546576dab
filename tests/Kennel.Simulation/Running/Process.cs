namespace Kennel.Simulation.Running;

/// <summary>
/// Code that runs and dies together: what it awaits goes on in its name, its timers are its own, its clock may be wrong. Killed, it makes no
/// further step, wherever it was: as a process after SIGKILL.
/// </summary>
sealed class Process : SynchronizationContext
{
    readonly Loop _loop;

    public Process(Loop loop, string name, int number)
    {
        (_loop, Name, Number) = (loop, name, number);
        Clock = new Clock(loop, this);
    }

    public string Name { get; }

    public int Number { get; }

    public bool Alive { get; private set; } = true;

    public TimeProvider Clock { get; }

    /// <summary>How wrong its wall clock is; timers are right.</summary>
    public TimeSpan Skew { get; set; }

    public void Kill() => Alive = false;

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (Alive) _loop.Post(this, d, state);
    }

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Begins something in this process; what it throws fails the run.</summary>
    public void Start(Func<Task> main) => Post(static state =>
    {
        var (self, main) = ((Process, Func<Task>))state!;
        _ = self.Watched(main);
    }, (this, main));

    async Task Watched(Func<Task> main)
    {
        try { await main(); }
        catch (Exception wrong) { _loop.Fail($"{Name} ended: {wrong}"); }
    }
}

/// <summary>Virtual time as one process sees it.</summary>
sealed class Clock(Loop loop, Process process) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => loop.Now + process.Skew;

    public override long GetTimestamp() => loop.Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(loop, process, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    sealed class Timer : ITimer
    {
        readonly Loop _loop;
        readonly Due _due;
        readonly TimerCallback _callback;
        readonly object? _state;
        TimeSpan _period;
        bool _disposed;

        public Timer(Loop loop, Process process, TimerCallback callback, object? state)
        {
            (_loop, _callback, _state) = (loop, callback, state);
            _due = new(process, Fire);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (_disposed) return false;
            _period = period;
            if (dueTime == Timeout.InfiniteTimeSpan) _due.At = -1;
            else _loop.Arm(_due, _loop.Ticks + dueTime.Ticks);
            return true;
        }

        public void Dispose()
        {
            _disposed = true;
            _due.At = -1;
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        void Fire()
        {
            if (_period > TimeSpan.Zero) _loop.Arm(_due, _loop.Ticks + _period.Ticks);
            _callback(_state);
        }
    }
}
