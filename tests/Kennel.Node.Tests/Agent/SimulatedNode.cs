using System.Text.Json.Nodes;
using Kennel.Client.Caching;
using Kennel.Node.Agent;
using Kennel.Node.Probes;
using Kennel.Node.Simulated;
using Kennel.Node.Volumes;
using Kennel.Objects.Core;

namespace Kennel.Node.Tests.Agent;

/// <summary>A node without processes against a fake API, and ways to wait for what it does.</summary>
sealed class SimulatedNode : IAsyncDisposable
{
    readonly CancellationTokenSource _stop = new();
    readonly List<string> _log = [];
    Task _running = Task.CompletedTask;
    int _ids, _ips;

    public SimulatedNode(SimulatedDelays? delays = null, FakeApi? api = null, SimulatedRuntime? runtime = null, IProber? prober = null, IHost? host = null)
    {
        Api = api ?? new();
        Runtime = runtime ?? new(TimeProvider.System, () => $"id{Interlocked.Increment(ref _ids):d5}", () => $"10.0.{Interlocked.Increment(ref _ips) / 250}.{_ips % 250}", delays ?? new());
        Host = host ?? new MemoryHost(PathKind.Folder);
        Prober = prober ?? new SimulatedProber();
        Cache = new Cache<Pod>();
    }

    public FakeApi Api { get; }

    public SimulatedRuntime Runtime { get; }

    public IHost Host { get; }

    public IProber Prober { get; }

    public Cache<Pod> Cache { get; }

    public NodeAgent? Agent { get; private set; }

    public SimulatedNode Start()
    {
        Agent = new(
            new AgentParts(Api, Runtime, Host, Prober, TimeProvider.System, new Random(1)) { Log = text => { lock (_log) _log.Add(text); } },
            new AgentOptions { Node = "sim-0", DataFolder = "/data", Addresses = ["192.168.0.1"], Port = 10250, MaxPods = 5000, Parallel = 1000, Relist = TimeSpan.FromMilliseconds(200) },
            new PodFeed(Cache));
        _running = Task.WhenAll(
            Caches.Feed(Cache, Api, "fieldSelector=spec.nodeName%3Dsim-0", TimeProvider.System, new Random(2), text => { lock (_log) _log.Add(text); }, _stop.Token),
            Agent.Run(_stop.Token));
        return this;
    }

    public static string Path(string name) => $"/api/v1/namespaces/default/pods/{name}";

    public void Run(string name, string containers = """[{"name":"main","image":"app:1"}]""", string more = "", string uid = "", string policy = "Always") =>
        Api.Add(Path(name), JsonNode.Parse($$$"""
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"{{{name}}}","namespace":"default","uid":"{{{(uid.Length > 0 ? uid : "uid-" + name)}}}","generation":1},
             "spec":{"nodeName":"sim-0","restartPolicy":"{{{policy}}}","containers":{{{containers}}}{{{more}}}},"status":{"phase":"Pending","qosClass":"BestEffort"}}
            """)!);

    public async Task<JsonObject> Until(string name, Func<JsonObject, bool> when) => await Eventually(() => Api.Get(Path(name)) is { } pod && when(pod) ? pod : null, () => Api.Get(Path(name))?.ToJsonString() ?? "no such pod");

    public Task<JsonObject> UntilReady(string name) => Until(name, pod => Condition(pod, "Ready") == "True");

    public static string? Condition(JsonObject pod, string type) => (string?)pod["status"]?["conditions"]?.AsArray().FirstOrDefault(c => (string?)c!["type"] == type)?["status"];

    public async Task UntilGone(string name) => await Eventually(() => Api.Get(Path(name)) is null ? "gone" : null, () => Api.Get(Path(name))!.ToJsonString());

    public async Task<T> Eventually<T>(Func<T?> look, Func<string> otherwise) where T : class
    {
        for (var i = 0; i < 3000; i++)
        {
            if (look() is { } found) return found;
            await Task.Delay(5);
        }
        lock (_log) throw new Xunit.Sdk.XunitException($"waited in vain; last seen: {otherwise()}\n{string.Join('\n', _log)}");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try { await _running; }
        catch (OperationCanceledException) { }
        _stop.Dispose();
    }
}
