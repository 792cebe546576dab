using Kennel.Objects.Core;

namespace Kennel.Node.Agent;

/// <summary>What a node knows of its own standing.</summary>
/// <param name="SinceRenewal">Since the last renewal of its lease that succeeded was sent, on a clock that never jumps; null before the first.</param>
/// <param name="Fenced">Its pods were stopped.</param>
/// <param name="SincePosted">Since it has told the API again that it is Ready; null when it hasn't since its pods were stopped.</param>
/// <param name="Lease">How long a renewal counts.</param>
public sealed record FenceObserved(TimeSpan? SinceRenewal, bool Fenced, TimeSpan? SincePosted, TimeSpan Lease);

public enum FenceStep
{
    Nothing,

    /// <summary>Stop the pods that may be started elsewhere.</summary>
    Stop,

    /// <summary>Tell the API that the node is Ready.</summary>
    Post,

    /// <summary>Ask the API for each pod whether it still is this node's, and let those go on.</summary>
    Release,
}

/// <param name="Look">When to look again.</param>
public sealed record FenceDecision(FenceStep Step, TimeSpan Look);

/// <summary>
/// A node that can't renew its lease stops its own stateful pods, and is done before the control plane could give them away: that counts the
/// node as lost 50 s after it <em>heard</em> of the last renewal, which is after it was sent, and only then can anyone release a pod of it by
/// the out-of-service taint. 40 s and 8 s of grace leave 2 s. See docs/decisions.md. Pure.
/// </summary>
public static class Fencing
{
    /// <summary>As a pod's annotation: <c>off</c> keeps a set's pod running whatever happens, <c>on</c> stops any pod.</summary>
    public const string Annotation = "kennel.io/fencing";

    /// <summary>What a stop may take: longer graces of pods are cut.</summary>
    public const long GraceSeconds = 8;

    /// <summary>Whoever decided while the node still counted as lost is done by then.</summary>
    public static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    static readonly TimeSpan s_soon = TimeSpan.FromSeconds(1);

    public static FenceDecision Decide(FenceObserved o)
    {
        if (o.SinceRenewal is not { } since) return new(FenceStep.Nothing, s_soon);
        if (since >= o.Lease) return new(o.Fenced ? FenceStep.Nothing : FenceStep.Stop, s_soon);
        if (!o.Fenced) return new(FenceStep.Nothing, o.Lease - since);
        if (o.SincePosted is not { } posted) return new(FenceStep.Post, s_soon);
        return posted < Settled ? new(FenceStep.Nothing, Settled - posted) : new(FenceStep.Release, s_soon);
    }

    /// <summary>Pods with an identity: another of the same name may be started elsewhere.</summary>
    public static bool Applies(Pod pod)
    {
        var said = pod.Metadata.Annotations.GetValueOrDefault(Annotation);
        return said == "on" || said != "off" && pod.Metadata.OwnerReferences.Any(r => r is { Controller: true, Kind: "StatefulSet" });
    }
}
