using System.Diagnostics;
using System.Globalization;

namespace Kennel.Simulation;

/// <summary>
/// <c>--seed 123 [--trace]</c> runs one seed twice; <c>--seeds 1000 [--from 1] [--threads 2]</c> runs many, each in a world of its own. <c>--planted</c> puts a
/// defect into the worlds.
/// </summary>
static class Simulate
{
    static Planted s_planted;

    static int Main(string[] arguments)
    {
        ulong? Number(string name) => Array.IndexOf(arguments, name) is >= 0 and var at ? ulong.Parse(arguments[at + 1], CultureInfo.InvariantCulture) : null;
        s_planted = Array.IndexOf(arguments, "--planted") is >= 0 and var name ? Enum.Parse<Planted>(arguments[name + 1]) : Planted.None;
        if (Number("--seed") is { } seed) return One(seed, arguments.Contains("--trace"));
        return Many(Number("--from") ?? 1, Number("--seeds") ?? 100, (int)(Number("--threads") ?? (ulong)Environment.ProcessorCount));
    }

    static int One(ulong seed, bool trace)
    {
        var outcome = Seed.Run(seed, s_planted, trace ? Console.WriteLine : null);
        var again = Seed.Run(seed, s_planted);
        if (outcome.Failure is null && outcome.Hash != again.Hash) outcome = outcome with { Failure = $"two runs differ: {outcome.Hash:x} and {again.Hash:x}" };
        if (outcome.Failure is not null) Tell(outcome);
        else Console.WriteLine($"seed {seed}: well after {outcome.Elapsed}, {outcome.Steps} steps, {outcome.Revisions} revisions, hash {outcome.Hash:x16}");
        return outcome.Failure is null ? 0 : 1;
    }

    static int Many(ulong from, ulong count, int threads)
    {
        var next = from - 1;
        long failed = 0, steps = 0, done = 0;
        var clock = Stopwatch.StartNew();
        var pool = ThreadPool.CompletedWorkItemCount;
        var all = Enumerable.Range(0, threads).Select(_ => new Thread(() =>
        {
            while (Interlocked.Increment(ref next) is var seed && seed < from + count)
            {
                var outcome = Seed.Run(seed, s_planted);
                Interlocked.Add(ref steps, outcome.Steps);
                if (Interlocked.Increment(ref done) % 1000 == 0) Console.WriteLine($"{done} seeds, {failed} failed, {done / clock.Elapsed.TotalSeconds:0.0} a second");
                if (outcome.Failure is null) continue;
                Interlocked.Increment(ref failed);
                lock (clock) Tell(outcome);
            }
        })).ToList();
        all.ForEach(t => t.Start());
        all.ForEach(t => t.Join());
        var escaped = ThreadPool.CompletedWorkItemCount - pool;
        Console.WriteLine($"{count} seeds from {from}: {failed} failed; {(double)steps / count:0} steps a seed, {count / clock.Elapsed.TotalSeconds:0.0} seeds/s on {threads} threads, {escaped} items left to the thread pool");
        return failed == 0 && escaped == 0 ? 0 : 1;
    }

    static void Tell(Outcome outcome)
    {
        var replay = $"seed {outcome.Seed} failed; replay it with: make sim SEED={outcome.Seed}";
        Console.WriteLine(replay);
        foreach (var line in outcome.Trace) Console.WriteLine(line);
        Console.WriteLine($"{outcome.Failure}\n{replay}");
    }
}
