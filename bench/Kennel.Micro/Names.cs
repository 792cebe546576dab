using System.Net;
using System.Net.Sockets;
using BenchmarkDotNet.Attributes;
using Kennel.Client.Caching;
using Kennel.Network.Names;
using Kennel.Network.Names.Wire;
using Kennel.Objects.Core;
using Kennel.Objects.Discovery;

namespace Kennel.Micro;

/// <summary>What an answer costs among a thousand services: 20 microseconds an answer are 50 000 a second.</summary>
[MemoryDiagnoser]
public class Names
{
    const int Services = 1000;
    const int Burst = 64;

    readonly byte[][] _questions = [.. new (string, RecordType)[]
    {
        ("s500.default.svc.cluster.local", RecordType.A), ("web-1.web.default.svc.cluster.local", RecordType.A), ("web.default.svc.cluster.local", RecordType.A),
        ("s500.default.svc.cluster.local", RecordType.Aaaa), ("example.org.default.svc.cluster.local", RecordType.A), ("_http._tcp.web.default.svc.cluster.local", RecordType.Srv),
    }.Select(q => Writer.Ask(7, new(q.Item1, q.Item2)))];

    readonly CancellationTokenSource _stop = new();
    readonly Socket _client = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    readonly byte[] _answer = new byte[1500];
    NameServer _server = null!;
    Kennel.Network.Names.Directory _names = null!;

    [GlobalSetup]
    public void Prepare()
    {
        var caches = new Caches();
        _names = Kennel.Network.Names.Directory.Of(caches, "cluster.local");
        caches.Cache<Namespace>().Put(new() { Metadata = new() { Name = "default" } });
        for (var i = 0; i < Services; i++)
            caches.Cache<Service>().Put(new() { Metadata = new() { Name = $"s{i}", Namespace = "default" }, Spec = new() { ClusterIP = $"10.96.{i / 250}.{i % 250}", Ports = [new() { Name = "http", Port = 80 }] } });
        caches.Cache<Service>().Put(new() { Metadata = new() { Name = "web", Namespace = "default" }, Spec = new() { ClusterIP = "None", Ports = [new() { Name = "http", Port = 80 }] } });
        caches.Cache<EndpointSlice>().Put(new()
        {
            Metadata = new() { Name = "web-x", Namespace = "default", Labels = new Dictionary<string, string> { ["kubernetes.io/service-name"] = "web" } },
            AddressType = "IPv4",
            Ports = [new() { Name = "http", Port = 8080, Protocol = "TCP" }],
            Endpoints = [.. Enumerable.Range(0, 3).Select(i => new Endpoint { Addresses = [$"10.200.0.{i + 2}"], Hostname = $"web-{i}", Conditions = new() { Ready = true } })],
        });
        _server = new(_names, new(IPAddress.Loopback, 0), [], TimeProvider.System, new Random(1), _ => { });
        _ = _server.Run(_stop.Token);
        _client.Connect(_server.At);
    }

    /// <summary>Bytes in, bytes out, without sockets: the mean of six kinds of questions.</summary>
    [Benchmark(OperationsPerInvoke = 6)]
    public int Answer()
    {
        var length = 0;
        foreach (var question in _questions)
        {
            var query = Reader.ReadQuery(question)!;
            length += Writer.Write(query, Answering.Answer(query.Question, _names)!, udp: true).Length;
        }
        return length;
    }

    /// <summary>Over the loopback device, asker and server on one machine: bursts of questions, so that the kernel has some waiting as under load.</summary>
    [Benchmark(OperationsPerInvoke = Burst)]
    public int AskOverUdp()
    {
        for (var i = 0; i < Burst; i++) _client.Send(_questions[i % _questions.Length]);
        var length = 0;
        for (var i = 0; i < Burst; i++) length += _client.Receive(_answer);
        return length;
    }

    [GlobalCleanup]
    public void Stop()
    {
        _stop.Cancel();
        _server.Dispose();
        _client.Dispose();
        _stop.Dispose();
    }
}
