using System.Globalization;
using BenchmarkDotNet.Attributes;
using Kennel.Client;
using Kennel.Client.Caching;
using Kennel.Client.Running;
using Kennel.Controllers.Deployments;
using Kennel.Controllers.ReplicaSets;
using Kennel.Objects;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;

namespace Kennel.Micro;

/// <summary>One look at a ReplicaSet of 1000 pods on 100 nodes, at one that has ten too many, and at its Deployment with ten old sets.</summary>
[MemoryDiagnoser]
public class Replicas
{
    const int Count = 1000;
    static readonly DateTimeOffset s_now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly Moment s_moment = new(s_now, new Random(1));
    static readonly ObjectKey s_set = new("default", "web-9");

    readonly Caches _settled = World(Count);
    readonly Caches _shrinking = World(Count - 10);
    ReplicaSetController _sets = null!, _shrinkingSets = null!;
    DeploymentController _deployments = null!;

    [GlobalSetup]
    public void Prepare() => (_sets, _shrinkingSets, _deployments) = (new(_settled), new(_shrinking), new(_settled));

    [Benchmark(Baseline = true)]
    public Decision Set() => _sets.Reconcile(s_set, s_moment);

    [Benchmark]
    public Decision SetWithTenTooMany() => _shrinkingSets.Reconcile(s_set, s_moment);

    [Benchmark]
    public Decision DeploymentOfIt() => _deployments.Reconcile(new("default", "web"), s_moment);

    static Caches World(int replicas)
    {
        var caches = new Caches();
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["app"] = "web" };
        Deployment top = new()
        {
            Metadata = new() { Name = "web", Namespace = "default", Uid = "uid-web", Generation = 1 },
            Spec = new() { Replicas = replicas, Selector = new() { MatchLabels = labels }, Template = Template(labels, 9) },
        };
        caches.Cache<Deployment>().Put(top);
        for (var i = 0; i < 10; i++)
        {
            ReplicaSet set = new()
            {
                Metadata = new() { Name = $"web-{i}", Namespace = "default", Uid = $"uid-set-{i}", Generation = 1, Labels = labels, CreationTimestamp = s_now.AddDays(i - 20), OwnerReferences = [top.ControllerReference()] },
                Spec = new() { Replicas = i == 9 ? replicas : 0, Selector = new() { MatchLabels = labels }, Template = Template(labels, i) },
            };
            caches.Cache<ReplicaSet>().Put(set);
            if (i == 9) foreach (var pod in Enumerable.Range(0, Count)) caches.Cache<Pod>().Put(Pod(set, labels, pod));
        }
        return caches;
    }

    static PodTemplateSpec Template(SortedDictionary<string, string> labels, int image) =>
        new() { Metadata = new() { Labels = labels }, Spec = new() { Containers = [new() { Name = "main", Image = image.ToString(CultureInfo.InvariantCulture) }] } };

    static Pod Pod(ReplicaSet set, SortedDictionary<string, string> labels, int number) => new()
    {
        Metadata = new() { Name = $"web-9-{number}", Namespace = "default", Uid = $"uid-{number}", Labels = labels, CreationTimestamp = s_now.AddMinutes(-number), OwnerReferences = [set.ControllerReference()] },
        Spec = new() { NodeName = $"n{number % 100}" },
        Status = new() { Phase = "Running", Conditions = [new() { Type = "Ready", Status = "True", LastTransitionTime = s_now.AddMinutes(-number) }] },
    };
}
