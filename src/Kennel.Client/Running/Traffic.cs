using System.Collections.Immutable;

namespace Kennel.Client.Running;

/// <summary>Which lanes of a key are open in one round, and what the round does to them.</summary>
public sealed class Traffic
{
    /// <summary>A lane that has been quiet for so long after its rest starts afresh, as the back-off of a container that has run for so long.</summary>
    static readonly TimeSpan Quiet = TimeSpan.FromMinutes(10);

    static readonly ImmutableSortedDictionary<string, Setback> None = ImmutableSortedDictionary.Create<string, Setback>(StringComparer.Ordinal);

    readonly ImmutableSortedDictionary<string, Setback> _before;
    readonly SortedSet<string> _closed = new(StringComparer.Ordinal);
    readonly DateTimeOffset _now;
    readonly Random _random;
    int? _ended;

    /// <param name="before">The setbacks that earlier rounds have left, or null.</param>
    public Traffic(ImmutableSortedDictionary<string, Setback>? before, DateTimeOffset now, Random random)
    {
        (_now, _random, _before) = (now, random, before ?? None);
        foreach (var (lane, setback) in _before) if (setback.Until + Quiet < now) _before = _before.Remove(lane);
        Setbacks = _before;
    }

    /// <summary>The setbacks after the round.</summary>
    public ImmutableSortedDictionary<string, Setback> Setbacks { get; private set; }

    /// <summary>When the first of the steps that were passed over may go; null when all went.</summary>
    public DateTimeOffset? Next { get; private set; }

    /// <summary>The first failure among the lanes, this round's or one that is still rested on.</summary>
    public Setback? Worst { get; private set; }

    /// <summary>Whether a step may go; false passes it over.</summary>
    public bool IsOpen(Step step)
    {
        if (_ended is { } batch && (batch == 0 || step.Batch != batch)) return false;
        if (step.Lane is not { } lane) return true;
        if (_closed.Contains(lane)) return false;
        if (_before.GetValueOrDefault(lane) is not { } setback || setback.Until <= _now || setback.Problem is not null && !setback.Concerns(step)) return true;
        Close(lane, setback);
        return false;
    }

    /// <summary>A step has gone.</summary>
    public void Succeeded(Step step)
    {
        if (step.Lane is not { } lane) return;
        if (step.Rest is { } rest)
        {
            var count = _before.GetValueOrDefault(lane) is { Problem: null } earlier ? earlier.Count : 0;
            Setbacks = Setbacks.SetItem(lane, new(count + 1, _now + rest.After(count, _random)));
        }
        else if (_before.GetValueOrDefault(lane)?.Concerns(step) == true) Setbacks = Setbacks.Remove(lane);
    }

    /// <summary>A step has failed: the rest of its lane is passed over in this round, or the rest of the round if it is of the trunk.</summary>
    public void Failed(Step step, string problem)
    {
        if (step.Lane is { } lane)
        {
            var count = _before.GetValueOrDefault(lane) is { } earlier && earlier.Concerns(step) ? earlier.Count : 0;
            Close(lane, new(count + 1, _now + Backoff.Rounds.After(count, _random), problem, Setback.Name(step)));
        }
        else if (!step.MayFail) _ended ??= step.Batch;
    }

    void Close(string lane, Setback setback)
    {
        _closed.Add(lane);
        Setbacks = Setbacks.SetItem(lane, setback);
        if (Next is null || setback.Until < Next) Next = setback.Until;
        if (setback.Problem is not null) Worst ??= setback;
    }
}
