using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Batch;

namespace Kennel.Controllers.CronJobs;

/// <summary>Watches CronJobs and their Jobs; see <see cref="CronJobs"/>. Until the next time of a schedule it sleeps.</summary>
public sealed class CronJobController(ICaches caches) : IController
{
    readonly ICache<CronJob> _crons = caches.Of<CronJob>();
    readonly ICache<Job> _jobs = caches.Of<Job>();

    public string Name => "cronjob-controller";

    public void Watch(ITriggers triggers)
    {
        triggers.On<CronJob>((old, now) => [ObjectKey.Of((now ?? old)!)]);
        triggers.On<Job>((old, now) => new[] { Owner(old), Owner(now) }.OfType<ObjectKey>().Distinct());
    }

    public Decision Reconcile(ObjectKey key, Moment moment) => _crons.Get(key) is not { } cron ? Decision.Nothing
        : CronJobs.Decide(new(cron, [.. _jobs.ControlledBy(cron.Metadata.Uid ?? "")], name => _jobs.Get(new(key.Namespace, name)) is not null, moment.Now));

    static ObjectKey? Owner(Job? job) => job?.Metadata.Controller() is { Kind: "CronJob" } owner ? new(job.Metadata.Namespace ?? "", owner.Name) : null;
}
