using System.Net;
using System.Text;
using BenchmarkDotNet.Attributes;
using Kennel.Server;
using Kennel.Server.Bootstrap;
using Kennel.Store.Memory;

namespace Kennel.Micro;

/// <summary>One request through the whole pipeline, over a store in memory: what the writes of a pod's life cost without wire and disk.</summary>
[MemoryDiagnoser]
public class Requests
{
    const string Claims = "/api/v1/namespaces/default/persistentvolumeclaims";
    const string Pods = "/api/v1/namespaces/default/pods";

    static readonly byte[] s_claim = Encoding.UTF8.GetBytes(
        """{"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"generateName":"data-","labels":{"app":"web"}},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}""");
    static readonly byte[] s_pod = Encoding.UTF8.GetBytes("""
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"web-0","labels":{"app":"web","statefulset.kubernetes.io/pod-name":"web-0"}},"spec":{"hostname":"web-0","subdomain":"web","terminationGracePeriodSeconds":1,
        "containers":[{"name":"main","image":"web:1","volumeMounts":[{"mountPath":"/data","name":"data"}]}],"volumes":[{"name":"data","persistentVolumeClaim":{"claimName":"data-web-0"}}]}}
        """);

    Pipeline _pipeline = null!;
    int _turn;
    int _ids;

    [GlobalSetup]
    public async Task Prepare()
    {
        var range = IPNetwork.Parse("10.96.0.0/16");
        _pipeline = new Pipeline(new ServerOptions(new MemoryStore(TimeProvider.System)) { Random = new Random(7), NewId = () => new Guid(++_ids, 0, 0, new byte[8]), ServiceRange = range, Time = TimeProvider.System });
        await _pipeline.Load();
        await BootstrapObjects.Ensure(_pipeline, range, new IPEndPoint(IPAddress.Parse("192.0.2.1"), 6443));
        await Send("POST", Pods, s_pod);
        await Send("POST", Claims, Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(s_claim).Replace("\"generateName\":\"data-\"", "\"name\":\"data-web-0\"", StringComparison.Ordinal)));
    }

    [Benchmark(Baseline = true)]
    public Task<int> GetPod() => Send("GET", Pods + "/web-0");

    [Benchmark]
    public Task<int> CreateClaim() => Send("POST", Claims, s_claim);

    [Benchmark]
    public Task<int> PatchClaim() => Send("PATCH", Claims + "/data-web-0", Encoding.UTF8.GetBytes(
        $$$"""{"metadata":{"annotations":{"volume.kubernetes.io/selected-node":"node-{{{_turn++}}}"} } }"""));

    [Benchmark]
    public Task<int> PatchPodStatus() => Send("PATCH", Pods + "/web-0/status", Encoding.UTF8.GetBytes(
        $$$"""
        {"status":{"phase":"Running","podIP":"10.200.0.{{{_turn++ % 250}}}","hostIP":"10.0.0.1","startTime":"2026-01-01T00:00:00Z","conditions":[{"type":"Ready","status":"True","lastTransitionTime":"2026-01-01T00:00:00Z"},
        {"type":"ContainersReady","status":"True","lastTransitionTime":"2026-01-01T00:00:00Z"},{"type":"Initialized","status":"True","lastTransitionTime":"2026-01-01T00:00:00Z"},
        {"type":"PodScheduled","status":"True","lastTransitionTime":"2026-01-01T00:00:00Z"}],"containerStatuses":[{"name":"main","ready":true,"restartCount":0,"image":"web:1","imageID":"sha256:0","started":true,
        "state":{"running":{"startedAt":"2026-01-01T00:00:00Z"} } }]} }
        """));

    async Task<int> Send(string method, string path, byte[]? body = null)
    {
        var request = ApiRequest.To(method, path, User.Loopback) with { Body = body, ContentType = method == "PATCH" ? "application/merge-patch+json" : "application/json", UserAgent = "micro" };
        return await _pipeline.Handle(request) is Answer { Status: < 300 } answer ? answer.Body.Length : throw new InvalidOperationException($"{method} {path} was refused");
    }
}
