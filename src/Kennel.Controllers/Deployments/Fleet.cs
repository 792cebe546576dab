using System.Collections.Immutable;
using Kennel.Client.Running;
using Kennel.Controllers.Pods;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Deployments;

/// <summary>The ReplicaSets of a Deployment within one decision, with the sizes that they are to have.</summary>
sealed class Fleet
{
    readonly SortedDictionary<string, int> _sizes = new(StringComparer.Ordinal);

    public Fleet(Observed observed, IEnumerable<ReplicaSet> own)
    {
        Observed = observed;
        Bounds = Bounds.Of(observed.Deployment);
        All = [.. own.OrderBy(s => s.Metadata.CreationTimestamp).ThenBy(s => s.Metadata.Name, StringComparer.Ordinal)];
        Newest = All.FirstOrDefault(s => NewReplicaSet.IsFor(s, observed.Deployment));
        foreach (var set in All) _sizes[Name(set)] = Size(set);
    }

    public Observed Observed { get; }
    public Bounds Bounds { get; }

    /// <summary>Oldest first.</summary>
    public ImmutableArray<ReplicaSet> All { get; }

    /// <summary>The one of the present template; null before it is made.</summary>
    public ReplicaSet? Newest { get; }

    public Deployment Deployment => Observed.Deployment;
    public IEnumerable<ReplicaSet> Old => All.Where(s => s != Newest);
    public int Total => _sizes.Values.Sum();
    public bool Changed => All.Any(s => this[s] != Size(s));

    /// <summary>The number of the newest template: one more than that of the newest old one.</summary>
    public long NextRevision => Old.Select(s => Marks.RevisionOf(s.Metadata)).DefaultIfEmpty(0).Max() + 1;

    public int this[ReplicaSet set]
    {
        get => _sizes[Name(set)];
        set => _sizes[Name(set)] = Math.Max(0, value);
    }

    /// <summary>The size that a set has been given, whatever this decision makes of it.</summary>
    public static int Size(ReplicaSet set) => set.Spec?.Replicas ?? 1;

    public static int Available(ReplicaSet set) => set.Status?.AvailableReplicas ?? 0;

    /// <summary>Available pods that stay: those above a set's size are on their way out although its status still counts them.</summary>
    public int Staying(ReplicaSet set) => Math.Min(Available(set), this[set]);

    /// <summary>
    /// How large the newest may be now. Pods of old sets count until they are gone from the set's status, and not only (as upstream) until
    /// the set's size is lowered: the surge holds even when the ReplicaSet controller is behind.
    /// </summary>
    public int RoomForNewest(int present)
    {
        if (Bounds.IsRecreate(Deployment)) return Bounds.Replicas;
        var total = present + Old.Sum(s => Math.Max(this[s], s.Status?.Replicas ?? 0));
        return present + Math.Clamp(Bounds.Replicas - present, 0, Math.Max(0, Bounds.Most - total));
    }

    /// <summary>One write for each set whose size, or knowledge of the wanted sizes, has changed.</summary>
    public IEnumerable<Step> Steps(bool mark)
    {
        foreach (var set in All)
        {
            var (before, size) = (Size(set), this[set]);
            var marked = Marks.Count(set, Marks.Desired) == Bounds.Replicas && Marks.Count(set, Marks.Max) == Bounds.Most;
            if (before == size && (marked || !mark || size == 0)) continue;
            var marks = new SortedDictionary<string, string>(set.Metadata.Annotations.ToDictionary(), StringComparer.Ordinal);
            Marks.Size(marks, Bounds);
            yield return new Step.Update(set with { Spec = set.Spec! with { Replicas = size }, Metadata = set.Metadata with { Annotations = marks } })
            {
                Done = before == size ? null : new(Deployment, "ScalingReplicaSet", $"Scaled {(size > before ? "up" : "down")} replica set {Name(set)} from {before} to {size}"),
            };
        }
    }

    /// <summary>Pods of old sets that are not finished: under Recreate the new ones wait for them.</summary>
    public IEnumerable<Pod> OldPods => Old.SelectMany(s => Observed.Pods(s.Metadata.Uid ?? "")).Where(p => !p.IsFinished());

    static string Name(ReplicaSet set) => set.Metadata.Name ?? "";
}
