namespace Kennel.Simulation.Checks;

/// <summary>What users asked for, by uid.</summary>
sealed class Excuses
{
    /// <summary>Pods that a user deleted or evicted: in whatever order.</summary>
    public SortedSet<string> Deleted { get; } = new(StringComparer.Ordinal);

    /// <summary>Pods that a user forced away: they may still run.</summary>
    public SortedSet<string> Forced { get; } = new(StringComparer.Ordinal);

    /// <summary>Claims that a user deleted.</summary>
    public SortedSet<string> Claims { get; } = new(StringComparer.Ordinal);
}
