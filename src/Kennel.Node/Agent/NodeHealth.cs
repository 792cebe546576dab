namespace Kennel.Node.Agent;

/// <summary>What the node says of itself in its conditions.</summary>
/// <param name="NotReady">Why it can't run pods, or null.</param>
public sealed record NodeHealth(string? NotReady = null, bool MemoryPressure = false, bool DiskPressure = false)
{
    public static readonly NodeHealth Good = new();
}
