using Kennel.Simulation.Checks;

namespace Kennel.Simulation;

/// <summary>How a seed ended.</summary>
/// <param name="Failure">What broke, or null.</param>
/// <param name="Hash">Of everything that happened: the same in every run of the seed.</param>
/// <param name="Requests">Requests that the server answered.</param>
public sealed record Outcome(ulong Seed, string? Failure, ulong Hash, long Steps, long Revisions, TimeSpan Elapsed, IReadOnlyList<string> Trace);

/// <summary>Runs one seed: first safety while things go wrong, then, in good weather, everything has to become well and then quiet.</summary>
public static class Seed
{
    static readonly TimeSpan s_look = TimeSpan.FromSeconds(2);

    /// <summary>Longer than any back-off of a controller (1000 s) and what has to follow it.</summary>
    static readonly TimeSpan s_patience = TimeSpan.FromMinutes(45);

    /// <summary>How long it must be quiet then, heartbeats aside.</summary>
    static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(60);

    public static Outcome Run(ulong seed, Action<string>? follow = null) => Run(seed, Planted.None, follow);

    internal static Outcome Run(ulong seed, Planted planted, Action<string>? follow = null)
    {
        var world = new World(seed, planted);
        var loop = world.Loop;
        loop.Trace.Follow = follow;
        world.Say("seed", "begins", world.Wishes.ToString());
        world.Start();
        Until(world, TimeSpan.FromMinutes(1), () => world.Server.Up);
        world.User.Start();
        world.Weather.Begin();
        Until(world, TimeSpan.FromMinutes(20), () => world.User.Idle);
        world.Weather.ClearUp();
        world.User.TidyUp();
        if (!Until(world, s_patience, () => world.User.Idle && !Converged.Missing(world).Any()) && loop.Failure is null)
            loop.Fail($"not well after {s_patience.TotalMinutes} minutes of good weather: {string.Join("; ", Converged.Missing(world))}\n{Waiting(world)}");
        Quiet(world);
        return new(seed, loop.Failure, loop.Trace.Hash, loop.Steps, world.Truth.History.Last, loop.Elapsed, loop.Failure is null ? [] : [.. loop.Trace.Last(400)]);
    }

    /// <summary>Lets time pass until something is so; false when it isn't in time. Looks every now and then: looking costs.</summary>
    static bool Until(World world, TimeSpan most, Func<bool> isSo)
    {
        var end = world.Loop.Elapsed + most;
        while (world.Loop.Failure is null && world.Loop.Elapsed < end)
        {
            if (isSo()) return true;
            world.Loop.Run(world.Loop.Elapsed + s_look);
        }
        return isSo();
    }

    /// <summary>What the controllers say that they wait for.</summary>
    static string Waiting(World world) => string.Join('\n', (world.Controllers.Runner?.Waiting ?? []).Select(w =>
        $"{w.Controller} {w.Key} {(w.For is null ? "" : "waits for " + w.For)} {(w.Problem is null ? "" : $"failed {w.Failures} times: {w.Problem}")} since {w.Since:HH:mm:ss}"));

    static void Quiet(World world)
    {
        if (world.Loop.Failure is not null) return;
        world.Loop.Run(world.Loop.Elapsed + TimeSpan.FromSeconds(15)); // what was just done is still told in events
        var before = world.Truth.Changes;
        world.Loop.Run(world.Loop.Elapsed + s_quiet);
        var writes = world.Truth.Changes - before;
        if (writes > world.Nodes.Count) world.Loop.Fail($"{writes} writes in {s_quiet.TotalSeconds} quiet seconds, the last of {world.Truth.LastChange}");
        if (world.Loop.Failure is null && Converged.Missing(world).FirstOrDefault() is { } missing) world.Loop.Fail($"was well, and is no more: {missing}");
    }
}
