using System.Collections.Immutable;

namespace Kennel.Node.Pods;

/// <summary>What to do next about a pod. All but stops and notices are done one at a time.</summary>
/// <param name="WaitingFor">A sentence for users with what is waited on, or null.</param>
/// <param name="At">When to look again even if nothing happens, or null.</param>
/// <param name="RetryAt">When what is waited for is tried again, or null when it isn't known.</param>
public sealed record PodDecision(ImmutableArray<PodStep> Steps, string? WaitingFor = null, DateTimeOffset? At = null, DateTimeOffset? RetryAt = null)
{
    public override string ToString() =>
        string.Join('\n', Steps.Select(s => s.ToString()).Append(WaitingFor is null ? null : $"wait for {WaitingFor}").Where(s => s is not null));
}

/// <summary>One effect on the runtime, the volumes or the API; its text is the plan that tests compare.</summary>
public abstract record PodStep
{
    public sealed record EnsureVolumes : PodStep { public override string ToString() => "ensure volumes"; }

    public sealed record RunSandbox(uint Attempt) : PodStep { public override string ToString() => $"run sandbox {Attempt}"; }

    public sealed record StopSandbox(string Id) : PodStep { public override string ToString() => $"stop sandbox {Id}"; }

    public sealed record RemoveSandbox(string Id) : PodStep { public override string ToString() => $"remove sandbox {Id}"; }

    /// <summary>Follows the image policy: looks, pulls, or refuses.</summary>
    public sealed record EnsureImage(string Container) : PodStep { public override string ToString() => $"ensure image of {Container}"; }

    /// <summary>Creates and starts a container and runs its postStart hook.</summary>
    /// <param name="Backoff">How long the start after this one has to wait.</param>
    public sealed record StartContainer(string Container, uint Attempt, string Image, CrashBackoff? Backoff) : PodStep
    {
        public override string ToString() => $"start {Container} {Attempt}";
    }

    /// <summary>Gives a container that runs the CPU and memory that its spec says now.</summary>
    public sealed record Resize(string Id, string Container) : PodStep { public override string ToString() => $"resize {Container} ({Id})"; }

    /// <summary>Runs the preStop hook, then TERM, then KILL, all within the grace period. Goes on beside other work.</summary>
    /// <param name="Why">As the Killing event says it.</param>
    public sealed record StopContainer(string Id, string Container, long GraceSeconds, string Why) : PodStep
    {
        public override string ToString() => $"stop {Container} ({Id}) within {GraceSeconds}s: {Why}";
    }

    public sealed record RemoveContainer(string Id, string Container, uint Attempt) : PodStep { public override string ToString() => $"remove {Container} {Attempt} ({Id})"; }

    /// <summary>Breaks off the work under way.</summary>
    public sealed record Abandon(string Kind) : PodStep { public override string ToString() => $"abandon {Kind}"; }

    /// <summary>Unmounts the volumes and removes the pod's folder.</summary>
    /// <param name="Logs">The logs too: the pod is leaving.</param>
    public sealed record TearDown(bool Logs) : PodStep { public override string ToString() => Logs ? "tear down volumes and logs" : "tear down volumes"; }

    /// <summary>Writes the final status, then deletes the object with grace 0. Only ever decided when nothing of the pod lives.</summary>
    public sealed record Finish : PodStep { public override string ToString() => "delete from the API"; }

    /// <summary>Nothing is left of the pod: its worker ends.</summary>
    public sealed record Forget : PodStep { public override string ToString() => "forget"; }

    /// <summary>An event on the pod.</summary>
    public sealed record Say(Notice Notice) : PodStep { public override string ToString() => $"say {Notice.Reason}: {Notice.Message}"; }

    /// <summary>Marks that a back-off was told.</summary>
    public sealed record BackOffSaid(string Container, uint Attempt) : PodStep { public override string ToString() => $"back-off of {Container} {Attempt} told"; }
}

/// <summary>An event in kubelet's words.</summary>
/// <param name="Container">Which container's <c>fieldPath</c> it names, or null for the pod.</param>
public sealed record Notice(string Reason, string Message, bool Warning = false, string? Container = null);
