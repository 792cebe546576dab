using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Controllers.Pods;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.DaemonSets;

/// <summary>What is to be done about pods in one round: deletions first, then the new ones.</summary>
sealed class Tasks(Roster roster)
{
    /// <summary>Pods made or deleted in one round at most.</summary>
    const int Burst = 250;

    /// <summary>A pod that fails on a node is made anew at once, then less and less often.</summary>
    static readonly Backoff s_failures = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(15));

    readonly List<Pod> _delete = [];
    readonly List<(Pod Pod, string Node, bool Failed)> _ended = [];
    readonly List<string> _create = [];

    public bool IsEmpty => _delete.Count + _ended.Count + _create.Count == 0;

    /// <summary>Nodes that will get a pod.</summary>
    public IReadOnlyList<string> Nodes => _create;

    public void Create(string node) => _create.Add(node);

    public void Delete(Pod pod) => _delete.Add(pod);

    /// <summary>A pod that has ended, which these never should: it makes room for another.</summary>
    public void Replace(Pod pod, string node) => _ended.Add((pod, node, pod.Status?.Phase == "Failed"));

    public ImmutableArray<Step> Steps() => [.. _ended.SelectMany(e => Ended(e.Pod, e.Node, e.Failed)), .. _delete.Take(Burst).Select(p => Deletion(p)), .. _create.Take(Burst).Select(Creation)];

    IEnumerable<Step> Ended(Pod pod, string node, bool failed)
    {
        var set = roster.Set;
        var lane = string.Create(CultureInfo.InvariantCulture, $"{node}@{set.Metadata.Generation ?? 0}");
        yield return new Step.Say
        {
            Lane = lane,
            Done = failed
                ? new(set, "FailedDaemonPod", $"Found failed daemon pod {ObjectKey.Of(pod)} on node {node}, will try to kill it", Warning: true)
                : new(set, "SucceededDaemonPod", $"Found succeeded daemon pod {ObjectKey.Of(pod)} on node {node}, will try to delete it"),
        };
        yield return Deletion(pod) with { Lane = lane, Rest = failed ? s_failures : null };
    }

    Step.Delete Deletion(Pod pod) => new(Pod.Resource, ObjectKey.Of(pod), pod.Metadata.Uid)
    {
        MayFail = true,
        Done = new(roster.Set, "SuccessfulDelete", $"Deleted pod: {pod.Name()}"),
        Failed = new(roster.Set, "FailedDelete", "Error deleting: {0}", Warning: true),
    };

    /// <summary>In batches of 1, 2, 4, …: what refuses one pod would refuse all of them.</summary>
    Step Creation(string node, int i) => new Step.Create(NewPod.Of(roster.Set, roster.Hash, node))
    {
        Batch = 1 + BitOperations.Log2((uint)i + 1),
        Done = new(roster.Set, "SuccessfulCreate", $"Created pod: {Note.NameOfCreated}"),
        Failed = new(roster.Set, "FailedCreate", "Error creating: {0}", Warning: true),
    };
}
