namespace Kennel.Node.Streams;

/// <summary>Where a pod of this node is found in the runtime, or null when the node has no such pod. The pod agent answers it from what it knows.</summary>
public delegate PodPlace? PodLookup(string @namespace, string pod);

/// <param name="SandboxId">Null while there is no running sandbox.</param>
public sealed record PodPlace(string? SandboxId, IReadOnlyList<ContainerPlace> Containers);

/// <param name="Name">The container's name in the pod; init and ephemeral containers too.</param>
/// <param name="ContainerId">The newest container of that name; null when none was made yet.</param>
/// <param name="Running">It runs now: exec and attach are possible, and its log may grow.</param>
/// <param name="LogFile">Full path of the newest container's log; null when none was made yet.</param>
/// <param name="PreviousLogFile">Full path of the log of the one before that has ended; null when there is none.</param>
/// <param name="WaitingReason">Why it doesn't run yet: ContainerCreating, ErrImagePull; null when it runs or has ended.</param>
public sealed record ContainerPlace(string Name, string? ContainerId, bool Running, string? LogFile, string? PreviousLogFile, string? WaitingReason);
