using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Controllers.Nodes;
using Kennel.Controllers.Pods;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.DisruptionBudgets;

/// <summary>A pod that was said to be disrupted and still isn't being deleted two minutes later is no target any more.</summary>
public sealed class StaleDisruption(ICaches caches) : IController
{
    static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    readonly ICache<Pod> _pods = caches.Of<Pod>();

    public string Name => "stale-pod-disruption";

    public void Watch(ITriggers triggers) =>
        triggers.On<Pod>((_, now) => now is not null && Since(now) is not null ? [ObjectKey.Of(now)] : []);

    public Decision Reconcile(ObjectKey key, Moment moment) => _pods.Get(key) is { } pod ? Decide(pod, moment.Now) : Decision.Nothing;

    public static Decision Decide(Pod pod, DateTimeOffset now)
    {
        if (Since(pod) is not { } since) return Decision.Nothing;
        var until = since + s_patience;
        return until > now ? new([], At: until)
            : new([new Step.UpdateStatus(pod.With(new PodCondition { Type = Conditions.DisruptionTarget, Status = "False" }, now))]);
    }

    /// <summary>What the node says about itself is never stale, and of a finished pod nothing needs to be said.</summary>
    static DateTimeOffset? Since(Pod pod) => !pod.IsTerminating() && !pod.IsFinished() && pod.Condition(Conditions.DisruptionTarget) is { Status: "True" } said && said.Reason != "TerminationByKubelet"
        ? said.LastTransitionTime : null;
}
