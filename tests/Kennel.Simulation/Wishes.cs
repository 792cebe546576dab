namespace Kennel.Simulation;

/// <summary>A defect put into the world on purpose, to see that the checkers find it.</summary>
enum Planted
{
    None,

    /// <summary>The controllers delete pods without grace: their names are free while they still run.</summary>
    Impatience,

    /// <summary>The disk says that it has synced what it will sync with the next batch.</summary>
    LateSync,
}

/// <summary>What a seed's world is like: its size, and which faults it has. A world has some of them, so that each is strong enough to be seen.</summary>
sealed record Wishes
{
    public int Nodes { get; init; }

    public int Sets { get; init; }

    /// <summary>The names of sets whose pods have volumes.</summary>
    public string Claimed { get; init; } = "";

    public int Deployments { get; init; }

    /// <summary>Workers a controller.</summary>
    public int Workers { get; init; }

    /// <summary>How many things users do.</summary>
    public int Actions { get; init; }

    /// <summary>How often a call of the runtime fails.</summary>
    public double RuntimeFailing { get; init; }

    public bool BadNetwork { get; init; }

    public bool Partitions { get; init; }

    public bool BadWatches { get; init; }

    public bool ServerCrashes { get; init; }

    public bool ControllerCrashes { get; init; }

    public bool NodeCrashes { get; init; }

    public bool PowerLosses { get; init; }

    public bool BadDisk { get; init; }

    public bool WrongClocks { get; init; }

    public bool ContainersExit { get; init; }

    public Planted Planted { get; init; }

    public static Wishes Draw(Random random, Planted planted)
    {
        bool Half() => random.Next(2) == 0;
        return new()
        {
            Nodes = random.Next(1, 4), Sets = random.Next(1, 4), Claimed = random.Next(4) switch { 0 => "", 1 => "s0", _ => "s0 s1 s2" }, Deployments = random.Next(4) == 0 ? 1 : 0, Workers = random.Next(1, 4), Actions = random.Next(4, 14),
            RuntimeFailing = Half() ? 0.05 * random.NextDouble() : 0, BadNetwork = Half(), Partitions = Half(), BadWatches = Half(), ServerCrashes = Half(),
            ControllerCrashes = Half(), NodeCrashes = Half(), PowerLosses = random.Next(3) == 0, BadDisk = Half(), WrongClocks = random.Next(4) == 0, ContainersExit = Half(), Planted = planted,
        };
    }
}
