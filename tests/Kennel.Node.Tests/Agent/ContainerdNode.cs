using System.Text;
using System.Text.Json.Nodes;
using Kennel.Client.Caching;
using Kennel.Node.Agent;
using Kennel.Node.Probes;
using Kennel.Node.Tests.Containers;
using Kennel.Node.Volumes;
using Kennel.Objects.Core;

namespace Kennel.Node.Tests.Agent;

/// <summary>A node with real containers, files and probes against a fake API, and ways to wait for what it does.</summary>
sealed class ContainerdNode : IAsyncDisposable
{
    static int s_count;

    readonly CancellationTokenSource _stop = new();
    readonly string _instance;
    readonly StringBuilder _log = new();
    readonly Task _running;
    readonly Client.Events.EventRecorder _events;

    public ContainerdNode(ContainerdFixture fixture, FakeApi? api = null, Func<AgentOptions, AgentOptions>? options = null)
    {
        _instance = fixture.Options.InstanceId;
        Api = api ?? new FakeApi();
        var cache = new Cache<Pod>();
        Agent = new(
            new AgentParts(Api, fixture.Runtime, new LinuxHost(), new Prober(fixture.Runtime, TimeProvider.System), TimeProvider.System, new Random(1)) { Log = Log, Events = _events = new(Api, TimeProvider.System, new Random(3), Log) },
            (options ?? (o => o))(new AgentOptions { Node = "sim-0", DataFolder = fixture.Options.DataDirectory, Addresses = ["127.0.0.1"] }),
            new PodFeed(cache));
        _running = Task.WhenAll(Caches.Feed(cache, Api, "fieldSelector=spec.nodeName%3Dsim-0", TimeProvider.System, new Random(2), Log, _stop.Token), Agent.Run(_stop.Token), _events.Run(_stop.Token));
    }

    public FakeApi Api { get; }

    public NodeAgent Agent { get; }

    public string Add(string name, string script, string container = "", string more = "", string? command = null, string policy = "IfNotPresent", string qos = "BestEffort")
    {
        command ??= $"""["sh","-c",{JsonValue.Create(script).ToJsonString()}]""";
        Api.Add(SimulatedNode.Path(name), JsonNode.Parse($$$"""
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"{{{name}}}","namespace":"default","uid":"{{{name}}}-{{{Interlocked.Increment(ref s_count)}}}-{{{_instance}}}","generation":1},
             "spec":{"nodeName":"sim-0","restartPolicy":"Always","terminationGracePeriodSeconds":1,"containers":[{"name":"main","image":"{{{BusyboxImage.Tag}}}","imagePullPolicy":"{{{policy}}}","command":{{{command}}}{{{container}}}}]{{{more}}}},
             "status":{"phase":"Pending","qosClass":"{{{qos}}}"}}
            """)!);
        return name;
    }

    public async Task<JsonObject> Until(string name, Func<JsonObject, bool> when)
    {
        JsonObject? found = null;
        await Eventually(() => (found = Api.Get(SimulatedNode.Path(name))) is not null && when(found), () => found?.ToJsonString() ?? "no pod");
        return found!;
    }

    public async Task Eventually(Func<bool> when, Func<string>? seen = null)
    {
        for (var i = 0; i < 3000; i++)
        {
            if (when()) return;
            await Task.Delay(20);
        }
        lock (_log) throw new Xunit.Sdk.XunitException($"waited in vain: {seen?.Invoke()}\n{_log}");
    }

    void Log(string text) { lock (_log) _log.AppendLine(text); }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try { await _running; }
        catch (OperationCanceledException) { }
        _stop.Dispose();
    }
}
