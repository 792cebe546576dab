using Kennel.Controllers.Jobs;
using Kennel.Controllers.Pods;
using Kennel.Controllers.Tests.Model;
using Kennel.Objects.Batch;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.Jobs;

/// <summary>Jobs under the real runner, caches and queues: everything concurrent, as in the product.</summary>
public sealed class RunningTests
{
    [Fact]
    public async Task Many_pods_are_made_and_counted_once_each_although_caches_lag_and_break()
    {
        const int completions = 150, parallelism = 20;
        var most = 0;
        await using var w = new LiveWorld(caches => [new JobController(caches), new LeftPods(caches)]);
        using var watching = new CancellationTokenSource();
        var kubelet = Kubelet(w, n => most = Math.Max(most, n), watching.Token);
        w.Api.Put(new Job
        {
            Metadata = new() { Name = "j", Namespace = "default" },
            Spec = new()
            {
                Completions = completions, Parallelism = parallelism, BackoffLimit = 6, Selector = new() { MatchLabels = new Dictionary<string, string> { ["app"] = "web" } },
                Template = Sets.Template(),
            },
        });
        await w.UntilAll<Pod>(all => all.Count > 40);
        w.Api.Disconnect();
        await w.UntilAll<Pod>(all => all.Count > 80);
        w.Api.Compact();
        w.Api.Disconnect();
        await w.Until<Job>("j", j => j.End() is not null);
        var job = w.Api.Get<Job>("default", "j")!;
        (job.End()!.Type, job.Status!.Succeeded, job.Status.Failed).ShouldBe(("Complete", completions, null));
        w.Api.All<Pod>().Count.ShouldBe(completions);
        w.Api.All<Pod>().ShouldAllBe(p => !p.IsTracked());
        most.ShouldBeLessThanOrEqualTo(parallelism);
        w.Log.ShouldBeEmpty();
        await watching.CancelAsync();
        await kubelet;
    }

    /// <summary>A node agent in a few lines: whatever is Pending has succeeded by the next look.</summary>
    static async Task Kubelet(LiveWorld w, Action<int> running, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var pending = w.Api.All<Pod>().Where(p => p.IsPending()).ToList();
            running(pending.Count);
            foreach (var pod in pending) w.Api.Put(pod with { Spec = pod.Spec! with { NodeName = "n" }, Status = new() { Phase = "Succeeded" } });
            await Task.Delay(2, CancellationToken.None);
        }
    }
}
