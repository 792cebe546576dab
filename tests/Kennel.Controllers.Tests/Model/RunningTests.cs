using Kennel.Client.Caching;
using Kennel.Client.Running;
using Kennel.Client.Tests.Fake;
using Kennel.Controllers.Deployments;
using Kennel.Controllers.Pods;
using Kennel.Controllers.ReplicaSets;
using Kennel.Controllers.StatefulSets;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.Model;

/// <summary>The controllers under the real runner, caches and queues, over the fake API server; everything concurrent, as in the product.</summary>
public sealed class RunningTests : IAsyncLifetime
{
    readonly FakeApi _api = new();
    readonly CancellationTokenSource _stop = new();
    readonly Caches _caches = new();
    readonly Runner _runner;
    readonly List<string> _log = [];
    readonly Task _running;

    public RunningTests()
    {
        _runner = new(_api, _caches, [new StatefulSetController(_caches), new DeploymentController(_caches), new ReplicaSetController(_caches)], TimeProvider.System, new Random(1), Log);
        _caches.Cache<Pod>().Subscribe(Kubelet);
        _running = Task.WhenAll(_caches.Run(_api, TimeProvider.System, new Random(2), Log, _stop.Token), _runner.Run(_stop.Token));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _stop.Cancel();
        await _running;
        _stop.Dispose();
    }

    void Log(string line) { lock (_log) _log.Add(line); }

    /// <summary>A node agent in two lines: what is Pending runs, what terminates is gone.</summary>
    void Kubelet(Pod? old, Pod? now)
    {
        if (now is null) return;
        if (now.IsTerminating()) _api.Remove(now);
        else if (now.IsPending())
            _api.Put(now with { Spec = now.Spec! with { NodeName = "n" }, Status = new() { Phase = "Running", Conditions = [new() { Type = "Ready", Status = "True", LastTransitionTime = DateTimeOffset.UnixEpoch }] } });
    }

    StatefulSet Set => _api.Get<StatefulSet>("default", "web")!;

    Task AllReady(int replicas) => Eventually.True(
        () => Set.Status is { } s && s.ReadyReplicas == replicas && s.Replicas == replicas && s.UpdatedReplicas == replicas && s.ObservedGeneration == Set.Metadata.Generation,
        () => $"{Set.Status} {string.Join("; ", _runner.Waiting)} {string.Join("; ", _log)}");

    [Fact, Trait("Behaviour", "SS-214")]
    public async Task An_ordered_set_comes_up_in_order_rolls_down_in_order_and_keeps_its_claims()
    {
        _api.Put(Sets.Web(5, claims: true));
        await AllReady(5);
        Births().ShouldBe(["web-0", "web-1", "web-2", "web-3", "web-4"]);
        var before = _api.All<PersistentVolumeClaim>().Select(c => c.Metadata.Uid).ToList();
        Change(s => s with { Template = Sets.Template("two") });
        await AllReady(5);
        await Eventually.True(() => Set.Status!.CurrentRevision == Set.Status.UpdateRevision);
        Births().ShouldBe(["web-4", "web-3", "web-2", "web-1", "web-0"]);
        _api.All<PersistentVolumeClaim>().Select(c => c.Metadata.Uid).ShouldBe(before);
        _log.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_parallel_set_of_many_comes_up_and_goes_down_through_disconnections()
    {
        _api.Put(Sets.Web(200, parallel: true, claims: true));
        await Eventually.True(() => _api.All<Pod>().Count > 50);
        _api.Disconnect();
        await AllReady(200);
        _api.Compact();
        _api.Disconnect();
        Change(s => s with { Replicas = 3 });
        await Eventually.True(() => _api.All<Pod>().Count == 3 && Set.Status!.Replicas == 3);
        _api.All<PersistentVolumeClaim>().Count.ShouldBe(200);
    }

    [Fact]
    public async Task A_pod_of_a_set_costs_the_set_its_creation_its_claims_and_little_more()
    {
        _api.Put(Sets.Web(100, parallel: true, claims: true));
        await AllReady(100);
        var writes = _api.Calls.Where(c => !c.StartsWith("GET", StringComparison.Ordinal) && !c.StartsWith("WATCH", StringComparison.Ordinal) && !c.Contains("/events", StringComparison.Ordinal)).ToList();
        writes.Count(c => c.StartsWith("POST", StringComparison.Ordinal)).ShouldBe(201, "pods, claims, one revision");
        writes.Where(c => !c.StartsWith("POST", StringComparison.Ordinal)).ShouldAllBe(c => c.StartsWith("PUT", StringComparison.Ordinal) && c.EndsWith("/statefulsets/web/status", StringComparison.Ordinal));
        writes.Count(c => c.StartsWith("PUT", StringComparison.Ordinal)).ShouldBeLessThan(100);
    }

    [Fact]
    public async Task A_deployment_never_has_more_pods_than_its_surge_allows_although_caches_lag()
    {
        var labels = new Dictionary<string, string> { ["app"] = "notes" };
        var most = 0;
        _caches.Cache<Pod>().Subscribe((_, _) => most = Math.Max(most, _api.All<Pod>().Count(p => !p.IsTerminating()))); // those on their way out are not counted, as upstream
        Deployment deployment = new()
        {
            Metadata = new() { Name = "notes", Namespace = "default" },
            Spec = new() { Replicas = 6, Selector = new() { MatchLabels = labels }, Template = Sets.Template(app: "notes"), Strategy = new() { Type = "RollingUpdate", RollingUpdate = new() { MaxSurge = 2, MaxUnavailable = 1 } } },
        };
        _api.Put(deployment);
        await Eventually.True(() => _api.Get<Deployment>("default", "notes")!.Status?.AvailableReplicas == 6);
        _api.Put(_api.Get<Deployment>("default", "notes")! with { Spec = deployment.Spec with { Template = Sets.Template("two", "notes") }, Metadata = deployment.Metadata with { Generation = 2 } });
        await Eventually.True(() => _api.Get<Deployment>("default", "notes")!.Status is { ObservedGeneration: 2, UpdatedReplicas: 6, AvailableReplicas: 6, Replicas: 6 }, () => string.Join("; ", _runner.Waiting));
        _api.All<Pod>().Select(p => p.Spec!.Containers[0].Image).Distinct().ShouldBe(["two"]);
        most.ShouldBeLessThanOrEqualTo(8);
    }

    IEnumerable<string?> Births() => _api.All<Pod>().OrderBy(p => int.Parse(p.Metadata.Uid!["uid-".Length..])).Select(p => p.Metadata.Name);

    void Change(Func<StatefulSetSpec, StatefulSetSpec> change) => _api.Put(Set.With(change));
}
