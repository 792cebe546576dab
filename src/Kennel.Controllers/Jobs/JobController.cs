using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Controllers.Pods;
using Kennel.Objects;
using Kennel.Objects.Batch;
using Kennel.Objects.Core;
using Kennel.Objects.Selectors;

namespace Kennel.Controllers.Jobs;

/// <summary>Watches Jobs and their pods; see <see cref="Jobs"/>.</summary>
public sealed class JobController(ICaches caches) : IController
{
    readonly ICache<Job> _jobs = caches.Of<Job>();
    readonly ICache<Pod> _pods = caches.Of<Pod>();

    public string Name => "job-controller";

    public void Watch(ITriggers triggers)
    {
        triggers.On<Job>((old, now) => [ObjectKey.Of((now ?? old)!)]);
        triggers.On<Pod>((old, now) => Dependents.Keys(old, now, "Job", _jobs, (job, p) => job.Spec?.Selector is { } s && s.Matches(p.Metadata.Labels)));
    }

    public Decision Reconcile(ObjectKey key, Moment moment)
    {
        if (_jobs.Get(key) is not { } job) return Decision.Nothing;
        var problem = moment.Problem ?? moment.Setbacks?.Values.FirstOrDefault(s => s.Problem is not null)?.Problem;
        return Jobs.Decide(new(job, [.. _pods.ControlledBy(job.Metadata.Uid ?? ""), .. _pods.OrphansIn(key.Namespace)], moment.Now, problem));
    }
}
