using Kennel.Client.Running;
using Kennel.Controllers.Jobs;
using Kennel.Objects;
using Kennel.Objects.Batch;

namespace Kennel.Controllers.CronJobs;

/// <summary>Of Jobs that have ended, as many are kept as the limits say, the latest.</summary>
static class Cleanup
{
    public static IEnumerable<Step> Steps(Observed o) =>
        [.. Oldest(o, Conditions.Complete, o.CronJob.Spec.SuccessfulJobsHistoryLimit), .. Oldest(o, Conditions.Failed, o.CronJob.Spec.FailedJobsHistoryLimit)];

    static IEnumerable<Step> Oldest(Observed o, string end, int? limit)
    {
        if (limit is not { } most) return [];
        var ended = o.Jobs.Where(j => j.End()?.Type == end).ToList();
        return ended.OrderBy(j => j.Status?.StartTime is null).ThenBy(j => j.Status?.StartTime).ThenBy(j => j.Metadata.Name, StringComparer.Ordinal)
            .Take(ended.Count - most).Where(j => j.Metadata.DeletionTimestamp is null).Select(j => Deletion(o.CronJob, j) with { MayFail = true });
    }

    public static Step.Delete Deletion(CronJob cron, Job job) => new(Job.Resource, ObjectKey.Of(job), job.Metadata.Uid, Propagation: "Background")
    {
        Done = new(cron, "SuccessfulDelete", $"Deleted job {job.Metadata.Name}"),
        Failed = new(cron, "FailedDelete", "Deleted job: {0}", Warning: true),
    };
}
