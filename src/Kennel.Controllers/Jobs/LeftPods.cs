using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Controllers.GarbageCollection;
using Kennel.Objects;
using Kennel.Objects.Batch;
using Kennel.Objects.Core;
using Kennel.Objects.Meta;

namespace Kennel.Controllers.Jobs;

/// <summary>Frees pods that wait to be counted by a Job that won't: it is gone, it has ended, or they aren't its any more.</summary>
public sealed class LeftPods(ICaches caches) : IController
{
    readonly ICache<Job> _jobs = caches.Of<Job>();
    readonly ICache<Pod> _pods = caches.Of<Pod>();

    public string Name => "job-left-pods";

    public void Watch(ITriggers triggers)
    {
        triggers.On<Pod>((_, now) => now is not null && IsLeft(now) ? [ObjectKey.Of(now)] : []);
        triggers.On<Job>((old, now) => old is not null && (now is null || now.End() is not null && old.End() is null)
            ? _pods.ControlledBy(old.Metadata.Uid ?? "").Where(JobPod.IsTracked).Select(p => ObjectKey.Of(p)) : []);
    }

    public Decision Reconcile(ObjectKey key, Moment moment) =>
        _pods.Get(key) is { } pod && IsLeft(pod) ? new([Tracking.Untrack(pod)]) : Decision.Nothing;

    bool IsLeft(Pod pod)
    {
        if (!pod.IsTracked()) return false;
        if (pod.Metadata.Controller() is not { } owner) return true;
        if (!IsJob(owner)) return false;
        var job = _jobs.Get(new(pod.Metadata.Namespace ?? "", owner.Name));
        return job is null || job.Metadata.Uid != owner.Uid || !Jobs.IsForeign(job) && job.End() is not null;
    }

    static bool IsJob(OwnerReference owner) => owner.Kind == Job.Resource.Kind && Kinds.GroupOf(owner.ApiVersion) == Job.Resource.Group;
}
