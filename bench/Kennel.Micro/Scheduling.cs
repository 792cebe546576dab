using BenchmarkDotNet.Attributes;
using Kennel.Controllers.Scheduling;
using Kennel.Objects;
using Kennel.Objects.Core;
using Kennel.Objects.Selectors;

namespace Kennel.Micro;

/// <summary>A thousand pods of one set get their nodes: the decisions and what is kept of them, without the API.</summary>
[MemoryDiagnoser]
public class Scheduling
{
    const int Pods = 1000;

    static readonly DateTimeOffset s_now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly LabelSelector s_siblings = LabelSelector.From(Map(("app", "db")));

    readonly Pod[] _pods = [.. Enumerable.Range(0, Pods).Select(Pod)];
    Ledger _ledger = null!;

    [Params(1000, 5000)]
    public int Nodes { get; set; }

    [IterationSetup]
    public void Prepare()
    {
        _ledger = new();
        for (var i = 0; i < Nodes; i++) _ledger.Seen($"n{i:d5}", Node(i));
    }

    [Benchmark]
    public long Place1000()
    {
        var (start, looks) = (0, 0L);
        foreach (var pod in _pods)
        {
            var placement = Place.Decide(new(pod, _ledger, [], s_siblings, [], s_now, start));
            _ledger.Promise(Guest.Of(pod, placement.Node!));
            start = placement.Next;
            looks += placement.Looks;
        }
        return looks;
    }

    /// <summary>The same, with a required anti-affinity of each to all others.</summary>
    [Benchmark]
    public int Place1000Apart()
    {
        var start = 0;
        PodAffinityTerm term = new() { TopologyKey = "kubernetes.io/hostname", LabelSelector = new() { MatchLabels = Map(("app", "db")) } };
        var apart = new Affinity { PodAntiAffinity = new() { RequiredDuringSchedulingIgnoredDuringExecution = [term] } };
        foreach (var pod in _pods)
        {
            var shy = pod with { Spec = pod.Spec! with { Affinity = apart } };
            var placement = Place.Decide(new(shy, _ledger, [], s_siblings, [], s_now, start));
            _ledger.Promise(Guest.Of(shy, placement.Node!));
            start = placement.Next;
        }
        return start;
    }

    static Pod Pod(int i) => new()
    {
        Metadata = new() { Name = $"db-{i}", Namespace = "default", Uid = $"u{i}", Labels = Map(("app", "db"), ("statefulset.kubernetes.io/pod-name", $"db-{i}")) },
        Spec = new() { Containers = [new() { Name = "main", Resources = new() { Requests = Map(("cpu", "100m"), ("memory", "64Mi")) } }] },
    };

    static Node Node(int i) => new()
    {
        Metadata = new() { Name = $"n{i:d5}", Labels = Map(("kubernetes.io/hostname", $"n{i:d5}"), ("topology.kubernetes.io/zone", $"z{i % 3}")) },
        Status = new() { Allocatable = Map(("cpu", "8"), ("memory", "16Gi"), ("pods", "110")), Conditions = [new() { Type = "Ready", Status = "True" }] },
    };

    static SortedDictionary<string, string> Map(params (string Key, string Value)[] pairs)
    {
        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in pairs) map[key] = value;
        return map;
    }
}
