using System.Collections.Immutable;
using Kennel.Objects.Core;

namespace Kennel.Node.Pressure;

/// <summary>Everything that a decision about a node's shortages may depend on.</summary>
/// <param name="Memory">In bytes; null where it isn't measured.</param>
/// <param name="MemoryMet">When the node was last short of memory, or null.</param>
/// <param name="Collected">What nobody uses has just been removed.</param>
/// <param name="Evicting">A pod is on its way out for a shortage: its room isn't free yet.</param>
public sealed record PressureObserved(
    DateTimeOffset Now, Thresholds Thresholds, (long Total, long Available)? Memory, DiskSpace? Disk, DateTimeOffset? MemoryMet, DateTimeOffset? DiskMet,
    bool Collected, bool Evicting, ImmutableArray<PodUse> Pods);

/// <summary>What one pod uses of what is scarce.</summary>
/// <param name="DiskBytes">Its emptyDirs, logs and what its containers have written.</param>
public sealed record PodUse(Pod Pod, long MemoryBytes, long DiskBytes, ImmutableArray<ContainerUse> Containers);

public sealed record ContainerUse(string Name, long MemoryBytes, long DiskBytes);

/// <param name="Collect">Remove what nobody uses: images from registries, the oldest first.</param>
/// <param name="Victim">The pod that has to go, with what its status says; null when none has.</param>
/// <param name="Short">The signal that is met, as upstream names it, for the event; null when none is.</param>
public sealed record PressureDecision(bool MemoryPressure, bool DiskPressure, DateTimeOffset? MemoryMet, DateTimeOffset? DiskMet, bool Collect, (Pod Pod, string Message)? Victim, string? Short);
