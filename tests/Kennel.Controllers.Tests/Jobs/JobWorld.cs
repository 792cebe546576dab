using Kennel.Controllers.Jobs;
using Kennel.Controllers.Tests.Model;
using Kennel.Objects;
using Kennel.Objects.Batch;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.Jobs;

/// <summary>A world with one Job named j, its controller and the one that frees left pods.</summary>
sealed class JobWorld
{
    static readonly ObjectKey Key = new("default", "j");
    readonly JobController _controller;
    readonly LeftPods _left;

    public JobWorld(Func<JobSpec, JobSpec>? change = null)
    {
        (_controller, _left) = (new(World.Caches), new(World.Caches));
        JobSpec spec = new()
        {
            Completions = 1, Parallelism = 1, BackoffLimit = 6, CompletionMode = "NonIndexed", Suspend = false, PodReplacementPolicy = "TerminatingOrFailed",
            Selector = new() { MatchLabels = new Dictionary<string, string> { ["app"] = "web" } },
            Template = Sets.Template() with { Spec = Sets.Template().Spec! with { RestartPolicy = "Never" } },
        };
        World.Put(new Job { Metadata = new() { Name = "j", Namespace = "default" }, Spec = change?.Invoke(spec) ?? spec });
    }

    public static JobWorld Indexed(int completions, int parallelism, Func<JobSpec, JobSpec>? change = null) =>
        new(s => (change ?? (x => x))(s with { CompletionMode = "Indexed", Completions = completions, Parallelism = parallelism }));

    public ModelWorld World { get; } = new();

    public Job Job => World.Caches.Of<Job>().Get(Key)!;

    public JobStatus Status => Job.Status ?? JobStatus.Empty;

    /// <summary>The conditions that are True with their reasons: <c>SuccessCriteriaMet:CompletionsReached Complete:CompletionsReached</c>.</summary>
    public string Conditions => string.Join(' ', Status.Conditions.Where(c => c.Status == "True").Select(c => $"{c.Type}:{c.Reason}"));

    public IEnumerable<string> Told => World.Events.Select(e => $"{(e.Warning ? "!" : "")}{e.Reason}: {e.Message}");

    public IReadOnlyList<Pod> Active => [.. World.Pods.Where(p => p.Metadata.DeletionTimestamp is null && p.Status?.Phase is not ("Succeeded" or "Failed"))];

    public Pod OfIndex(int index) => Active.Single(p => p.Metadata.Annotations[JobPod.IndexKey] == $"{index}");

    public void Change(Func<JobSpec, JobSpec> change) => World.Put(Job with { Spec = change(Job.Spec!), Metadata = Job.Metadata with { Generation = Job.Metadata.Generation + 1 } });

    public bool Round() => World.Round(_controller, Key);

    public void Settle()
    {
        for (var i = 0; i < 300; i++)
        {
            var did = false;
            foreach (var pod in World.Pods.ToList()) did |= World.Round(_left, ObjectKey.Of(pod));
            if (!(did | Round())) return;
        }
        throw new InvalidOperationException("it never comes to rest: " + string.Join("; ", World.Log.TakeLast(10)));
    }

    /// <summary>The pod runs, and ends.</summary>
    public void End(Pod pod, int code = 0, params PodCondition[] conditions)
    {
        World.Run(pod.Metadata.Name!);
        World.Change<Pod>(pod.Metadata.Name!, p => p with
        {
            Status = new()
            {
                Phase = code == 0 ? "Succeeded" : "Failed", Conditions = conditions,
                ContainerStatuses = [new() { Name = "c", State = new() { Terminated = new() { ExitCode = code, FinishedAt = World.Now } } }],
            },
        });
    }

    /// <summary>A pod that is on its way out has stopped.</summary>
    public void StopAll()
    {
        foreach (var pod in World.Pods.Where(p => p.Metadata.DeletionTimestamp is not null).ToList()) World.Stop(pod.Metadata.Name!);
    }

    public void Wait(double seconds) => World.Now = World.Now.AddSeconds(seconds);
}
