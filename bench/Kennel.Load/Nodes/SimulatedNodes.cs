using System.Globalization;
using System.Text.Json.Nodes;

namespace Kennel.Load.Nodes;

/// <summary>
/// Nodes for a server that has none: they say they are ready, every pod on them runs at once, and is gone at once when it is deleted.
/// So what is measured is the server, its controllers and its scheduler.
/// </summary>
internal sealed class SimulatedNodes(Api api, int count, TimeProvider time)
{
    private const string Prefix = "kennel-load-";
    private const string Leases = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";

    /// <summary>A node lifecycle controller gives a node up after 40 s.</summary>
    private static readonly TimeSpan Renew = TimeSpan.FromSeconds(10);

    private readonly HashSet<string> _handled = new(StringComparer.Ordinal);
    private int _addresses;

    /// <summary>Registers the nodes.</summary>
    public async Task Register(CancellationToken cancel)
    {
        await api.Need(HttpMethod.Post, "/api/v1/namespaces", Documents.Namespace("kube-node-lease"), also: 409, cancel: cancel);
        for (var i = 0; i < count; i++)
        {
            await api.Need(HttpMethod.Post, "/api/v1/nodes", Node(i), also: 409, cancel: cancel);
            await api.Need(HttpMethod.Patch, $"/api/v1/nodes/{Prefix}{i}/status", new JsonObject { ["status"] = Status() }, Api.MergePatch, cancel: cancel);
        }
    }

    public async Task Remove(CancellationToken cancel)
    {
        for (var i = 0; i < count; i++) await api.Need(HttpMethod.Delete, $"/api/v1/nodes/{Prefix}{i}", also: 404, cancel: cancel);
    }

    /// <summary>Plays the nodes until it is cancelled.</summary>
    public Task Run(CancellationToken cancel) => Task.WhenAll(KeepAlive(cancel), Until.Forever(api, "/api/v1/pods", pod => Handle(pod, cancel), cancel));

    private async Task KeepAlive(CancellationToken cancel)
    {
        using var tick = new PeriodicTimer(Renew, time);
        do
        {
            for (var i = 0; i < count; i++)
            {
                await api.Need(HttpMethod.Post, Leases, Lease(i), also: 409, cancel: cancel);
                await api.Need(HttpMethod.Patch, $"{Leases}/{Prefix}{i}", Lease(i), Api.MergePatch, cancel: cancel);
            }
        }
        while (await tick.WaitForNextTickAsync(cancel));
    }

    private Task Handle(JsonObject pod, CancellationToken cancel)
    {
        var node = (string?)pod["spec"]!["nodeName"];
        if (node?.StartsWith(Prefix, StringComparison.Ordinal) != true) return Task.CompletedTask;
        var (uid, meta) = (Until.Uid(pod), pod["metadata"]!);
        var path = $"/api/v1/namespaces/{(string)meta["namespace"]!}/pods/{(string)meta["name"]!}";
        if (meta["deletionTimestamp"] is not null) return _handled.Add(uid + "/gone") ? Remove(path, uid, cancel) : Task.CompletedTask;
        if ((string?)pod["status"]?["phase"] is not (null or "Pending")) return Task.CompletedTask;
        return _handled.Add(uid) ? Start(path, pod, cancel) : Task.CompletedTask;
    }

    private async Task Remove(string path, string uid, CancellationToken cancel)
    {
        var options = new JsonObject { ["gracePeriodSeconds"] = 0, ["preconditions"] = new JsonObject { ["uid"] = uid } };
        await api.Need(HttpMethod.Delete, path, options, also: 404, cancel: cancel);
    }

    private async Task Start(string path, JsonObject pod, CancellationToken cancel)
    {
        var address = Interlocked.Increment(ref _addresses);
        var now = Now();
        var status = new JsonObject
        {
            ["phase"] = "Running",
            ["startTime"] = now,
            ["hostIP"] = "127.0.0.1",
            ["podIP"] = $"10.{250 + (address >> 16)}.{(address >> 8) & 255}.{address & 255}",
            ["conditions"] = new JsonArray([.. new[] { "PodScheduled", "Initialized", "ContainersReady", "Ready" }.Select(type => Condition(type, now))]),
            ["containerStatuses"] = new JsonArray([.. pod["spec"]!["containers"]!.AsArray().Select(container => Running(container!, now))]),
        };
        await api.Need(HttpMethod.Patch, path + "/status", new JsonObject { ["status"] = status }, Api.MergePatch, also: 404, cancel: cancel);
    }

    private static JsonObject Running(JsonNode container, string now) => new()
    {
        ["name"] = (string)container["name"]!,
        ["image"] = (string?)container["image"],
        ["imageID"] = "simulated",
        ["ready"] = true,
        ["started"] = true,
        ["restartCount"] = 0,
        ["state"] = new JsonObject { ["running"] = new JsonObject { ["startedAt"] = now } },
    };

    private static JsonObject Node(int i) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Node",
        ["metadata"] = new JsonObject
        {
            ["name"] = Prefix + i,
            ["labels"] = new JsonObject { ["kubernetes.io/hostname"] = Prefix + i, ["kubernetes.io/os"] = "linux", ["kubernetes.io/arch"] = "amd64" },
        },
    };

    private JsonObject Status()
    {
        var size = new JsonObject { ["cpu"] = "64", ["memory"] = "256Gi", ["ephemeral-storage"] = "1Ti", ["pods"] = "5000" };
        return new JsonObject
        {
            ["capacity"] = size,
            ["allocatable"] = size.DeepClone(),
            ["conditions"] = new JsonArray(Condition("Ready", Now())),
            ["addresses"] = new JsonArray(new JsonObject { ["type"] = "InternalIP", ["address"] = "127.0.0.1" }),
        };
    }

    private JsonObject Lease(int i) => new()
    {
        ["apiVersion"] = "coordination.k8s.io/v1",
        ["kind"] = "Lease",
        ["metadata"] = new JsonObject { ["name"] = Prefix + i },
        ["spec"] = new JsonObject
        {
            ["holderIdentity"] = Prefix + i,
            ["leaseDurationSeconds"] = 40,
            ["renewTime"] = time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture),
        },
    };

    private static JsonObject Condition(string type, string now) =>
        new() { ["type"] = type, ["status"] = "True", ["lastTransitionTime"] = now };

    private string Now() => time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
