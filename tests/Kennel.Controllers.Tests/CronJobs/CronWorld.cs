using Kennel.Controllers.CronJobs;
using Kennel.Controllers.Tests.Model;
using Kennel.Objects;
using Kennel.Objects.Batch;

namespace Kennel.Controllers.Tests.CronJobs;

/// <summary>A world with one CronJob named c that was made at midnight, and its controller.</summary>
sealed class CronWorld
{
    static readonly ObjectKey Key = new("default", "c");
    readonly CronJobController _controller;

    public CronWorld(string schedule, Func<CronJobSpec, CronJobSpec>? change = null)
    {
        _controller = new(World.Caches);
        CronJobSpec spec = new()
        {
            Schedule = schedule, ConcurrencyPolicy = "Allow", SuccessfulJobsHistoryLimit = 3, FailedJobsHistoryLimit = 1, Suspend = false,
            JobTemplate = new() { Metadata = new() { Labels = new Dictionary<string, string> { ["l"] = "v" } }, Spec = new() { Template = Sets.Template() } },
        };
        World.Put(new CronJob { Metadata = new() { Name = "c", Namespace = "default" }, Spec = change?.Invoke(spec) ?? spec });
    }

    public ModelWorld World { get; } = new();

    public CronJob Cron => World.Caches.Of<CronJob>().Get(Key)!;

    public CronJobStatus Status => Cron.Status ?? CronJobStatus.Empty;

    public IReadOnlyList<Job> Jobs => [.. World.Caches.Of<Job>().All()];

    /// <summary>The minutes after midnight for which there are Jobs: <c>10 20</c>.</summary>
    public string Minutes => string.Join(' ', Jobs.Select(j => long.Parse(j.Metadata.Name![2..]) - Midnight));

    public static long Midnight { get; } = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds() / 60;

    public IEnumerable<string> Told => World.Events.Select(e => $"{(e.Warning ? "!" : "")}{e.Reason}: {e.Message}");

    public void Settle() => World.Settle(_controller, Key);

    public void At(double minutes)
    {
        World.Now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(minutes);
        Settle();
    }

    public void End(Job job, string type = "Complete")
    {
        World.Put(job with
        {
            Status = new()
            {
                StartTime = job.Metadata.CreationTimestamp, CompletionTime = type == "Complete" ? World.Now : null,
                Conditions = [new() { Type = type, Status = "True", LastTransitionTime = World.Now }],
            },
        });
        Settle();
    }
}
