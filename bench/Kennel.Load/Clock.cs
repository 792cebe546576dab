using System.Diagnostics;

namespace Kennel.Load;

internal static class Clock
{
    public static double MillisecondsSince(long timestamp) => Stopwatch.GetElapsedTime(timestamp).TotalMilliseconds;

    /// <summary>Runs many clients that share a number of pieces of work, and times each piece.</summary>
    /// <returns>Pieces a second, and the milliseconds of each.</returns>
    public static async Task<(double PerSecond, double[] Milliseconds)> Closed(int clients, int pieces, Func<int, Task> piece)
    {
        var milliseconds = new double[pieces];
        var next = -1;
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Client()));
        return (pieces / Stopwatch.GetElapsedTime(began).TotalSeconds, milliseconds);

        async Task Client()
        {
            await Task.Yield();
            while (Interlocked.Increment(ref next) is var at && at < pieces)
            {
                var start = Stopwatch.GetTimestamp();
                await piece(at);
                milliseconds[at] = MillisecondsSince(start);
            }
        }
    }
}
