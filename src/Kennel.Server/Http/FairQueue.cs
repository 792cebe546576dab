namespace Kennel.Server.Http;

/// <summary>
/// So many requests at a time. Who comes when all seats are taken waits in the line of his own; seats that become free go from line to line in turn, so that one who sends a thousand
/// requests at once delays himself and not the others. A line has an end, and so has patience: beyond it a request is turned away.
/// </summary>
public sealed class FairQueue(int seats, TimeProvider time)
{
    /// <summary>A quarter of what a request may take, as upstream.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public const int MostInLine = 200;
    public const int MostWaiting = 4000;

    readonly Lock _gate = new();
    readonly Dictionary<string, Queue<TaskCompletionSource<bool>>> _lines = new(StringComparer.Ordinal);
    readonly Queue<string> _turns = new();
    int _inside;
    int _waiting;

    /// <summary>Whether there is a seat; if so, <see cref="Leave"/> gives it back.</summary>
    /// <param name="line">Whose request it is.</param>
    public ValueTask<bool> Enter(string line, CancellationToken cancel) => Volatile.Read(ref _waiting) == 0 && TakeSeat() ? new(true) : Wait(line, cancel);

    public void Leave()
    {
        Interlocked.Decrement(ref _inside);
        if (Volatile.Read(ref _waiting) > 0) Seat();
    }

    async ValueTask<bool> Wait(string line, CancellationToken cancel)
    {
        TaskCompletionSource<bool> turn;
        lock (_gate)
        {
            if (_waiting >= MostWaiting) return false;
            if (!_lines.TryGetValue(line, out var others)) _lines[line] = others = new();
            if (others.Count >= MostInLine) return false;
            turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (others.Count == 0) _turns.Enqueue(line);
            others.Enqueue(turn);
            Interlocked.Increment(ref _waiting);
        }
        Seat(); // one may have become free in between
        using var timeout = new CancellationTokenSource(Patience, time);
        await using var impatient = timeout.Token.UnsafeRegister(static t => ((TaskCompletionSource<bool>)t!).TrySetResult(false), turn);
        await using var gone = cancel.UnsafeRegister(static t => ((TaskCompletionSource<bool>)t!).TrySetResult(false), turn);
        return await turn.Task;
    }

    /// <summary>Gives free seats to those who wait. Who has lost patience meanwhile is passed over.</summary>
    void Seat()
    {
        lock (_gate)
            while (_turns.Count > 0 && TakeSeat())
            {
                var line = _turns.Dequeue();
                var others = _lines[line];
                var turn = others.Dequeue();
                Interlocked.Decrement(ref _waiting);
                if (others.Count > 0) _turns.Enqueue(line);
                else _lines.Remove(line);
                if (!turn.TrySetResult(true)) Interlocked.Decrement(ref _inside);
            }
    }

    bool TakeSeat()
    {
        if (Interlocked.Increment(ref _inside) <= seats) return true;
        Interlocked.Decrement(ref _inside);
        return false;
    }
}
