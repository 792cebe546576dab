using System.Diagnostics;

namespace Kennel.Simulation.Tests;

/// <summary>Seeds that once failed, seeds that nobody has seen before, and worlds with a defect put in on purpose.</summary>
public sealed class SeedTests
{
    const int Fresh = 150;

    /// <summary>As many as a planted defect may hide in.</summary>
    const int MostUntilCaught = 60;

    /// <summary>Each once showed a defect: see docs/simulation.md.</summary>
    public static TheoryData<ulong> Known => [12, 58, 136, 193, 201, 219, 279, 1140, 2075, 2104, 2138, 20006, 20009, 100439, 100661, 200003, 5711971715103877621];

    [Theory]
    [MemberData(nameof(Known))]
    public void A_seed_that_once_failed_does_not_and_replays_exactly(ulong seed)
    {
        var (one, two) = (Seed.Run(seed), Seed.Run(seed));
        one.Failure.ShouldBeNull(Text(one));
        two.Hash.ShouldBe(one.Hash, $"two runs of seed {seed} differ");
        two.Steps.ShouldBe(one.Steps);
    }

    [Fact]
    public void Seeds_that_nobody_has_seen_keep_every_promise()
    {
        var from = (ulong)Random.Shared.NextInt64(1_000_000_000, long.MaxValue);
        var failed = new List<Outcome>();
        var threads = Enumerable.Range(0, 2).Select(part => new Thread(() =>
        {
            for (var seed = from + (ulong)part; seed < from + Fresh; seed += 2)
                if (Seed.Run(seed) is { Failure: not null } outcome)
                    lock (failed) failed.Add(outcome);
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        failed.Select(Text).FirstOrDefault().ShouldBeNull();
    }

    [Theory]
    [InlineData("Impatience", "live")]
    [InlineData("LateSync", "durable")]
    public void A_planted_defect_is_caught(string planted, string said)
    {
        for (ulong seed = 1; seed <= MostUntilCaught; seed++)
            if (Seed.Run(seed, Enum.Parse<Planted>(planted)).Failure?.Contains(said, StringComparison.Ordinal) == true) return;
        Assert.Fail($"{planted} hid in {MostUntilCaught} seeds");
    }

    [Fact]
    public void Nothing_leaves_the_threads_of_the_worlds()
    {
        // The program fails when the thread pool did anything; in this process the test runner uses it.
        var program = Path.Combine(AppContext.BaseDirectory, "Kennel.Simulation.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, "--seeds", "10", "--threads", "2"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, text);
    }

    static string Text(Outcome outcome) =>
        $"replay with: make sim SEED={outcome.Seed}\n{string.Join('\n', outcome.Trace)}\n{outcome.Failure}\nreplay with: make sim SEED={outcome.Seed}";
}
