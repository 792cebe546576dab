using System.Text.Json.Nodes;
using static Kennel.Server.Tests.Samples;

namespace Kennel.Server.Tests;

/// <summary>What nodes and pods use, as <c>kubectl top</c> asks for it.</summary>
public sealed class FiguresTests
{
    const string Metrics = "/apis/metrics.k8s.io/v1beta1";

    static async Task<TestServer> Started(string? answer = null)
    {
        var server = await TestServer.Start();
        await server.Made("/api/v1/nodes", """{"kind":"Node","apiVersion":"v1","metadata":{"name":"n1"}}""");
        await server.Merge("/api/v1/nodes/n1/status", """{"status":{"addresses":[{"type":"InternalIP","address":"10.0.0.1"}],"daemonEndpoints":{"kubeletEndpoint":{"Port":10250}}}}""");
        var pod = await server.Made(Pods, Pod("p", ""","nodeName":"n1" """));
        await server.Merge($"{Pods}/p", """{"metadata":{"labels":{"app":"a"}}}""");
        await server.Made(Pods, Pod("q", ""","nodeName":"n1" """));
        var uid = pod["metadata"]!["uid"]!.GetValue<string>();
        server.Pipeline.AskNode = (node, path, _) =>
        {
            (node.ToString(), path).ShouldBe(("https://10.0.0.1:10250/", "/stats/summary?node=n1"));
            return new((ReadOnlyMemory<byte>?)System.Text.Encoding.UTF8.GetBytes(answer ?? $$$"""
                {"node":{"nodeName":"n1","cpu":{"time":"2026-01-01T00:00:00Z","usageNanoCores":1500000000},"memory":{"workingSetBytes":2097152}},
                 "pods":[{"podRef":{"uid":"{{{uid}}}"},"containers":[{"name":"main","cpu":{"usageNanoCores":250000000},"memory":{"workingSetBytes":1048576}}]}]}
                """));
        };
        return server;
    }

    [Fact]
    public async Task Pods_and_nodes_have_figures()
    {
        await using var server = await Started();
        var pods = (await server.Get($"{Metrics}/namespaces/default/pods")).Json;
        pods["kind"]!.GetValue<string>().ShouldBe("PodMetricsList");
        var pod = pods["items"]!.AsArray().Single()!; // of q nobody knows anything
        pod["metadata"]!["name"]!.GetValue<string>().ShouldBe("p");
        pod["containers"]!.ToJsonString().ShouldBe("""[{"name":"main","usage":{"cpu":"250000000n","memory":"1024Ki"}}]""");
        (await server.Get($"{Metrics}/nodes/n1")).Json["usage"]!.ToJsonString().ShouldBe("""{"cpu":"1500000000n","memory":"2048Ki"}""");
        (await server.Get($"{Metrics}/pods?labelSelector=app%3Db")).Json["items"]!.AsArray().ShouldBeEmpty();
        (await server.Get($"{Metrics}/namespaces/default/pods/none")).Status.ShouldBe(404);
        (await server.Get($"{Metrics}/namespaces/default/pods/q")).Status.ShouldBe(404);
        (await server.Get("/apis/metrics.k8s.io/v1beta1")).Json["resources"]!.AsArray().Select(r => r!["name"]!.GetValue<string>()).ShouldBe(["nodes", "pods"]);
    }

    [Fact]
    public async Task They_have_a_binary_form_which_kubectl_asks_for()
    {
        await using var server = await Started();
        (await server.Send("GET", $"{Metrics}/nodes", accept: "application/vnd.kubernetes.protobuf")).Answer.ContentType.ShouldBe("application/vnd.kubernetes.protobuf");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("no such page")]
    public async Task A_node_that_answers_nothing_of_use_is_left_out(string answer)
    {
        await using var server = await Started(answer);
        (await server.Get($"{Metrics}/nodes")).Json["items"]!.AsArray().ShouldBeEmpty();
        server.Pipeline.AskNode = (_, _, _) => new((ReadOnlyMemory<byte>?)null);
        (await server.Get($"{Metrics}/nodes")).Json["items"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_running_pod_takes_ephemeral_containers_and_new_resources_at_their_own_endpoints()
    {
        await using var server = await Started();
        var patched = await server.Send("PATCH", $"{Pods}/p/ephemeralcontainers", """{"spec":{"ephemeralContainers":[{"name":"debug","image":"tools:1","targetContainerName":"main"}]}}""", "application/strategic-merge-patch+json");
        patched.Status.ShouldBe(200, patched.Text);
        patched.Json["spec"]!["ephemeralContainers"]![0]!["imagePullPolicy"]!.GetValue<string>().ShouldBe("IfNotPresent");
        patched.Metadata["generation"]!.GetValue<long>().ShouldBe(2);
        (await server.Get($"{Pods}/p/ephemeralcontainers")).Json["kind"]!.GetValue<string>().ShouldBe("Pod");
        var refused = await server.Send("PATCH", $"{Pods}/p/resize", """{"spec":{"containers":[{"name":"main","resources":{"requests":{"cpu":"1"}}}]}}""", "application/strategic-merge-patch+json");
        refused.Status.ShouldBe(422);
        refused.Message!.ShouldContain("Pod QOS Class may not change as a result of resizing");
    }
}
