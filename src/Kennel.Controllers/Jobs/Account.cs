using System.Collections.Immutable;
using Kennel.Client.Running;
using Kennel.Controllers.Pods;
using Kennel.Objects.Batch;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Jobs;

/// <summary>The status after this round, and the pods whose finalizers go once it has been written.</summary>
sealed class Account
{
    /// <summary>So many uids at most are in the status, so that it stays below about 20 kB.</summary>
    const int MostUncounted = 500;

    readonly Census _census;
    readonly List<string> _succeeded, _failed;
    readonly List<int> _newIndexes = [];

    Account(Census census)
    {
        _census = census;
        var tracked = census.Pods.Where(p => p.IsTracked()).Select(p => p.Metadata.Uid ?? "").ToHashSet(StringComparer.Ordinal);
        var before = census.Status.UncountedTerminatedPods;
        _succeeded = [.. (before?.Succeeded ?? []).Where(tracked.Contains)];
        _failed = [.. (before?.Failed ?? []).Where(tracked.Contains)];
        Status = census.Status with
        {
            Succeeded = (census.Status.Succeeded ?? 0) + (before?.Succeeded.Count ?? 0) - _succeeded.Count,
            Failed = (census.Status.Failed ?? 0) + (before?.Failed.Count ?? 0) - _failed.Count,
        };
    }

    public JobStatus Status { get; private set; }

    /// <summary>Pods that have been counted, or will have been by this round's status.</summary>
    public List<Pod> Counted { get; } = [];

    /// <summary>How the Job ends with this status, or null.</summary>
    public JobCondition? End { get; private set; }

    /// <param name="verdict">What the Job is to end as, or null.</param>
    public static Account Of(Census census, Workforce work, JobCondition? verdict)
    {
        var account = new Account(census);
        var complete = account.Count(verdict);
        account.TellPods(work);
        account.TellIndexes();
        account.TellEnd(work, verdict, complete);
        account.Shorten();
        return account;
    }

    /// <returns>False when there was no room for all.</returns>
    bool Count(JobCondition? verdict)
    {
        foreach (var pod in _census.Pods)
        {
            if (!pod.IsTracked() || !MayGo(pod, verdict)) continue;
            Counted.Add(pod);
            Enter(pod, verdict);
            if (_newIndexes.Count + _succeeded.Count + _failed.Count >= MostUncounted) return false;
        }
        return true;
    }

    bool MayGo(Pod pod, JobCondition? verdict)
    {
        if (_census.Job.Metadata.DeletionTimestamp is not null || verdict is not null || pod.Status?.Phase == "Succeeded") return true;
        return pod.IsFailed(_census.Spec) && !(pod.Index() is { } index && ReferenceEquals(_census.Predecessors.GetValueOrDefault(index), pod));
    }

    void Enter(Pod pod, JobCondition? verdict)
    {
        var (uid, within) = (pod.Metadata.Uid ?? "", !_census.IsIndexed || _census.IsWithin(pod));
        if (pod.Status?.Phase == "Succeeded" && !_census.HasFailedUncounted(pod))
        {
            if (!_census.IsIndexed) { if (!_census.IsUncounted(pod)) _succeeded.Add(uid); }
            else if (within && !_census.ToldIndexes.Has(pod.Index()!.Value)) _newIndexes.Add(pod.Index()!.Value);
        }
        else if (HasFailed(pod, verdict))
        {
            if (within && !_census.HasFailedUncounted(pod) && Failing.Rule(_census.Spec, pod).Counts) _failed.Add(uid);
        }
    }

    /// <summary>Whoever is dismissed from a Job that fails has failed, too; from one whose success has been told, not.</summary>
    bool HasFailed(Pod pod, JobCondition? verdict) => verdict switch
    {
        null => pod.IsFailed(_census.Spec),
        { Type: not Conditions.SuccessCriteriaMet } => true,
        _ => pod.Status?.Phase == "Failed" || pod.IsFailed(_census.Spec) && _census.Job.True(Conditions.SuccessCriteriaMet) is null,
    };

    void TellPods(Workforce work)
    {
        // While something goes wrong, what is there is told, and not what should be.
        var (active, ready, terminating) = _census.Observed.Problem is null ? (work.Active, work.Ready, work.Terminating) : (_census.Active.Count, _census.Ready, _census.Terminating);
        Status = Status with
        {
            StartTime = Status.StartTime ?? (_census.IsSuspended ? null : _census.Observed.Now),
            Active = active,
            Ready = ready,
            Terminating = terminating,
            UncountedTerminatedPods = new() { Succeeded = _succeeded, Failed = _failed },
        };
    }

    /// <summary>Those that there was no room for are told later.</summary>
    void TellIndexes()
    {
        if (!_census.IsIndexed) return;
        var told = _census.ToldIndexes.With(Indexes.Of(_newIndexes));
        Status = Status with { Succeeded = told.Count, CompletedIndexes = told.ToString() is { Length: > 0 } text ? text : null, FailedIndexes = _census.FailedIndexes?.ToString() };
    }

    /// <summary>First that it is to end, and when nothing of it is left, that it has.</summary>
    void TellEnd(Workforce work, JobCondition? verdict, bool complete)
    {
        if (verdict is null) return;
        var now = _census.Observed.Now;
        if (verdict.Type != Conditions.Failed) Status = Status with { Conditions = Conditions.With(Status.Conditions, verdict) };
        if (!complete || Counted.Count + _succeeded.Count + _failed.Count > 0 || work.Terminating > 0) return;
        End = Conditions.New(verdict.Type == Conditions.SuccessCriteriaMet ? Conditions.Complete : Conditions.Failed, verdict.Reason ?? "", verdict.Message ?? "", now);
        Status = Status with { Conditions = Conditions.With(Status.Conditions, End), CompletionTime = End.Type == Conditions.Complete ? now : Status.CompletionTime };
    }

    /// <summary>Whether it is suspended is told when its pods have been looked after.</summary>
    public Note? TellSuspension()
    {
        var (job, now, suspended) = (_census.Job, _census.Observed.Now, _census.IsSuspended);
        var (reason, message) = suspended ? ("JobSuspended", "Job suspended") : ("JobResumed", "Job resumed");
        var conditions = Conditions.With(Status.Conditions, Conditions.New(Conditions.Suspended, reason, message, now, suspended ? "True" : "False"));
        if (ReferenceEquals(conditions, Status.Conditions)) return null;
        Status = Status with { Conditions = conditions, StartTime = suspended ? Status.StartTime : now }; // a deadline begins anew
        return new(job, suspended ? "Suspended" : "Resumed", message);
    }

    void Shorten() => Status = Status with { Active = Some(Status.Active), Succeeded = Some(Status.Succeeded), Failed = Some(Status.Failed) };

    static int? Some(int? count) => count == 0 ? null : count;
}
