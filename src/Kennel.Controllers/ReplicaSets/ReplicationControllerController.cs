using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Controllers.Pods;
using Kennel.Objects;
using Kennel.Objects.Core;
using Kennel.Objects.Selectors;

namespace Kennel.Controllers.ReplicaSets;

/// <summary>Watches ReplicationControllers and their pods.</summary>
public sealed class ReplicationControllerController(ICaches caches) : IController
{
    readonly ICache<ReplicationController> _sets = caches.Of<ReplicationController>();
    readonly ICache<Pod> _pods = caches.Of<Pod>();

    public string Name => "replication-controller";

    public void Watch(ITriggers triggers)
    {
        triggers.On<ReplicationController>((old, now) => [ObjectKey.Of(now ?? old!)]);
        triggers.On<Pod>((old, now) => Dependents.Keys(old, now, "ReplicationController", _sets, (set, pod) => set.Spec is { Selector.Count: > 0 } spec && spec.Selector.AllIn(pod.Metadata.Labels)));
    }

    public Decision Reconcile(ObjectKey key, Moment moment)
    {
        if (_sets.Get(key) is not { Spec: { Selector.Count: > 0 } spec } set) return Decision.Nothing;
        return ReplicaSets.Decide(new(
            set, spec.Replicas ?? 1, spec.MinReadySeconds ?? 0, new Objects.Meta.LabelSelector { MatchLabels = spec.Selector }, spec.Template ?? PodTemplateSpec.Empty,
            [.. _pods.ControlledBy(set.Metadata.Uid ?? ""), .. _pods.OrphansIn(key.Namespace)],
            node => _pods.ControlledBy(set.Metadata.Uid ?? "").Count(p => p.Spec?.NodeName == node && !p.IsFinished() && !p.IsTerminating()),
            Read(set), counted => Write(set, counted), moment.Now, moment.Problem));
    }

    static Counted Read(ReplicationController set)
    {
        var status = set.Status ?? ReplicationControllerStatus.Empty;
        var failing = status.Conditions.FirstOrDefault(c => c is { Type: "ReplicaFailure", Status: "True" });
        return new(status.Replicas, status.FullyLabeledReplicas ?? 0, status.ReadyReplicas ?? 0, status.AvailableReplicas ?? 0, status.ObservedGeneration ?? 0,
            failing is null ? null : new(failing.Reason ?? "", failing.Message ?? "", failing.LastTransitionTime ?? default));
    }

    static ReplicationController Write(ReplicationController set, Counted c) => set with
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

    static ReplicationControllerCondition[] Failure(Failing? f) =>
        f is null ? [] : [new() { Type = "ReplicaFailure", Status = "True", Reason = f.Reason, Message = f.Message, LastTransitionTime = f.Since }];

    static int? Some(int count) => count == 0 ? null : count;
}
