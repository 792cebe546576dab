using Kennel.Client.Running;
using Kennel.Controllers.Jobs;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.Jobs;

/// <summary>
/// Whatever fails, whenever we are interrupted, and whatever users and nodes do meanwhile: after each single step a Job's numbers and the list of
/// uncounted pods together are exactly the pods that have lost their finalizer, so that no pod is lost and none counted twice.
/// </summary>
public sealed class CountingTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 120)];

    [Theory, MemberData(nameof(Seeds))]
    public void A_pod_is_counted_once(int seed)
    {
        var random = new Random(seed);
        var (completions, parallelism, indexed) = (1 + random.Next(6), 1 + random.Next(4), random.Next(3) == 0);
        var w = new JobWorld(s => s with
        {
            Completions = completions, Parallelism = parallelism, BackoffLimit = random.Next(2) == 0 ? 100 : random.Next(4), CompletionMode = indexed ? "Indexed" : "NonIndexed",
            PodReplacementPolicy = random.Next(2) == 0 ? "Failed" : "TerminatingOrFailed",
            BackoffLimitPerIndex = indexed && random.Next(2) == 0 ? 1 : null,
        });
        var truth = new Truth(w, seed);
        w.World.Check = truth.Check;
        for (var i = 0; i < 150; i++)
        {
            Interrupt(w, random);
            w.Round();
            Act(w, random, truth);
            w.Wait(random.Next(30));
        }
        w.World.Refuse = _ => null;
        Finish(w, random, truth);
        w.Conditions.ShouldMatch("Complete:|Failed:", $"seed {seed}");
        truth.CheckTheEnd();
    }

    /// <summary>Some step of the next round and all behind it never happen: we were killed, or the API refused.</summary>
    static void Interrupt(JobWorld w, Random random)
    {
        var (kill, refuse) = (random.Next(3) == 0 ? random.Next(5) : int.MaxValue, random.Next(6) == 0);
        var steps = 0;
        w.World.Refuse = _ => steps++ >= kill ? "killed" : refuse && random.Next(3) == 0 ? "no" : null;
    }

    static void Act(JobWorld w, Random random, Truth truth)
    {
        var pods = w.World.Pods.ToList();
        if (pods.Count == 0) return;
        var pod = pods[random.Next(pods.Count)];
        var name = pod.Metadata.Name!;
        switch (random.Next(7))
        {
            case 0 or 1 when pod.IsActive(): w.End(pod); break;
            case 2 when pod.IsActive(): w.End(pod, 1); break;
            case 3 when pod.IsActive(): w.World.Run(name); break;
            case 4: w.World.DeletePod(name); break;
            case 5: w.World.Stop(name); break;
            case 6: w.Change(s => s with { Suspend = random.Next(4) == 0 }); break;
        }
        truth.Look();
    }

    static void Finish(JobWorld w, Random random, Truth truth)
    {
        w.Change(s => s with { Suspend = false });
        for (var i = 0; i < 200 && w.Job.End() is null; i++)
        {
            w.Settle();
            foreach (var pod in w.World.Pods.ToList())
                if (pod.Metadata.DeletionTimestamp is not null) w.World.Stop(pod.Metadata.Name!);
                else if (pod.IsActive()) w.End(pod, random.Next(3) == 0 ? 1 : 0);
            truth.Look();
            w.Wait(700);
        }
        w.Settle();
    }

    /// <summary>What really happened to each pod, by uid.</summary>
    sealed class Truth(JobWorld w, int seed)
    {
        readonly Dictionary<string, Pod> _seen = [];

        /// <summary>Every pod as it was last seen with its finalizer.</summary>
        public void Look()
        {
            foreach (var pod in w.World.Pods) if (pod.IsTracked()) _seen[pod.Metadata.Uid!] = pod;
        }

        public void Check()
        {
            var tracked = w.World.Pods.Where(p => p.IsTracked()).Select(p => p.Metadata.Uid!).ToHashSet();
            Look();
            var uncounted = w.Status.UncountedTerminatedPods;
            var (succeeded, failed) = (uncounted?.Succeeded ?? [], uncounted?.Failed ?? []);
            succeeded.Concat(failed).ShouldBeUnique($"seed {seed}");
            w.World.Pods.Count(p => p.IsActive()).ShouldBeLessThanOrEqualTo(w.Job.Spec!.Parallelism!.Value, $"seed {seed}");
            var freed = _seen.Values.Where(p => !tracked.Contains(p.Metadata.Uid!)).ToList();
            if (w.Job.Spec.CompletionMode == "Indexed")
            {
                var told = Indexes.Parse(w.Status.CompletedIndexes, w.Job.Spec.Completions!.Value);
                foreach (var pod in freed.Where(p => p.Status?.Phase == "Succeeded" && !failed.Contains(p.Metadata.Uid!)))
                    told.Has(pod.Index()!.Value).ShouldBeTrue($"seed {seed}: {pod.Metadata.Name} has succeeded");
                foreach (var index in Enumerable.Range(0, w.Job.Spec.Completions.Value).Where(told.Has))
                    _seen.Values.ShouldContain(p => p.Index() == index && p.Status!.Phase == "Succeeded", $"seed {seed}: {index} has not succeeded");
            }
            else
                ((w.Status.Succeeded ?? 0) + succeeded.Count(u => !tracked.Contains(u))).ShouldBe(freed.Count(p => p.Status?.Phase == "Succeeded"), $"seed {seed}: {string.Join("; ", w.World.Log.TakeLast(6))}");
            ((w.Status.Failed ?? 0) + failed.Count(u => !tracked.Contains(u))).ShouldBeLessThanOrEqualTo(freed.Count(p => p.Status?.Phase != "Succeeded"), $"seed {seed}");
        }

        public void CheckTheEnd()
        {
            w.World.Pods.ShouldAllBe(p => !p.IsTracked());
            w.Status.UncountedTerminatedPods!.Succeeded.Concat(w.Status.UncountedTerminatedPods.Failed).ShouldBeEmpty();
            if (w.Conditions.Contains("Complete:")) w.Status.Succeeded.ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(w.Job.Spec!.Completions!.Value, $"seed {seed}");
        }
    }
}
