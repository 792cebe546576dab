namespace Kennel.Store.Memory;

/// <summary>How much history is worth its memory. Only the writer uses it.</summary>
internal sealed class Retention(TimeProvider time)
{
    /// <summary>
    /// A client that reconnects, or that pages through a list, within this time finds its revision again: etcd behind a Kubernetes API
    /// server forgets after five minutes too.
    /// </summary>
    public static readonly TimeSpan Age = TimeSpan.FromMinutes(5);

    /// <summary>However old, this many changes are kept: on a quiet store they cost next to nothing and save clients a new list.</summary>
    public const long Revisions = 1000;

    /// <summary>However young, history weighs no more than this: a burst of writes must not take the machine's memory.</summary>
    public const long Bytes = 64L << 20;

    /// <summary>How often a store looks whether something is old enough, besides at every write.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    /// <summary>How exactly the age of a revision is known.</summary>
    private static readonly TimeSpan Grain = TimeSpan.FromSeconds(10);

    private readonly Queue<(long At, long Revision)> _marks = new();
    private long _latest;
    private long _aged;

    /// <summary>The revision before which history may go now.</summary>
    public long Floor(State state)
    {
        Mark(state.Revision);
        var byAge = Math.Min(_aged, state.Revision - Revisions);
        var floor = Math.Max(byAge, state.History.Lighter(Bytes));
        return Math.Clamp(floor, state.Compacted, state.Revision);
    }

    private void Mark(long revision)
    {
        var now = time.GetTimestamp();
        while (_marks.TryPeek(out var mark) && time.GetElapsedTime(mark.At, now) >= Age)
        {
            _aged = mark.Revision;
            _marks.Dequeue();
        }

        if (_marks.Count > 0 && time.GetElapsedTime(_latest, now) < Grain) return;
        _marks.Enqueue((now, revision));
        _latest = now;
    }
}
