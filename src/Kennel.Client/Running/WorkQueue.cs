using System.Threading.Channels;
using Kennel.Objects;

namespace Kennel.Client.Running;

/// <summary>
/// The keys of one controller that want a look, each at most once: the most urgent first, and first come first served among equals. A key
/// that is being worked on and wanted again comes back when it is done: two workers never hold the same key.
/// </summary>
/// <param name="urgency">Asked when a key enters; null when all are equal.</param>
sealed class WorkQueue(TimeProvider time, Func<ObjectKey, long>? urgency = null)
{
    readonly Lock _lock = new();
    readonly HashSet<ObjectKey> _wanted = [];
    readonly HashSet<ObjectKey> _held = [];
    readonly Dictionary<ObjectKey, (DateTimeOffset At, ITimer Timer)> _later = [];
    readonly Channel<Place> _ready = Channel.CreateUnboundedPrioritized<Place>();
    long _came;
    long _adds;

    /// <summary>Keys that want a look now, and how many came to want one since the start.</summary>
    public (int Depth, long Adds) Figures
    {
        get { lock (_lock) return (_wanted.Count, _adds); }
    }

    public void Add(ObjectKey key)
    {
        lock (_lock)
        {
            if (!_wanted.Add(key)) return;
            _adds++;
            if (!_held.Contains(key)) Enter(key);
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
        var key = (await _ready.Reader.ReadAsync(cancel)).Key;
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
            if (_wanted.Contains(key)) Enter(key);
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

    void Enter(ObjectKey key) => _ready.Writer.TryWrite(new(key, urgency?.Invoke(key) ?? 0, _came++));

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

    /// <summary>A place in the queue; the least comes first.</summary>
    readonly record struct Place(ObjectKey Key, long Urgency, long Came) : IComparable<Place>
    {
        public int CompareTo(Place other) => Urgency != other.Urgency ? other.Urgency.CompareTo(Urgency) : Came.CompareTo(other.Came);
    }
}
