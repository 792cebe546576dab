using Kennel.Client.Running;
using Kennel.Controllers.Jobs;
using Kennel.Objects;
using Kennel.Objects.Batch;

namespace Kennel.Controllers.TtlAfterFinished;

/// <summary>A Job that has ended goes when its time is up, with its pods.</summary>
public static class Expire
{
    public static Decision Decide(Job job, DateTimeOffset now)
    {
        if (job.Spec?.TtlSecondsAfterFinished is not { } seconds || job.Metadata.DeletionTimestamp is not null || job.End() is not { } end) return Decision.Nothing;
        var due = (end.LastTransitionTime ?? now).AddSeconds(seconds);
        if (due > now) return Decision.Wait($"{seconds}s to pass since it has ended: it is deleted then", due);
        return new([new Step.Delete(Job.Resource, ObjectKey.Of(job), job.Metadata.Uid, Propagation: "Foreground")]);
    }
}
