using System.Collections.Immutable;
using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Controllers.Pods;
using Kennel.Controllers.Revisions;
using Kennel.Objects;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;
using Kennel.Objects.Selectors;

namespace Kennel.Controllers.DaemonSets;

/// <summary>What to do next about a DaemonSet: whose pods are whose, which revision, a pod on each node, and when all are there, the rollout.</summary>
public static class DaemonSets
{
    public static Decision Decide(Observed o)
    {
        var set = o.Set;
        // While it is being deleted, the collector takes pods and revisions away in an order of its own: whatever would be told of them is wrong soon.
        if (set.Spec is not { } spec || set.Metadata.DeletionTimestamp is not null) return Decision.Nothing;
        if (spec.Selector is { MatchLabels.Count: 0, MatchExpressions.Count: 0 })
            return new([new Step.Say { Done = new(set, "SelectingAll", "This daemon set is selecting all pods. A non-empty selector is required.", Warning: true) }]);
        if (Claim(o) is { IsEmpty: false } claims) return new(claims);

        var mine = o.Revisions.Where(r => r.Metadata.ControllerUid() == set.Metadata.Uid);
        var history = History.Choose(set, spec.Template, null, set.Status?.CollisionCount ?? 0, mine, o.Revision, NewPod.HashLabel);
        var roster = new Roster(o, history.Update.Metadata.Labels.GetValueOrDefault(NewPod.HashLabel) ?? history.Update.Metadata.Name ?? "");
        var tasks = new Tasks(roster);
        Coverage.Process(roster, tasks);
        if (tasks.IsEmpty && spec.UpdateStrategy?.Type == "RollingUpdate") Rolling.Process(roster, tasks);

        var status = Counting.Status(roster, history.Collisions);
        var steps = ImmutableArray.CreateBuilder<Step>();
        steps.AddRange(Forget(roster, history, spec.RevisionHistoryLimit ?? 10));
        steps.AddRange(history.Steps);
        if (status != set.Status) steps.Add(new Step.UpdateStatus(set with { Status = status }) { MayFail = true });
        steps.AddRange(tasks.Steps());
        return new(steps.DrainToImmutable(), WaitingFor(roster, tasks), NextAvailable(roster));
    }

    /// <summary>One pod that can't be adopted or released doesn't keep the others from it.</summary>
    static ImmutableArray<Step> Claim(Observed o)
    {
        var (release, adopt) = (new List<Step>(), new List<Step>());
        foreach (var dependent in o.Pods.Concat<IObject>(o.Revisions))
        {
            if (dependent.Metadata.DeletionTimestamp is not null) continue;
            var (matches, owned) = (o.Set.Spec!.Selector.Matches(dependent.Metadata.Labels), dependent.Metadata.Controller() is not null);
            if (owned && !matches && dependent is Pod) release.Add(Claiming.Release(o.Set, dependent));
            else if (!owned && matches) adopt.Add(Claiming.Adopt(o.Set, dependent) with { MayFail = true });
        }
        return adopt.Count == 0 ? [.. release] : [.. release, Claiming.Guard(o.Set), .. adopt];
    }

    /// <summary>Deletes the oldest revisions beyond the limit that no pod comes from.</summary>
    static IEnumerable<Step> Forget(Roster roster, History history, int limit)
    {
        var old = history.All.Where(r => r != history.Update).ToList();
        if (old.Count <= limit) return [];
        var live = roster.Observed.Pods.Select(p => p.Label(NewPod.HashLabel)).ToHashSet(StringComparer.Ordinal);
        return old.Where(r => !live.Contains(r.Metadata.Labels.GetValueOrDefault(NewPod.HashLabel))).Take(old.Count - limit)
            .Select(r => new Step.Delete(ControllerRevision.Resource, ObjectKey.Of(r), r.Metadata.Uid) { MayFail = true });
    }

    static string? WaitingFor(Roster roster, Tasks tasks)
    {
        if (tasks.Nodes is [var first, ..]) return $"a pod to be created on node {first}{(roster.Observed.Problem is null ? "" : ": " + roster.Observed.Problem)}";
        foreach (var (node, place) in roster.Places)
        {
            if (!place.Run) continue;
            if (roster.On(node) is not [var pod, ..]) return $"a pod on node {node}";
            if (pod.IsTerminating()) return $"{pod.Name()} on node {node} to go away";
            if (!pod.IsReady()) return $"{pod.Name()} on node {node} to become Ready{(PodTrouble.Of(pod) is { } trouble ? ": " + trouble : "")}";
            if (!roster.IsAvailable(pod)) return $"{pod.Name()} on node {node} to be Ready for {roster.Set.Spec!.MinReadySeconds}s";
        }
        return null;
    }

    static DateTimeOffset? NextAvailable(Roster roster)
    {
        var least = roster.Set.Spec!.MinReadySeconds ?? 0;
        return least == 0 ? null : roster.Inhabited.SelectMany(roster.On).Select(p => p.AvailableAt(least)).Where(at => at > roster.Observed.Now).Min();
    }
}
