namespace Kennel.Node.Pods;

/// <summary>
/// The waits between restarts of one container, counted as upstream counts: the first restart comes at once, the next after 10 s, then
/// doubling to 5 min; a container that lived through twice the longest wait starts over.
/// </summary>
/// <param name="Delay">How long to wait after the next exit.</param>
/// <param name="UpdatedAt">The last restart.</param>
public sealed record CrashBackoff(TimeSpan Delay, DateTimeOffset UpdatedAt)
{
    static readonly TimeSpan s_first = TimeSpan.FromSeconds(10);
    static readonly TimeSpan s_longest = TimeSpan.FromMinutes(5);
    static readonly TimeSpan s_forgotten = s_longest * 2;

    /// <summary>When a container that ended at <paramref name="finished"/> may start again, or null when at once.</summary>
    public static DateTimeOffset? Until(CrashBackoff? state, DateTimeOffset finished, DateTimeOffset now)
    {
        if (state is null || finished - state.UpdatedAt > s_forgotten) return null;
        return now - finished < state.Delay ? finished + state.Delay : null;
    }

    /// <summary>The state after a restart at <paramref name="now"/>.</summary>
    public static CrashBackoff Next(CrashBackoff? state, DateTimeOffset now) =>
        state is null || now - state.UpdatedAt > s_forgotten
            ? new(s_first, now)
            : new(TimeSpan.FromTicks(Math.Min(s_longest.Ticks, state.Delay.Ticks * 2)), now);

    /// <summary>As Go prints it: <c>10s</c>, <c>1m20s</c>, <c>5m0s</c>.</summary>
    public string Text => Delay < TimeSpan.FromMinutes(1) ? $"{(int)Delay.TotalSeconds}s" : $"{(int)Delay.TotalMinutes}m{Delay.Seconds}s";
}
