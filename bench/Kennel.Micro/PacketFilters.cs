using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using Kennel.Network.Filters;
using Kennel.Network.Services;
using Kennel.Objects;
using Kennel.Objects.Core;
using Kennel.Objects.Discovery;

namespace Kennel.Micro;

/// <summary>A thousand services of three endpoints: what it takes to say all of them to the packet filter, and to say one that changed.</summary>
[MemoryDiagnoser]
public class PacketFilters
{
    const int Services = 1000;

    static readonly RulesetOptions s_options = new("kennel-bench", "10.200.0.0/16");
    static readonly Place s_here = new("here");

    readonly Service[] _services = [.. Enumerable.Range(0, Services).Select(i => new Service
    {
        Metadata = new() { Name = $"s{i:d4}", Namespace = "default" },
        Spec = new() { ClusterIP = $"10.96.{i / 250}.{i % 250 + 1}", Ports = [new() { Port = 80, Protocol = "TCP" }] },
    })];

    readonly Dictionary<ObjectKey, EndpointSlice[]> _slices = [];
    readonly Routing _routing = new();
    Table _before = null!;
    bool _odd;

    [GlobalSetup]
    public void Prepare()
    {
        for (var i = 0; i < Services; i++) _slices[ObjectKey.Of(_services[i])] = [Slice(i, 3)];
        _before = Now();
    }

    /// <summary>The text of the whole table.</summary>
    [Benchmark]
    public int All() => Transaction.Whole(Ruleset.Of(_services.SelectMany(s => Routed.Of(s, _slices[ObjectKey.Of(s)], s_here)), s_options)).Length;

    /// <summary>An endpoint of one service comes or goes: looking at what has changed, and the text of it.</summary>
    [Benchmark]
    public int One()
    {
        _odd = !_odd;
        _slices[ObjectKey.Of(_services[500])] = [Slice(500, _odd ? 2 : 3)];
        var after = Now();
        var text = Transaction.Change(_before, after);
        _before = after;
        return text.Length;
    }

    Table Now()
    {
        ImmutableArray<Routing.Known> known = _routing.Of(_services, k => _slices[k], s_options, s_here);
        return Ruleset.Of(known.SelectMany(k => k.Parts), s_options);
    }

    static EndpointSlice Slice(int i, int endpoints) => new()
    {
        Metadata = new() { Name = $"s{i:d4}-x", Namespace = "default" },
        AddressType = "IPv4",
        Ports = [new() { Name = "", Port = 8080, Protocol = "TCP" }],
        Endpoints = [.. Enumerable.Range(0, endpoints).Select(e => new Endpoint { Addresses = [$"10.200.{i / 80}.{i % 80 * 3 + e + 2}"], Conditions = new() { Ready = true } })],
    };
}
