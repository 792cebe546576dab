using System.Threading.Channels;
using Kennel.Objects;

namespace Kennel.Client.Running;

/// <summary>
/// The keys of one controller that want a look, each at most once, first come first served. A key that is being worked on and wanted again
/// comes back when it is done: two workers never hold the same key.
/// </summary>
sealed class WorkQueue(TimeProvider time)
{
    readonly Lock _lock = new();
    readonly HashSet<ObjectKey> _wanted = [];
    readonly HashSet<ObjectKey> _held = [];
    readonly Dictionary<ObjectKey, (DateTimeOffset At, ITimer Timer)> _later = [];
    readonly Channel<ObjectKey> _ready = Channel.CreateUnbounded<ObjectKey>();

    public void Add(ObjectKey key)
    {
        lock (_lock)
        {
            if (_wanted.Add(key) && !_held.Contains(key)) _ready.Writer.TryWrite(key);
        }
    }

    /// <summary>Wants a look at a key at a time, instead of the time that was wished before; null wishes none.</summary>
    public void AddAt(ObjectKey key, DateTimeOffset? at)
    {
        lock (_lock)
        {
            if (_later.Remove(key, out var before)) before.Timer.Dispose();
            if (at is not { } due) return;
            // Timers run in whole milliseconds: rounded up, so that the look comes at or after the time and not just before it.
            var wait = TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling((due - time.GetUtcNow()).TotalMilliseconds)));
            _later[key] = (due, time.CreateTimer(_ => Due(key, due), null, wait < Longest ? wait : Longest, Timeout.InfiniteTimeSpan));
        }
    }

    /// <summary>The next key; it is held until <see cref="Done"/>.</summary>
    public async ValueTask<ObjectKey> Take(CancellationToken cancel)
    {
        var key = await _ready.Reader.ReadAsync(cancel);
        lock (_lock)
        {
            _wanted.Remove(key);
            _held.Add(key);
        }
        return key;
    }

    public void Done(ObjectKey key)
    {
        lock (_lock)
        {
            _held.Remove(key);
            if (_wanted.Contains(key)) _ready.Writer.TryWrite(key);
        }
    }

    /// <summary>Ends all timers.</summary>
    public void Close()
    {
        lock (_lock)
        {
            foreach (var (_, timer) in _later.Values) timer.Dispose();
            _later.Clear();
        }
    }

    /// <summary>Timers have an upper end; a wish beyond it is looked at early and wished again.</summary>
    static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    void Due(ObjectKey key, DateTimeOffset at)
    {
        lock (_lock)
        {
            if (!_later.TryGetValue(key, out var wish) || wish.At != at) return;
            _later.Remove(key);
            wish.Timer.Dispose();
        }
        Add(key);
    }
}
