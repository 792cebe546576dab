using Kennel.Client;
using Kennel.Controllers.Pods;
using Kennel.Objects.Batch;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Jobs;

/// <summary>
/// The pods of a Job, counted. A pod that has ended is counted for good in three moves, so that it is neither lost nor counted twice whenever
/// we are interrupted: its uid goes into the status' list of uncounted pods, its finalizer goes, and then the list becomes a number.
/// </summary>
sealed class Census
{
    readonly HashSet<string> _uncountedSucceeded, _uncountedFailed;

    public Census(Observed o)
    {
        (Observed, Spec) = (o, o.Job.Spec!);
        Completions = Spec.Completions ?? 0;
        Pods = [.. o.Pods.Where(p => p.Metadata.ControllerUid() == o.Job.Metadata.Uid)];
        if (IsIndexed) Pods = [.. Pods.OrderBy(p => p.Index() ?? -1)]; // their indexes are told in order
        _uncountedSucceeded = [.. Status.UncountedTerminatedPods?.Succeeded ?? []];
        _uncountedFailed = [.. Status.UncountedTerminatedPods?.Failed ?? []];
        foreach (var pod in Pods)
        {
            if (pod.IsActive()) Active.Add(pod);
            else if (!pod.IsFinished()) Terminating++;
        }
        Ready = Active.Count(p => p.IsReady());
        Succeeded = (Status.Succeeded ?? 0) + _uncountedSucceeded.Count + New(_uncountedSucceeded).Count(p => p.Status?.Phase == "Succeeded");
        Failed = (Status.Failed ?? 0) + _uncountedFailed.Count + New(_uncountedFailed).Count(p => p.IsFailed(Spec) && Failing.Rule(Spec, p).Counts);
        if (IsIndexed) Index();
    }

    public Observed Observed { get; }

    public Job Job => Observed.Job;

    public JobSpec Spec { get; }

    public JobStatus Status => Job.Status ?? JobStatus.Empty;

    public bool IsIndexed => Spec.CompletionMode == "Indexed";

    public bool IsSuspended => Spec.Suspend == true;

    public int Completions { get; }

    /// <summary>All that the Job controls.</summary>
    public IReadOnlyList<Pod> Pods { get; }

    /// <summary>Those that have neither ended nor are on their way out.</summary>
    public List<Pod> Active { get; } = [];

    public int Ready { get; }

    public int Terminating { get; }

    /// <summary>How many have succeeded, those included that the status doesn't count yet; of an Indexed Job its indexes.</summary>
    public int Succeeded { get; private set; }

    public int Failed { get; }

    /// <summary>The indexes that the status says have succeeded.</summary>
    public Indexes ToldIndexes { get; private set; } = Indexes.None;

    public Indexes SucceededIndexes { get; private set; } = Indexes.None;

    /// <summary>Indexes that have failed for good; null when indexes have no limit of their own.</summary>
    public Indexes? FailedIndexes { get; private set; }

    /// <summary>
    /// By index, the last failed pod of one that is to get another: it is kept until then, since it knows how often the index has failed.
    /// </summary>
    public SortedDictionary<int, Pod> Predecessors { get; } = [];

    public bool IsUncounted(Pod pod) => _uncountedSucceeded.Contains(pod.Metadata.Uid ?? "") || _uncountedFailed.Contains(pod.Metadata.Uid ?? "");

    public bool HasFailedUncounted(Pod pod) => _uncountedFailed.Contains(pod.Metadata.Uid ?? "");

    /// <summary>Its index is one of the Job's.</summary>
    public bool IsWithin(Pod pod) => pod.Index() is { } index && index < Completions;

    /// <summary>Pods that the status knows nothing of yet.</summary>
    IEnumerable<Pod> New(HashSet<string>? uncounted) =>
        Pods.Where(p => p.IsTracked() && uncounted?.Contains(p.Metadata.Uid ?? "") != true && (!IsIndexed || IsWithin(p)));

    void Index()
    {
        ToldIndexes = Indexes.Parse(Status.CompletedIndexes, Completions);
        SucceededIndexes = ToldIndexes.With(Indexes.Of(New(null).Where(p => p.Status?.Phase == "Succeeded").Select(p => p.Index()!.Value)));
        Succeeded = SucceededIndexes.Count;
        if (Spec.BackoffLimitPerIndex is not { } limit) return;
        FailedIndexes = Indexes.Parse(Status.FailedIndexes, Completions).With(Indexes.Of(New(null).Where(p => HasFailedForGood(p, limit)).Select(p => p.Index()!.Value)));
        var active = Indexes.Of(Active.Select(p => p.Index() ?? -1).Where(i => i >= 0));
        foreach (var pod in New(null))
        {
            var index = pod.Index()!.Value;
            if (!pod.IsFailed(Spec) || SucceededIndexes.Has(index) || FailedIndexes.Has(index) || active.Has(index)) continue;
            if (!Predecessors.TryGetValue(index, out var other) || IsLater(pod, other)) Predecessors[index] = pod;
        }
    }

    bool HasFailedForGood(Pod pod, int limit)
    {
        if (!pod.IsFailed(Spec)) return false;
        var ruling = Failing.Rule(Spec, pod);
        return ruling.Action == "FailIndex" || ruling.Counts && pod.Failures() >= limit;
    }

    static bool IsLater(Pod pod, Pod other) =>
        other.Failures() + other.Ignored() <= pod.Failures() + pod.Ignored() && pod.FinishedAt() >= other.FinishedAt();
}
