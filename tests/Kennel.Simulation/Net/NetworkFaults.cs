namespace Kennel.Simulation.Net;

/// <summary>How bad the network is: chances a message, and lengths of time.</summary>
sealed record NetworkFaults(double LoseRequest, double LoseAnswer, double Duplicate, double Late, TimeSpan Usual, TimeSpan Longest)
{
    public static readonly NetworkFaults None = new(0, 0, 0, 0, TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(2));

    /// <summary>Longer than any message is under way, so that what a dead process sent has arrived before its successor decides.</summary>
    public static readonly TimeSpan MostLate = TimeSpan.FromSeconds(4);

    /// <summary>A seed's network has some of the faults, not all: each is then strong enough to be seen.</summary>
    public static NetworkFaults Draw(Random random)
    {
        double Some(double most) => random.Next(2) == 0 ? 0 : most * random.NextDouble();
        return new(Some(0.05), Some(0.05), Some(0.03), Some(0.1), TimeSpan.FromMilliseconds(random.Next(1, 50)), MostLate * random.NextDouble());
    }
}
