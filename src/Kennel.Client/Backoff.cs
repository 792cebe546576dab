namespace Kennel.Client;

/// <summary>How long to wait before trying again: doubling from <paramref name="First"/> up to <paramref name="Limit"/>, the last tenth by chance.</summary>
public sealed record Backoff(TimeSpan First, TimeSpan Limit)
{
    /// <summary>For rounds of a controller that failed: 5 ms up to 1000 s, as upstream's queues.</summary>
    public static readonly Backoff Rounds = new(TimeSpan.FromMilliseconds(5), TimeSpan.FromSeconds(1000));

    /// <summary>For lists and watches that broke: quick at first, since a server in the same process is back at once; 30 s at most.</summary>
    public static readonly Backoff Connections = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(30));

    /// <summary>For what succeeds and yet is needed again and again, as deleting a pod that was evicted: 1 s up to 5 minutes, as containers that crash.</summary>
    public static readonly Backoff Relapses = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));

    /// <summary>Always the same time.</summary>
    public static Backoff Steady(TimeSpan pace) => new(pace, pace);

    /// <param name="failures">How many tries in a row have failed before this one; from 0.</param>
    public TimeSpan After(int failures, Random random)
    {
        var doubled = First.TotalMilliseconds * Math.Pow(2, Math.Min(failures, 60));
        var wait = Math.Min(doubled, Limit.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(wait * (0.9 + 0.1 * random.NextDouble()));
    }
}
