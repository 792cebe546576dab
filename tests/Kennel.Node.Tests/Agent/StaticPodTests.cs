using System.Text;
using System.Text.Json.Nodes;
using Kennel.Node.Manifests;
using Kennel.Node.Volumes;

namespace Kennel.Node.Tests.Agent;

/// <summary>Pods from files of the node's own.</summary>
public sealed class StaticPodTests
{
    const string File = "/data/manifests/web.yaml", Mirror = "web-sim-0";

    static void Write(SimulatedNode node, string image) => node.Host.WriteFile(File, Encoding.UTF8.GetBytes($$"""
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          containers:
          - {name: main, image: "{{image}}"}
        """), 0b110_100_100);

    [Fact]
    public async Task A_file_is_a_pod_with_a_mirror_at_the_api_that_shows_its_status()
    {
        await using var node = new SimulatedNode();
        Write(node, "app:1");
        node.Start();
        var mirror = await node.UntilReady(Mirror);
        ((string?)mirror["metadata"]!["ownerReferences"]![0]!["kind"]).ShouldBe("Node");
        mirror["metadata"]!["annotations"]!["kubernetes.io/config.mirror"].ShouldNotBeNull();
        ((string?)mirror["spec"]!["nodeName"]).ShouldBe("sim-0");
        var sandbox = (await node.Runtime.Snapshot(default)).Sandboxes.Single();

        node.Api.DeletePod(SimulatedNode.Path(Mirror), 30);
        var again = await node.Until(Mirror, p => p["metadata"]!["deletionTimestamp"] is null && SimulatedNode.Condition(p, "Ready") == "True" && (string?)p["metadata"]!["uid"] != (string?)mirror["metadata"]!["uid"]);
        (await node.Runtime.Snapshot(default)).Sandboxes.Single().Id.ShouldBe(sandbox.Id, "the pod itself was never touched");
    }

    [Fact]
    public async Task Another_content_is_another_pod_and_no_file_is_none()
    {
        await using var node = new SimulatedNode();
        Write(node, "app:1");
        node.Start();
        await node.UntilReady(Mirror);
        Write(node, "app:2");
        await node.Until(Mirror, p => (string?)p["spec"]!["containers"]![0]!["image"] == "app:2" && SimulatedNode.Condition(p, "Ready") == "True");
        node.Host.Remove(File);
        await node.UntilGone(Mirror);
        for (var i = 0; i < 1000 && (await node.Runtime.Snapshot(default)).Sandboxes.Count > 0; i++) await Task.Delay(5);
        (await node.Runtime.Snapshot(default)).Sandboxes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("kind: [", "web.yaml: ")]
    [InlineData("apiVersion: v1\nkind: Service", "web.yaml: a Pod is expected")]
    [InlineData("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {}", "web.yaml: spec.containers: Required value")]
    public void A_file_that_is_no_pod_is_told(string text, string problem) =>
        Manifest.Read("web.yaml", Encoding.UTF8.GetBytes(text), "sim-0").Problem.ShouldStartWith(problem);
}
