namespace Kennel.Controllers.Scheduling.Filters;

/// <summary>Why a node can't have a pod.</summary>
/// <param name="Why">Upstream's words.</param>
/// <param name="Final">Displacing pods from the node would not help.</param>
public readonly record struct Objection(string Why, Cause Cause, bool Final = false);

/// <summary>What kind of change could lift an objection.</summary>
[Flags]
public enum Cause
{
    None = 0,

    /// <summary>Resources, ports and the number of pods: a pod leaves, or a node grows.</summary>
    Room = 1,

    /// <summary>Labels, taints, cordoning, or there is no node.</summary>
    Node = 2,

    /// <summary>Claims, volumes, classes.</summary>
    Volumes = 4,

    /// <summary>Topology spread: pods come or go.</summary>
    Spread = 8,

    /// <summary>Affinity: pods come.</summary>
    Friends = 16,

    /// <summary>Anti-affinity, its own or others': pods go.</summary>
    Foes = 32,
}
