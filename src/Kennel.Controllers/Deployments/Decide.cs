using System.Collections.Immutable;
using System.Globalization;
using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Controllers.Pods;
using Kennel.Objects;
using Kennel.Objects.Apps;
using Kennel.Objects.Selectors;

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
        var rollout = !deleting && spec.Paused != true && !Scaling.IsDue(fleet);
        var collisions = o.Deployment.Status?.CollisionCount ?? 0;
        ImmutableArray<Step> work = deleting ? [] : [.. Refresh(fleet) is { } refresh ? [refresh] : rollout ? Roll(fleet, ref collisions) : Scale(fleet)];
        var creates = work is [Step.Create { Object: ReplicaSet made }] ? made : null;
        var status = Status(fleet, collisions, rollout, deleting, creates);
        var told = Told(fleet, status);
        // That a set was created is told when it was.
        var steps = told is null ? work : creates is not null && o.Problem is null ? work.Add(told) : work.Insert(0, told);
        var due = rollout && Progress.Deadline(o.Deployment, status) is { } at && at > o.Now ? at : (DateTimeOffset?)null;
        return new(steps, deleting ? null : Waiting.For(fleet, status), due);
    }

    static IEnumerable<Step> Scale(Fleet fleet)
    {
        Scaling.Process(fleet);
        var scaled = fleet.Steps(mark: true).ToList();
        return fleet.Deployment.Spec!.Paused == true && scaled.Count == 0 ? Cleanup.Steps(fleet) : scaled;
    }

    static IEnumerable<Step> Roll(Fleet fleet, ref int collisions)
    {
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

    /// <summary>Brings the newest set up to date with the Deployment: its revision, the annotations, minReadySeconds; null when it is.</summary>
    static Step? Refresh(Fleet fleet) => fleet.Newest is { } newest ? NewReplicaSet.Refresh(newest, fleet.Deployment, fleet.NextRevision) : null;

    static Step Create(Fleet fleet, ref int collisions)
    {
        while (true)
        {
            var made = NewReplicaSet.Of(fleet.Deployment, collisions, fleet.NextRevision, fleet.Bounds, fleet.RoomForNewest(0));
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

    /// <summary>While it is scaled or paused nothing is said about the rollout, and while it is deleted only what is there.</summary>
    static DeploymentStatus Status(Fleet fleet, int collisions, bool rollout, bool deleting, ReplicaSet? creates)
    {
        var now = fleet.Observed.Now;
        var status = Conditions.WithAvailability(Counting.Status(fleet, collisions), fleet.Bounds.Least, now);
        if (!deleting) status = Progress.WithPause(status, fleet.Deployment, now);
        if (!rollout) return status;
        status = creates is null ? Progress.Of(fleet, status) : Progress.WithNewest(status, fleet.Deployment, creates.Metadata.Name!, fleet.Observed.Problem, now);
        return Conditions.WithFailure(status, fleet);
    }

    /// <summary>Status and revision, if one of them isn't what it was: the number of the newest set is that of the Deployment.</summary>
    static Step? Told(Fleet fleet, DeploymentStatus status)
    {
        var (deployment, meta) = (fleet.Deployment, fleet.Deployment.Metadata);
        if (fleet.Newest is { } newest && Marks.RevisionOf(newest.Metadata).ToString(CultureInfo.InvariantCulture) is var revision && meta.Annotations.GetValueOrDefault(Marks.Revision) != revision)
            meta = meta with { Annotations = new SortedDictionary<string, string>(meta.Annotations.ToDictionary(), StringComparer.Ordinal) { [Marks.Revision] = revision } };
        else if (status == (deployment.Status ?? DeploymentStatus.Empty)) return null;
        return new Step.UpdateStatus(deployment with { Status = status, Metadata = meta }) { MayFail = true };
    }

    /// <summary>One set that can't be adopted or released doesn't keep the others from it.</summary>
    static ImmutableArray<Step> Claim(Observed o)
    {
        List<Step> adopt = [], release = [];
        foreach (var set in o.Sets)
        {
            var matches = o.Deployment.Spec!.Selector.Matches(set.Metadata.Labels);
            if (IsOurs(o, set)) { if (!matches) release.Add(Claiming.Release(o.Deployment, set)); }
            else if (matches && set.Metadata.DeletionTimestamp is null && set.Metadata.Controller() is null) adopt.Add(Claiming.Adopt(o.Deployment, set) with { MayFail = true });
        }
        return adopt.Count == 0 ? [.. release] : [.. release, Claiming.Guard(o.Deployment), .. adopt];
    }

    static bool IsEmpty(Objects.Meta.LabelSelector selector) => selector.MatchLabels.Count == 0 && selector.MatchExpressions.Count == 0;

    static bool IsOurs(Observed o, ReplicaSet set) => set.Metadata.ControllerUid() == o.Deployment.Metadata.Uid;
}
