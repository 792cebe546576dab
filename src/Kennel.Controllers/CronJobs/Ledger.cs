using Kennel.Client.Running;
using Kennel.Controllers.Jobs;
using Kennel.Objects;
using Kennel.Objects.Batch;
using Kennel.Objects.Core;

namespace Kennel.Controllers.CronJobs;

/// <summary>What the status says of the Jobs, brought up to what they are.</summary>
sealed class Ledger
{
    readonly Observed _o;
    readonly List<ObjectReference> _active;

    public Ledger(Observed o)
    {
        (_o, Status) = (o, o.CronJob.Status ?? CronJobStatus.Empty);
        _active = [.. Status.Active];
        foreach (var job in o.Jobs) Enter(job);
        foreach (var missing in _active.Where(a => !o.Jobs.Any(j => j.Metadata.Uid == a.Uid)).ToList())
        {
            _active.Remove(missing);
            Notes.Add(new(o.CronJob, "MissingJob", $"Active job went missing: {missing.Name}"));
        }
        Status = Status with { Active = [.. _active] };
    }

    public CronJobStatus Status { get; private set; }

    /// <summary>What has happened to Jobs, told with the status.</summary>
    public List<Note> Notes { get; } = [];

    /// <summary>Jobs of the CronJob that somebody else has made; told as long as they run.</summary>
    public List<string> Strangers { get; } = [];

    /// <summary>A Job that is deleted because its successor is due.</summary>
    public void Drop(Job job)
    {
        _active.RemoveAll(a => a.Uid == job.Metadata.Uid);
        Status = Status with { Active = [.. _active] };
    }

    void Enter(Job job)
    {
        var (known, time) = (_active.Find(a => a.Uid == job.Metadata.Uid), Timetable.TimeOf(_o.CronJob, job));
        // A Job that was made is known by its name, even if we were interrupted before we could write down that we had made it.
        if (time > (Status.LastScheduleTime ?? DateTimeOffset.MinValue)) Status = Status with { LastScheduleTime = time };
        if (job.End() is { } end)
        {
            if (known is not null)
            {
                _active.Remove(known);
                Notes.Add(new(_o.CronJob, "SawCompletedJob", $"Saw completed job: {job.Metadata.Name}, condition: {end.Type}"));
            }
            if (end.Type == Conditions.Complete && job.Status!.CompletionTime is { } success && success > (Status.LastSuccessfulTime ?? DateTimeOffset.MinValue))
                Status = Status with { LastSuccessfulTime = success };
        }
        else if (known is null && job.Metadata.DeletionTimestamp is null)
        {
            if (time is not null) _active.Add(Reference(job));
            else Strangers.Add(job.Metadata.Name ?? "");
        }
    }

    static ObjectReference Reference(Job job) => new()
    {
        ApiVersion = Job.Resource.ApiVersion, Kind = Job.Resource.Kind, Namespace = job.Metadata.Namespace, Name = job.Metadata.Name, Uid = job.Metadata.Uid,
        ResourceVersion = job.Metadata.ResourceVersion,
    };
}
