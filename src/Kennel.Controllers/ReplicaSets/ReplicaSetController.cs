using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Controllers.Pods;
using Kennel.Objects;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;
using Kennel.Objects.Selectors;

namespace Kennel.Controllers.ReplicaSets;

/// <summary>Watches ReplicaSets and their pods.</summary>
public sealed class ReplicaSetController(ICaches caches) : IController
{
    readonly ICache<ReplicaSet> _sets = caches.Of<ReplicaSet>();
    readonly ICache<Pod> _pods = caches.Of<Pod>();

    public string Name => "replicaset-controller";

    public void Watch(ITriggers triggers)
    {
        triggers.On<ReplicaSet>((old, now) => [ObjectKey.Of(now ?? old!)]);
        triggers.On<Pod>((old, now) => Dependents.Keys(old, now, "ReplicaSet", _sets, (set, pod) => set.Spec?.Selector.Matches(pod.Metadata.Labels) == true));
    }

    public Decision Reconcile(ObjectKey key, Moment moment)
    {
        if (_sets.Get(key) is not { Spec: { } spec } set) return Decision.Nothing;
        return ReplicaSets.Decide(new(
            set, spec.Replicas ?? 1, spec.MinReadySeconds ?? 0, spec.Selector, spec.Template ?? PodTemplateSpec.Empty,
            [.. _pods.ControlledBy(set.Metadata.Uid ?? ""), .. _pods.OrphansIn(key.Namespace)],
            node => Neighbours(set, node),
            Read(set), counted => Write(set, counted), moment.Now, moment.Problem));
    }

    /// <summary>The pods of all sets of the same Deployment count, or of this set alone.</summary>
    int Neighbours(ReplicaSet set, string node)
    {
        var sisters = set.Metadata.ControllerUid() is { } owner ? _sets.ControlledBy(owner) : [set];
        return sisters.SelectMany(s => _pods.ControlledBy(s.Metadata.Uid ?? "")).Count(p => p.Spec?.NodeName == node && !p.IsFinished() && !p.IsTerminating());
    }

    static Counted Read(ReplicaSet set)
    {
        var status = set.Status ?? ReplicaSetStatus.Empty;
        var failing = status.Conditions.FirstOrDefault(c => c is { Type: "ReplicaFailure", Status: "True" });
        return new(status.Replicas, status.FullyLabeledReplicas ?? 0, status.ReadyReplicas ?? 0, status.AvailableReplicas ?? 0, status.ObservedGeneration ?? 0,
            failing is null ? null : new(failing.Reason ?? "", failing.Message ?? "", failing.LastTransitionTime ?? default));
    }

    static ReplicaSet Write(ReplicaSet set, Counted c) => set with
    {
        Status = new()
        {
            Replicas = c.Replicas,
            FullyLabeledReplicas = Some(c.FullyLabeled),
            ReadyReplicas = Some(c.Ready),
            AvailableReplicas = Some(c.Available),
            ObservedGeneration = c.ObservedGeneration,
            Conditions = [.. (set.Status?.Conditions ?? []).Where(x => x.Type != "ReplicaFailure"), .. Failure(c.Failing)],
        },
    };

    static ReplicaSetCondition[] Failure(Failing? f) =>
        f is null ? [] : [new() { Type = "ReplicaFailure", Status = "True", Reason = f.Reason, Message = f.Message, LastTransitionTime = f.Since }];

    static int? Some(int count) => count == 0 ? null : count;
}
