using System.Collections.Immutable;
using Kennel.Node.Volumes;
using RuntimeContainer = Kennel.Node.Runtime.ContainerState;

namespace Kennel.Node.Pods;

/// <summary>What the agent knows of a pod beside the API's object and the runtime's snapshot. Only its worker changes it.</summary>
public sealed record Facts
{
    public static readonly Facts None = new();

    /// <summary>When this agent first saw the pod: <c>status.startTime</c> unless the API has an earlier one.</summary>
    public DateTimeOffset SeenAt { get; init; }

    /// <summary>The node refused the pod (ports taken, no room): it goes to Failed.</summary>
    public Refused? Rejected { get; init; }

    /// <summary>The node is short of something, or the pod has taken more than it may: its processes end soon, and it goes to Failed.</summary>
    public Refused? Evicted { get; init; }

    /// <summary>The node has lost its lease: the pod's processes get so many seconds to end, and nothing starts; null otherwise.</summary>
    public long? FenceSeconds { get; init; }

    /// <summary>The one piece of slow work under way; a pod does one after another, as its containers start in order.</summary>
    public Work? Busy { get; init; }

    /// <summary>The sandboxes that the runtime may have of this pod, the oldest first.</summary>
    public ImmutableArray<string> Known { get; init; } = [];

    /// <summary>The volumes by name; null until all are there.</summary>
    public ImmutableSortedDictionary<string, Place>? Places { get; init; }

    public Trouble? VolumeTrouble { get; init; }

    public Trouble? SandboxTrouble { get; init; }

    /// <summary>Volumes are unmounted; what is needed to show the pod's end is still there.</summary>
    public bool Unmounted { get; init; }

    /// <summary>The pod's folder and logs are gone too.</summary>
    public bool TornDown { get; init; }

    /// <summary>The final delete was answered; what is left of the object waits for finalizers.</summary>
    public bool Deleted { get; init; }

    public Trouble? FinishTrouble { get; init; }

    /// <summary>Sandboxes that were stopped on purpose; they are not used again.</summary>
    public ImmutableSortedSet<string> Retired { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Stops under way or done, by container id.</summary>
    public ImmutableSortedDictionary<string, Stopping> Stopping { get; init; } = ImmutableSortedDictionary.Create<string, Stopping>(StringComparer.Ordinal);

    /// <summary>By container name.</summary>
    public ImmutableSortedDictionary<string, ContainerFacts> Containers { get; init; } = ImmutableSortedDictionary.Create<string, ContainerFacts>(StringComparer.Ordinal);

    public ContainerFacts Of(string container) => Containers.GetValueOrDefault(container) ?? ContainerFacts.None;

    public Facts With(string container, Func<ContainerFacts, ContainerFacts> change) =>
        this with { Containers = Containers.SetItem(container, change(Of(container))) };
}

/// <summary>What is known of one container of the spec.</summary>
public sealed record ContainerFacts
{
    public static readonly ContainerFacts None = new();

    /// <summary>The reference to run the next start by; null until the image policy was followed for that start.</summary>
    public string? Image { get; init; }

    public Trouble? ImageTrouble { get; init; }

    /// <summary>Creating or starting it failed before there was a process.</summary>
    public Trouble? StartTrouble { get; init; }

    public CrashBackoff? Crash { get; init; }

    /// <summary>What a container was given after its creation; null when nothing was changed.</summary>
    public Resized? Resized { get; init; }

    public Trouble? ResizeTrouble { get; init; }

    /// <summary>The attempt whose back-off was told as an event.</summary>
    public uint? BackOffSaid { get; init; }

    public Probed Probes { get; init; } = Probed.Nothing;

    /// <summary>Its last state in a sandbox that is gone.</summary>
    public RuntimeContainer? Past { get; init; }
}

/// <summary>What the probes of one container say; counts only while that very container lives.</summary>
/// <param name="Unhealthy">Liveness or startup failed for good: the probe's name.</param>
/// <param name="GraceSeconds">The failed probe's own grace period.</param>
/// <param name="LastFailure">What the startup or readiness probe got last (<c>readiness probe failed, exit 1</c>); null when it passed.</param>
public sealed record Probed(string ContainerId, bool Started, bool Ready, string? Unhealthy = null, long? GraceSeconds = null, string? LastFailure = null)
{
    public static readonly Probed Nothing = new("", false, false);
}

/// <param name="Kind">One of the constants here.</param>
/// <param name="Container">Its container, or empty.</param>
public sealed record Work(string Kind, string Container = "", bool Abandoned = false)
{
    public const string Volumes = "volumes", Sandbox = "sandbox", Image = "image", Start = "start", Resize = "resize", Cleaning = "cleaning", Finishing = "finishing";

    /// <summary>What it will bring, for those who wait for it.</summary>
    public string Outcome => Kind switch
    {
        Image => $"the image of container {Container}",
        Start => $"container {Container} to start",
        Resize => $"the new resources of container {Container}",
        Volumes => "its volumes",
        Sandbox => "its sandbox",
        _ => Kind,
    };

    /// <summary>May take long for reasons outside the machine, and can be broken off.</summary>
    public bool MayBeAbandoned => !Abandoned && Kind is Volumes or Image or Start;
}

/// <param name="RetryAt">When a stop that had no effect is tried again; null while it runs.</param>
public sealed record Stopping(DateTimeOffset Since, long GraceSeconds, DateTimeOffset? RetryAt = null);

/// <summary>Something failed and is tried again.</summary>
/// <param name="Reason">Upstream's word: ErrImagePull, CreateContainerConfigError, FailedMount.</param>
/// <param name="Failures">In a row, at least 1.</param>
public sealed record Trouble(string Reason, string Message, int Failures, DateTimeOffset FailedAt, DateTimeOffset RetryAt)
{
    public static Trouble After(Trouble? before, string reason, string message, DateTimeOffset now, TimeSpan first, TimeSpan longest)
    {
        var failures = (before?.Failures ?? 0) + 1;
        var delay = TimeSpan.FromTicks(Math.Min(longest.Ticks, first.Ticks << Math.Min(failures - 1, 20)));
        return new(reason, message, failures, now, now + delay);
    }
}

/// <summary>The resources that a container has since they were changed in place.</summary>
public sealed record Resized(string ContainerId, Objects.Core.ResourceRequirements Resources);

public sealed record Refused(string Reason, string Message);
