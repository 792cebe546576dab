using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Batch;

namespace Kennel.Controllers.TtlAfterFinished;

/// <summary>Watches Jobs that are to go some time after they have ended; see <see cref="Expire"/>.</summary>
public sealed class TtlController(ICaches caches) : IController
{
    readonly ICache<Job> _jobs = caches.Of<Job>();

    public string Name => "ttl-after-finished-controller";

    public void Watch(ITriggers triggers) => triggers.On<Job>((_, now) => now?.Spec?.TtlSecondsAfterFinished is not null ? [ObjectKey.Of(now)] : []);

    public Decision Reconcile(ObjectKey key, Moment moment) => _jobs.Get(key) is { } job ? Expire.Decide(job, moment.Now) : Decision.Nothing;
}
