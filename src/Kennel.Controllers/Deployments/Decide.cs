using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Controllers.Pods;
using Kennel.Objects;
using Kennel.Objects.Selectors;
using Kennel.Objects.Apps;
using System.Collections.Immutable;
using System.Globalization;

namespace Kennel.Controllers.Deployments;

/// <summary>What to do next about a Deployment: which ReplicaSet is the newest, how large each one is to be, and what to tell about it.</summary>
public static class Deployments
{
    public static Decision Decide(Observed o)
    {
        if (o.Deployment.Spec is not { } spec || IsEmpty(spec.Selector)) return Decision.Nothing;
        var deleting = o.Deployment.Metadata.DeletionTimestamp is not null;
        if (!deleting && Claim(o) is { IsEmpty: false } claims) return new(claims);

        var fleet = new Fleet(o, o.Sets.Where(s => IsOurs(o, s)));
        var collisions = o.Deployment.Status?.CollisionCount ?? 0;
        var steps = ImmutableArray.CreateBuilder<Step>();
        if (!deleting) steps.AddRange(Work(fleet, ref collisions));
        var status = Conditions.Of(fleet, Counting.Status(fleet, collisions), o.Problem);
        if (status != (o.Deployment.Status ?? DeploymentStatus.Empty))
            steps.Insert(0, new Step.UpdateStatus(o.Deployment with { Status = status }) { MayFail = true });
        return new(steps.ToImmutable(), deleting ? null : WaitingFor(fleet, status), Conditions.Deadline(o.Deployment, status) is { } at && at > o.Now ? at : null);
    }

    static IEnumerable<Step> Work(Fleet fleet, ref int collisions)
    {
        if (Marking(fleet) is { Count: > 0 } marking) return marking;
        if (fleet.Deployment.Spec!.Paused == true || Scaling.IsDue(fleet))
        {
            Scaling.Process(fleet);
            var scaled = fleet.Steps(mark: true).ToList();
            return fleet.Deployment.Spec.Paused == true && scaled.Count == 0 ? Cleanup.Steps(fleet) : scaled;
        }
        if (Bounds.IsRecreate(fleet.Deployment))
        {
            if (!Recreate.Process(fleet)) return fleet.Steps(mark: false);
            if (fleet.Newest is null) return [Create(fleet, ref collisions)];
        }
        else
        {
            if (fleet.Newest is null) return [Create(fleet, ref collisions)];
            Rolling.Process(fleet);
        }
        var steps = fleet.Steps(mark: false).ToList();
        return steps.Count == 0 && Counting.IsComplete(fleet.Deployment, Counting.Status(fleet, collisions), fleet.Bounds.Replicas) ? Cleanup.Steps(fleet) : steps;
    }

    /// <summary>Revision numbers: on the newest set, and the same on the Deployment itself.</summary>
    static List<Step> Marking(Fleet fleet)
    {
        if (fleet.Newest is not { } newest) return [];
        var number = fleet.Old.Select(s => Marks.RevisionOf(s.Metadata)).DefaultIfEmpty(0).Max() + 1;
        if (NewReplicaSet.Refresh(newest, fleet.Deployment, number) is { } refresh) return [refresh];
        var revision = Marks.RevisionOf(newest.Metadata).ToString(CultureInfo.InvariantCulture);
        if (fleet.Deployment.Metadata.Annotations.GetValueOrDefault(Marks.Revision) == revision) return [];
        return [new Step.Patch(Deployment.Resource, ObjectKey.Of(fleet.Deployment), $$"""{"metadata": {"annotations": {"{{Marks.Revision}}": "{{revision}}"} } }""")];
    }

    static Step Create(Fleet fleet, ref int collisions)
    {
        var revision = fleet.Old.Select(s => Marks.RevisionOf(s.Metadata)).DefaultIfEmpty(0).Max() + 1;
        while (true)
        {
            var made = NewReplicaSet.Of(fleet.Deployment, collisions, revision, fleet.Bounds, fleet.RoomForNewest(0));
            if (fleet.Observed.Named(made.Metadata.Name!) is not null)
            {
                collisions++;
                continue;
            }
            var size = made.Spec!.Replicas;
            return new Step.Create(made)
            {
                Done = size > 0 ? new(fleet.Deployment, "ScalingReplicaSet", $"Scaled up replica set {made.Metadata.Name} from 0 to {size}") : null,
                Failed = new(fleet.Deployment, "ReplicaSetCreateError", $"Failed to create new replica set \"{made.Metadata.Name}\": {{0}}", Warning: true),
            };
        }
    }

    static string? WaitingFor(Fleet fleet, DeploymentStatus status)
    {
        if (fleet.Deployment.Spec!.Paused == true) return fleet.Newest is null ? "the rollout to be resumed: it is paused" : null;
        if (Bounds.IsRecreate(fleet.Deployment) && fleet.OldPods.FirstOrDefault() is { } pod) return $"{pod.Name()} to go away: Recreate makes new pods when no old one runs";
        if (Counting.IsComplete(fleet.Deployment, status, fleet.Bounds.Replicas)) return null;
        if (fleet.Newest is not { } newest) return "its new ReplicaSet to be created" + (fleet.Observed.Problem is { } problem ? ": " + problem : "");
        if (Fleet.Available(newest) >= fleet.Bounds.Replicas) return "the old pods to go away";
        var trouble = fleet.Observed.Pods(newest.Metadata.Uid ?? "").Where(p => !p.IsReady()).Select(p => (p, Why: PodTrouble.Of(p))).FirstOrDefault(p => p.Why is not null);
        return $"{fleet.Bounds.Replicas - Fleet.Available(newest)} of {fleet.Bounds.Replicas} updated pods to become available{(trouble.p is null ? "" : $": {trouble.p.Name()}: {trouble.Why}")}";
    }

    static ImmutableArray<Step> Claim(Observed o)
    {
        List<Step> adopt = [], release = [];
        foreach (var set in o.Sets)
        {
            var matches = o.Deployment.Spec!.Selector.Matches(set.Metadata.Labels);
            if (IsOurs(o, set)) { if (!matches) release.Add(Claiming.Release(o.Deployment, set)); }
            else if (matches && set.Metadata.DeletionTimestamp is null && set.Metadata.Controller() is null) adopt.Add(Claiming.Adopt(o.Deployment, set));
        }
        return adopt.Count == 0 ? [.. release] : [.. release, Claiming.Guard(o.Deployment), .. adopt];
    }

    static bool IsEmpty(Objects.Meta.LabelSelector selector) => selector.MatchLabels.Count == 0 && selector.MatchExpressions.Count == 0;

    static bool IsOurs(Observed o, ReplicaSet set) => set.Metadata.ControllerUid() == o.Deployment.Metadata.Uid;
}
