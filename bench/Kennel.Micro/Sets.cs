using System.Globalization;
using BenchmarkDotNet.Attributes;
using Kennel.Client.Caching;
using Kennel.Client.Running;
using Kennel.Controllers.StatefulSets;
using Kennel.Objects;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;

namespace Kennel.Micro;

/// <summary>
/// One look at a StatefulSet of 1000 pods with a claim each: the reading of the caches and the deciding. "Changed" is after a change of one pod,
/// of whose thousand siblings everything is known.
/// </summary>
[MemoryDiagnoser]
public class Sets
{
    const int Count = 1000;
    static readonly ObjectKey s_key = new("default", "web");
    static readonly Moment s_moment = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new Random(1));

    readonly World _settled = new(parallel: true, whenDeleted: "Retain");
    readonly World _owned = new(parallel: true, whenDeleted: "Delete");
    readonly World _ordered = new(parallel: false, whenDeleted: "Retain");
    readonly World _growing = new(parallel: true, whenDeleted: "Retain");
    readonly World _rolling = new(parallel: false, whenDeleted: "Retain");
    int _tick;

    [GlobalSetup]
    public void Prepare()
    {
        foreach (var world in (World[])[_settled, _owned, _ordered, _growing, _rolling]) world.Settle(s_moment);
        _growing.Edit(s => s with { Replicas = Count + 10 });
        _rolling.Edit(s => s with { Template = s.Template with { Spec = s.Template.Spec! with { Containers = [s.Template.Spec.Containers[0] with { Image = "two" }] } } });
    }

    [Benchmark(Baseline = true)]
    public Decision Unchanged() => _settled.Look();

    [Benchmark]
    public Decision UnchangedOrderedReady() => _ordered.Look();

    [Benchmark]
    public Decision UnchangedClaimsOwned() => _owned.Look();

    [Benchmark]
    public Decision OnePodChanged()
    {
        _settled.Touch(_tick++ % Count);
        return _settled.Look();
    }

    [Benchmark]
    public Decision ScaleUpByTen() => _growing.Look();

    [Benchmark]
    public Decision RollingStep() => _rolling.Look();

    sealed class World
    {
        readonly Caches _caches = new();
        readonly StatefulSetController _controller;
        int _version = 1;

        public World(bool parallel, string whenDeleted)
        {
            _controller = new(_caches);
            Put(new StatefulSet
            {
                Metadata = new() { Name = "web", Namespace = "default", Uid = "0d5b1f0e-2d60-4ad5-8f3c-6f8f6a1c2b3d", Generation = 1 },
                Spec = new()
                {
                    Replicas = Count,
                    PodManagementPolicy = parallel ? "Parallel" : "OrderedReady",
                    ServiceName = "web",
                    RevisionHistoryLimit = 10,
                    Selector = new() { MatchLabels = new Dictionary<string, string> { ["app"] = "web" } },
                    Template = new() { Metadata = new() { Labels = new Dictionary<string, string> { ["app"] = "web" } }, Spec = new() { Containers = [new() { Name = "main", Image = "one" }] } },
                    UpdateStrategy = new() { Type = "RollingUpdate", RollingUpdate = new() { Partition = 0 } },
                    VolumeClaimTemplates = [new() { Metadata = new() { Name = "data" }, Spec = new() { AccessModes = ["ReadWriteOnce"] } }],
                    PersistentVolumeClaimRetentionPolicy = new() { WhenDeleted = whenDeleted, WhenScaled = "Retain" },
                },
            });
        }

        StatefulSet Set => _caches.Of<StatefulSet>().Get(s_key)!;

        public Decision Look() => _controller.Reconcile(s_key, s_moment);

        public void Edit(Func<StatefulSetSpec, StatefulSetSpec> change) => Put(Set with { Spec = change(Set.Spec!) });

        public void Touch(int ordinal)
        {
            var pod = _caches.Of<Pod>().Get(new("default", $"web-{ordinal}"))!;
            Put(pod with { Metadata = pod.Metadata with { ResourceVersion = $"{++_version}" } });
        }

        /// <summary>Carries out what is decided until nothing is, with pods that are well at once.</summary>
        public void Settle(Moment moment)
        {
            while (_controller.Reconcile(s_key, moment) is { Steps.IsEmpty: false } decision)
                foreach (var step in decision.Steps)
                    switch (step)
                    {
                        case Step.Create { Object: Pod pod }: Put(Well(pod, moment.Now)); break;
                        case Step.Create { Object: PersistentVolumeClaim claim }: Put(claim); break;
                        case Step.Create { Object: ControllerRevision revision }: Put(revision); break;
                        case Step.UpdateStatus { Object: StatefulSet set }: Put(set); break;
                        default: throw new InvalidOperationException(step.ToString());
                    }
        }

        static Pod Well(Pod pod, DateTimeOffset now) => pod with
        {
            Metadata = pod.Metadata with { Uid = pod.Metadata.Name },
            Spec = pod.Spec! with { NodeName = "node" },
            Status = new() { Phase = "Running", Conditions = [new() { Type = "Ready", Status = "True", LastTransitionTime = now }] },
        };

        /// <summary>Through JSON, as the objects of a cache come to be.</summary>
        void Put<T>(T item) where T : class, IObject<T>
        {
            var stamped = item.With(item.Metadata with { ResourceVersion = (++_version).ToString(CultureInfo.InvariantCulture) });
            _caches.Cache<T>().Put(Json.Read<T>(Json.Write(stamped)));
        }
    }
}
