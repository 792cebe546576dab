using System.Text.Json.Nodes;
using Xunit.Abstractions;
using static Kennel.Server.Tests.Samples;

namespace Kennel.Server.Tests;

/// <summary><c>kubectl rollout</c> of the oldest and the newest kubectl that we promise, over revisions and a status written by hand.</summary>
public sealed class RolloutTests(ITestOutputHelper log)
{
    const string Revisions = "/apis/apps/v1/namespaces/default/controllerrevisions";

    public static TheoryData<string> Kubectls => [Tools.Versions[0], Tools.Versions[^1]];

    [SkippableTheory, MemberData(nameof(Kubectls)), Trait("Behaviour", "SS-350"), Trait("Behaviour", "SS-351"), Trait("Behaviour", "SS-349")]
    public async Task The_history_is_shown_and_undone(string version)
    {
        Skip.If(Tools.Kubectl(version) is null, "this kubectl isn't on the machine");
        await using var server = await Started();
        var set = await server.Made(Sets, Set());
        await Revision(server, set, "web-1", 1, cause: null);
        (await Kubectl(server, version, 1, "rollout", "undo", "sts/web")).ShouldBe("error: no last revision to roll back to\n");

        var changed = await server.Merge($"{Sets}/web", """{"spec":{"template":{"metadata":{"annotations":{"a":"b"}},"spec":{"containers":[{"name":"main","image":"busybox:2"}]}}}}""");
        await Revision(server, changed.Json, "web-2", 2, "busybox:2");
        await Revision(server, changed.Json, "foreign", 3, "another owner's", owner: "somebody");
        (await Kubectl(server, version, 0, "rollout", "history", "sts/web")).ShouldMatch(@"^statefulset\.apps/web\s*\nREVISION\s+CHANGE-CAUSE\n1\s+<none>\n2\s+busybox:2\n\s*$");
        (await Kubectl(server, version, 0, "rollout", "undo", "sts/web")).ShouldBe("statefulset.apps/web rolled back\n");
        JsonNode.DeepEquals((await server.Get($"{Sets}/web")).Json["spec"]!["template"], set["spec"]!["template"]).ShouldBeTrue();
        (await Kubectl(server, version, 0, "rollout", "undo", "sts/web", "--to-revision=2")).ShouldBe("statefulset.apps/web rolled back\n");
        JsonNode.DeepEquals((await server.Get($"{Sets}/web")).Json["spec"]!["template"], changed.Json["spec"]!["template"]).ShouldBeTrue();
    }

    [SkippableTheory, MemberData(nameof(Kubectls)), Trait("Behaviour", "SS-352"), Trait("Behaviour", "SS-317")]
    public async Task The_status_of_a_rollout_is_read_from_the_set(string version)
    {
        Skip.If(Tools.Kubectl(version) is null, "this kubectl isn't on the machine");
        await using var server = await Started();
        await server.Made(Sets, Set());
        async Task<string> Status(string status, int code = 0)
        {
            (await server.Merge($"{Sets}/web/status", $$$"""{"status":{{{status}}}}""")).Status.ShouldBe(200);
            return await Kubectl(server, version, code, "rollout", "status", "sts/web", "--watch=false");
        }

        (await Status("""{"replicas":0}""")).ShouldBe("Waiting for statefulset spec update to be observed...\n");
        (await Status("""{"observedGeneration":1,"replicas":3,"readyReplicas":2,"currentRevision":"web-1","updateRevision":"web-1"}""")).ShouldBe("Waiting for 1 pods to be ready...\n");
        (await Status("""{"readyReplicas":3,"updatedReplicas":3}""")).ShouldBe("partitioned roll out complete: 3 new pods have been updated...\n");
        await server.Merge($"{Sets}/web", """{"spec":{"updateStrategy":{"rollingUpdate":{"partition":1}}}}""");
        (await Status("""{"observedGeneration":2,"updatedReplicas":1,"updateRevision":"web-2"}""")).ShouldBe("Waiting for partitioned roll out to finish: 1 out of 2 new pods have been updated...\n");
        await server.Merge($"{Sets}/web", """{"spec":{"updateStrategy":{"rollingUpdate":null}}}""");
        (await Status("""{"observedGeneration":3}""")).ShouldBe("waiting for statefulset rolling update to complete 1 pods at revision web-2...\n");
        (await Status("""{"currentReplicas":3,"updatedReplicas":3,"currentRevision":"web-2"}""")).ShouldBe("statefulset rolling update complete 3 pods at revision web-2...\n");
        await server.Merge($"{Sets}/web", """{"spec":{"updateStrategy":{"type":"OnDelete"}}}""");
        (await Status("""{"observedGeneration":4}""", code: 1)).ShouldBe("error: rollout status is only available for RollingUpdate strategy type\n");
    }

    static async Task<TestServer> Started()
    {
        var server = await TestServer.Start();
        await server.Listen();
        return server;
    }

    static async Task Revision(TestServer server, JsonObject set, string name, int number, string? cause, string? owner = null)
    {
        var template = set["spec"]!["template"]!.DeepClone().AsObject();
        template["$patch"] = "replace";
        var metadata = new JsonObject
        {
            ["name"] = name,
            ["labels"] = new JsonObject { ["app"] = "web" },
            ["ownerReferences"] = new JsonArray(new JsonObject
            {
                ["apiVersion"] = "apps/v1", ["kind"] = "StatefulSet", ["name"] = "web", ["uid"] = owner ?? set["metadata"]!["uid"]!.GetValue<string>(), ["controller"] = true, ["blockOwnerDeletion"] = true,
            }),
        };
        if (cause is not null) metadata["annotations"] = new JsonObject { ["kubernetes.io/change-cause"] = cause };
        await server.Made(Revisions, new JsonObject
        {
            ["metadata"] = metadata, ["revision"] = number, ["data"] = new JsonObject { ["spec"] = new JsonObject { ["template"] = template } },
        }.ToJsonString());
    }

    async Task<string> Kubectl(TestServer server, string version, int expected, params string[] args)
    {
        var (code, output) = await server.Kubectl(version, null, args);
        log.WriteLine($"kubectl {string.Join(' ', args)}\n{output}");
        code.ShouldBe(expected, output);
        return output;
    }
}
