using System.Globalization;
using Kennel.Walkthrough.Tests.Running;
using Xunit.Abstractions;

namespace Kennel.Walkthrough.Tests;

/// <summary>kill -9 at random moments while real pods start and stop. KENNEL_ROUNDS and KENNEL_SEED make it longer, and the same again.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    const int MostPods = 4, LongestMilliseconds = 1500;

    readonly HashSet<string> _acknowledged = [];
    readonly HashSet<string> _uids = [];

    [Fact]
    public async Task Killed_again_and_again_it_loses_nothing_acknowledged_and_leaves_nothing_behind()
    {
        var seed = Number("KENNEL_SEED", Environment.TickCount);
        var rounds = Number("KENNEL_ROUNDS", 4);
        output.WriteLine($"to replay: KENNEL_SEED={seed} KENNEL_ROUNDS={rounds}");
        var random = new Random(seed);
        await using var cluster = new Cluster("containerd");
        await cluster.Start();
        await Busybox.Load(cluster);
        await cluster.Ok("apply -f -", Set);
        for (var round = 0; round < rounds; round++) await Round(cluster, random, round);
        await Settled(cluster, seed);
        (await cluster.Stop()).ShouldBe(0);
        (await Traces.Of(cluster, _uids)).ShouldBeEmpty($"KENNEL_SEED={seed}");
    }

    async Task Round(Cluster cluster, Random random, int round)
    {
        await cluster.Ok($"create configmap round-{round} --from-literal=a=1");
        _acknowledged.Add($"configmap/round-{round}");
        var act = random.Next(4) switch
        {
            0 => $"scale sts/web --replicas={random.Next(MostPods + 1)}",
            1 => $"delete pod web-{random.Next(MostPods)} --wait=false --ignore-not-found",
            2 => "rollout restart sts/web",
            _ => $"delete pod --all --wait=false --grace-period={random.Next(2)}",
        };
        await cluster.Ok(act);
        var moment = random.Next(LongestMilliseconds);
        output.WriteLine($"round {round}: {act}; killed after {moment} ms");
        await Task.Delay(moment); // the moment is by chance: there is no event to wait for
        _uids.UnionWith(await Words(cluster, "get pods -o jsonpath={.items[*].metadata.uid}"));
        await cluster.Kill();
        await cluster.Start();
        _acknowledged.Except(await Words(cluster, "get configmaps -o name")).ShouldBeEmpty($"round {round}");
    }

    /// <summary>All pods of the set run, each once: as many sandboxes as pods, and what was taken over answers.</summary>
    async Task Settled(Cluster cluster, int seed)
    {
        await cluster.Ok("scale sts/web --replicas=3");
        try
        {
            await cluster.Ok("rollout status sts/web --timeout=120s");
        }
        catch (InvalidOperationException)
        {
            // Moments can't be replayed exactly: what stands still must be told when it does.
            output.WriteLine(await cluster.Ok("get pods,sts -o yaml"));
            output.WriteLine(await cluster.Ok("get events"));
            throw;
        }
        await cluster.Ok("wait --for=jsonpath={.status.replicas}=3 sts/web --timeout=120s");
        foreach (var pod in (string[])["web-0", "web-1", "web-2"]) (await cluster.Ok($"exec {pod} -- hostname")).Trim().ShouldBe(pod, $"KENNEL_SEED={seed}");
        (await Words(cluster, "get pods -o name")).Length.ShouldBe(3, $"KENNEL_SEED={seed}");
        _uids.UnionWith(await Words(cluster, "get pods -o jsonpath={.items[*].metadata.uid}"));
        for (var i = 0; i < 300 && await Sandboxes(cluster) != 3; i++) await Task.Delay(100); // what died is cleaned up a little later
        (await Sandboxes(cluster)).ShouldBe(3, $"KENNEL_SEED={seed}");
    }

    static async Task<int> Sandboxes(Cluster cluster) =>
        (await Traces.Of(cluster, [])).Count(t => t.Contains("containerd-shim-runc-v2", StringComparison.Ordinal));

    static async Task<string[]> Words(Cluster cluster, string command) => (await cluster.Ok(command)).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);

    static int Number(string variable, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var n) ? n : otherwise;

    const string Set = $$$"""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: web}
        spec:
          serviceName: web
          replicas: 2
          podManagementPolicy: Parallel
          selector: {matchLabels: {app: web}}
          volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Mi} } } }]
          template:
            metadata: {labels: {app: web}}
            spec:
              terminationGracePeriodSeconds: 1
              containers:
                - name: main
                  image: {{{Busybox.Name}}}
                  volumeMounts: [{name: data, mountPath: /data}]
        """;
}
