using System.Globalization;
using Kennel.Client;
using Kennel.Objects.Batch;

namespace Kennel.Controllers.CronJobs;

/// <summary>The Job that a CronJob makes for one of its times.</summary>
static class NewJob
{
    public const string TimeAnnotation = "batch.kubernetes.io/cronjob-scheduled-timestamp";

    /// <param name="zone">In which the time is written down.</param>
    public static Job Of(CronJob cron, DateTimeOffset due, TimeZoneInfo zone)
    {
        var template = cron.Spec.JobTemplate;
        var time = TimeZoneInfo.ConvertTime(due, zone);
        return new()
        {
            Metadata = new()
            {
                Name = Timetable.JobName(cron, due),
                Namespace = cron.Metadata.Namespace,
                Labels = template.Metadata.Labels,
                Annotations = new SortedDictionary<string, string>(template.Metadata.Annotations.ToDictionary(), StringComparer.Ordinal)
                {
                    [TimeAnnotation] = time.ToString(time.Offset == TimeSpan.Zero ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
                },
                OwnerReferences = [cron.ControllerReference()],
            },
            Spec = template.Spec,
        };
    }
}
