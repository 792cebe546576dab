using System.Text.Json.Nodes;
using static Kennel.Server.Tests.Samples;

namespace Kennel.Server.Tests;

/// <summary>What upstream's own tests ask of the API of sets, without any controller behind it.</summary>
public sealed class UpstreamTests
{
    const string Strategic = "application/strategic-merge-patch+json";

    [Fact, Trait("Behaviour", "SS-1312"), Trait("Behaviour", "SS-608")]
    public async Task Sets_are_patched_listed_everywhere_by_label_and_deleted_together()
    {
        await using var server = await TestServer.Start();
        var made = await server.Made(Sets, Set());
        await server.Made(Sets, Set("other"));
        var patched = await server.Send("PATCH", $"{Sets}/web",
            """{"metadata":{"labels":{"test-ss":"patched"}},"spec":{"replicas":2,"template":{"spec":{"terminationGracePeriodSeconds":1,"containers":[{"name":"web","image":"pause:3"}]}}}}""", Strategic);
        patched.Status.ShouldBe(200, patched.Text);
        int.Parse(patched.Revision).ShouldBeGreaterThan(int.Parse(made["metadata"]!["resourceVersion"]!.GetValue<string>()));
        var spec = patched.Json["spec"]!["template"]!["spec"]!;
        spec["containers"]!.AsArray().Select(c => c!["name"]!.GetValue<string>()).ShouldBe(["web", "main"]);
        spec["terminationGracePeriodSeconds"]!.GetValue<int>().ShouldBe(1);
        patched.Json["spec"]!["replicas"]!.GetValue<int>().ShouldBe(2);

        static IEnumerable<string> NamesOf(Reply reply) => reply.Json["items"]!.AsArray().Select(i => i!["metadata"]!["name"]!.GetValue<string>());
        NamesOf(await server.Get("/apis/apps/v1/statefulsets?labelSelector=test-ss%3Dpatched")).ShouldBe(["web"]);
        (await server.Delete($"{Sets}?labelSelector=test-ss%3Dpatched", """{"gracePeriodSeconds":1}""")).Status.ShouldBe(200);
        NamesOf(await server.Get("/apis/apps/v1/statefulsets?labelSelector=test-ss%3Dpatched")).ShouldBeEmpty();
        NamesOf(await server.Get(Sets)).ShouldBe(["other"]);
    }

    [Fact, Trait("Behaviour", "SS-1313"), Trait("Behaviour", "SS-709"), Trait("Behaviour", "SS-903")]
    public async Task The_status_endpoint_takes_conditions_and_watchers_see_them()
    {
        await using var server = await TestServer.Start();
        await server.Made(Sets, Set());
        await server.Merge($"{Sets}/web", """{"metadata":{"labels":{"e2e":"testing"}}}""");
        var status = await server.Get($"{Sets}/web/status");
        status.Json["kind"]!.GetValue<string>().ShouldBe("StatefulSet");
        var o = status.Json;
        o["status"]!["conditions"] = new JsonArray(new JsonObject { ["type"] = "StatusUpdate", ["status"] = "True", ["reason"] = "E2E", ["message"] = "Set from e2e test" });
        var updated = await server.Put($"{Sets}/web/status", o.ToJsonString());
        updated.Status.ShouldBe(200, updated.Text);
        var patched = await server.Merge($"{Sets}/web/status", """{"status":{"conditions":[{"type":"StatusPatched","status":"True"}]}}""");
        patched.Status.ShouldBe(200, patched.Text);

        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var seen = new List<string>();
        await foreach (var (_, set) in server.Watch($"{Sets}?watch=1&labelSelector=e2e%3Dtesting&resourceVersion={status.Revision}", cancel: enough.Token))
        {
            seen.Add(set["status"]!["conditions"]!.AsArray().Single()!["type"]!.GetValue<string>());
            set["metadata"]!["generation"]!.GetValue<int>().ShouldBe(1);
            if (seen.Count == 2) break;
        }
        seen.ShouldBe(["StatusUpdate", "StatusPatched"]);
    }

    [Fact, Trait("Behaviour", "SS-710")]
    public async Task Conditions_merge_by_their_type()
    {
        await using var server = await TestServer.Start();
        await server.Made(Sets, Set());
        Task<Reply> Patch(string type, string status) => server.Send("PATCH", $"{Sets}/web/status", $$$"""{"status":{"conditions":[{"type":"{{{type}}}","status":"{{{status}}}"}]}}""", Strategic);
        await Patch("A", "True");
        await Patch("B", "True");
        (await Patch("A", "False")).Json["status"]!["conditions"]!.AsArray().Select(c => $"{c!["type"]} {c["status"]}").Order().ShouldBe(["A False", "B True"]);
    }

    [Fact, Trait("Behaviour", "SS-703")]
    public async Task Two_counters_are_always_written_and_others_when_they_count()
    {
        await using var server = await TestServer.Start();
        (await server.Made(Sets, Set()))["status"]!.ToJsonString().ShouldBe("""{"availableReplicas":0,"replicas":0}""");
        var put = JsonNode.Parse(Set())!.AsObject();
        put["status"] = new JsonObject { ["replicas"] = 1, ["readyReplicas"] = 1, ["availableReplicas"] = 1 };
        (await server.Put($"{Sets}/web/status", put.ToJsonString())).Json["status"]!["readyReplicas"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact, Trait("Behaviour", "SS-1328"), Trait("Behaviour", "SS-526")]
    public async Task Sending_claim_templates_again_in_any_spelling_is_no_change()
    {
        await using var server = await TestServer.Start();
        var original = WithClaims("");
        var made = await server.Made(Sets, original);
        var revision = made["metadata"]!["resourceVersion"]!.GetValue<string>();
        (await server.Put($"{Sets}/web", original)).Revision.ShouldBe(revision);
        (await server.Put($"{Sets}/web", made.ToJsonString())).Revision.ShouldBe(revision);
        var asUpstreamShows = WithClaims("\"apiVersion\":\"v1\",\"kind\":\"PersistentVolumeClaim\",\"status\":{\"phase\":\"Pending\"},").Replace("\"accessModes\"", "\"volumeMode\":\"Filesystem\",\"accessModes\"");
        var reply = await server.Put($"{Sets}/web", asUpstreamShows);
        reply.Status.ShouldBe(200, reply.Text);
        reply.Metadata["generation"]!.GetValue<int>().ShouldBe(1);
        (await server.Put($"{Sets}/web", original)).Metadata["generation"]!.GetValue<int>().ShouldBe(1);
    }

    static string WithClaims(string more) => Set().Replace("\"replicas\":3",
        """
        "replicas":3,"volumeClaimTemplates":[{MORE"metadata":{"name":"d"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}]
        """.Replace("MORE", more));

    [Fact, Trait("Behaviour", "SS-349")]
    public async Task Undoing_replaces_the_template_and_gives_the_very_same_one()
    {
        await using var server = await TestServer.Start();
        var made = await server.Made(Sets, Set());
        var before = made["spec"]!["template"]!.ToJsonString();
        await server.Send("PATCH", $"{Sets}/web",
            """{"spec":{"template":{"metadata":{"annotations":{"a":"b"}},"spec":{"nodeSelector":{"x":"y"},"containers":[{"name":"main","image":"busybox:2"},{"name":"more","image":"i:1"}]}}}}""", Strategic);
        var patch = new JsonObject { ["spec"] = new JsonObject { ["template"] = JsonNode.Parse(before) } };
        patch["spec"]!["template"]!["$patch"] = "replace";
        var undone = await server.Send("PATCH", $"{Sets}/web", patch.ToJsonString(), Strategic);
        undone.Status.ShouldBe(200, undone.Text);
        undone.Json["spec"]!["template"]!.ToJsonString().ShouldBe(before);
        undone.Metadata["generation"]!.GetValue<int>().ShouldBe(3);
    }

    [Fact, Trait("Behaviour", "SS-1342"), Trait("Behaviour", "SS-901"), Trait("Behaviour", "SS-902")]
    public async Task A_set_keeps_its_status_and_counts_its_specs()
    {
        await using var server = await TestServer.Start();
        var body = JsonNode.Parse(Set())!.AsObject();
        body["metadata"]!["generation"] = 42;
        body["status"] = new JsonObject { ["replicas"] = 9 };
        var made = await server.Made(Sets, body.ToJsonString());
        made["metadata"]!["generation"]!.GetValue<int>().ShouldBe(1);
        made["status"]!["replicas"]!.GetValue<int>().ShouldBe(0);
        var replaced = await server.Put($"{Sets}/web", body.ToJsonString());
        replaced.Json["status"]!["replicas"]!.GetValue<int>().ShouldBe(0);
        replaced.Metadata["generation"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact, Trait("Behaviour", "SS-1342"), Trait("Behaviour", "SS-910"), Trait("Behaviour", "SS-911")]
    public async Task A_set_is_called_sts_and_is_one_of_all()
    {
        await using var server = await TestServer.Start();
        var resources = (await server.Get("/apis/apps/v1")).Json["resources"]!.AsArray();
        var sets = resources.Single(r => r!["name"]!.GetValue<string>() == "statefulsets")!;
        sets["shortNames"]!.ToJsonString().ShouldBe("""["sts"]""");
        sets["categories"]!.ToJsonString().ShouldBe("""["all"]""");
        sets["singularName"]!.GetValue<string>().ShouldBe("statefulset");
        sets["verbs"]!.AsArray().Select(v => v!.GetValue<string>()).ShouldBe(["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]);
        var revisions = resources.Single(r => r!["name"]!.GetValue<string>() == "controllerrevisions")!.AsObject();
        (revisions.ContainsKey("shortNames"), revisions.ContainsKey("categories")).ShouldBe((false, false));
    }

    [Theory, Trait("Behaviour", "SS-1032")]
    [InlineData("involvedObject.name=web,involvedObject.namespace=default,involvedObject.kind=StatefulSet,involvedObject.uid=u1", "a")]
    [InlineData("involvedObject.kind=StatefulSet", "a,b")]
    [InlineData("involvedObject.uid=u2", "b")]
    [InlineData("involvedObject.name!=web", "b,c")]
    public async Task Events_are_found_by_what_they_are_about(string selector, string names)
    {
        await using var server = await TestServer.Start();
        foreach (var (name, kind, about, uid) in new[] { ("a", "StatefulSet", "web", "u1"), ("b", "StatefulSet", "db", "u2"), ("c", "Pod", "web-0", "u3") })
            await server.Made("/api/v1/namespaces/default/events",
                $$$"""{"metadata":{"name":"{{{name}}}"},"involvedObject":{"kind":"{{{kind}}}","namespace":"default","name":"{{{about}}}","uid":"{{{uid}}}"},"reason":"R","type":"Normal","source":{"component":"test"},"firstTimestamp":"2026-01-01T00:00:00Z","lastTimestamp":"2026-01-01T00:00:00Z"}""");
        var found = await server.Get($"/api/v1/namespaces/default/events?fieldSelector={Uri.EscapeDataString(selector)}");
        found.Json["items"]!.AsArray().Select(e => e!["metadata"]!["name"]!.GetValue<string>()).ShouldBe(names.Split(','));
    }

    [Fact, Trait("Behaviour", "SS-1402"), Trait("Behaviour", "SS-326"), Trait("Behaviour", "SS-334")]
    public async Task Gates_are_as_upstream_has_them_and_maxUnavailable_is_a_switch()
    {
        static string With(int most) => Set().Replace("\"replicas\":3", $"\"replicas\":3,\"updateStrategy\":{{\"type\":\"RollingUpdate\",\"rollingUpdate\":{{\"maxUnavailable\":{most}}}}}");
        await using (var server = await TestServer.Start())
            (await server.Made(Sets, With(2)))["spec"]!["updateStrategy"]!.ToJsonString().ShouldBe("""{"type":"RollingUpdate","rollingUpdate":{"partition":0}}""");
        await using var gated = await TestServer.Start(gates: Kennel.Objects.Kinds.Gates.MaxUnavailableStatefulSet);
        (await gated.Made(Sets, With(2)))["spec"]!["updateStrategy"]!["rollingUpdate"]!["maxUnavailable"]!.GetValue<int>().ShouldBe(2);
        (await gated.Put($"{Sets}/web", With(0))).Message.ShouldBe("StatefulSet.apps \"web\" is invalid: spec.updateStrategy.rollingUpdate.maxUnavailable: Invalid value: 0: cannot be 0");
    }

    [Fact, Trait("Behaviour", "SS-317"), Trait("Behaviour", "SS-834")]
    public async Task An_explicit_strategy_gets_no_rolling_update()
    {
        await using var server = await TestServer.Start();
        (await server.Made(Sets, Set()))["spec"]!["updateStrategy"]!.ToJsonString().ShouldBe("""{"type":"RollingUpdate","rollingUpdate":{"partition":0}}""");
        (await server.Made(Sets, Set("b").Replace("\"replicas\":3", "\"replicas\":3,\"updateStrategy\":{\"type\":\"RollingUpdate\"}")))["spec"]!["updateStrategy"]!.ToJsonString()
            .ShouldBe("""{"type":"RollingUpdate"}""");
    }

    [Fact, Trait("Behaviour", "SS-615"), Trait("Behaviour", "SS-905")]
    public async Task A_graceful_deletion_says_until_when()
    {
        await using var server = await TestServer.Start();
        await server.Made(Pods, Pod("p", ",\"nodeName\":\"n1\",\"terminationGracePeriodSeconds\":20"));
        var deleted = (await server.Delete($"{Pods}/p")).Metadata;
        deleted["deletionGracePeriodSeconds"]!.GetValue<int>().ShouldBe(20);
        var wait = Objects.Wire.Time(deleted["deletionTimestamp"]!.GetValue<string>()) - Objects.Wire.Time(deleted["creationTimestamp"]!.GetValue<string>());
        wait.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(20));
        (await server.Delete($"{Pods}/p", """{"gracePeriodSeconds":0}""")).Status.ShouldBe(200);
        (await server.Get($"{Pods}/p")).Status.ShouldBe(404);
    }

    [Fact, Trait("Behaviour", "SS-201")]
    public async Task A_stored_pod_has_a_phase()
    {
        await using var server = await TestServer.Start();
        (await server.Made(Pods, Pod()))["status"]!["phase"]!.GetValue<string>().ShouldBe("Pending");
    }

    [Fact, Trait("Behaviour", "SS-344")]
    public async Task Restarting_changes_an_annotation_of_the_template_and_nothing_else()
    {
        await using var server = await TestServer.Start();
        var template = (await server.Made(Sets, Set()))["spec"]!["template"]!;
        var reply = await server.Send("PATCH", $"{Sets}/web", """{"spec":{"template":{"metadata":{"annotations":{"kubectl.kubernetes.io/restartedAt":"2026-01-01T00:00:00Z"}}}}}""", Strategic);
        reply.Metadata["generation"]!.GetValue<int>().ShouldBe(2);
        template["metadata"]!["annotations"] = new JsonObject { ["kubectl.kubernetes.io/restartedAt"] = "2026-01-01T00:00:00Z" };
        JsonNode.DeepEquals(reply.Json["spec"]!["template"], template).ShouldBeTrue(reply.Text);
    }

    [Theory, Trait("Behaviour", "SS-525"), Trait("Behaviour", "SS-1135")]
    [InlineData(true, 200, null)]
    [InlineData(false, 403, "persistentvolumeclaims \"d-web-0\" is forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize")]
    public async Task A_claim_of_a_set_is_expanded_directly_where_its_class_allows_it(bool allowed, int status, string? message)
    {
        const string claims = "/api/v1/namespaces/default/persistentvolumeclaims";
        await using var server = await TestServer.Start();
        await server.Made("/apis/storage.k8s.io/v1/storageclasses", $$$"""{"metadata":{"name":"s"},"provisioner":"p","allowVolumeExpansion":{{{(allowed ? "true" : "false")}}}}""");
        await server.Made(claims, """{"metadata":{"name":"d-web-0"},"spec":{"storageClassName":"s","volumeName":"v","accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}""");
        await server.Merge($"{claims}/d-web-0/status", """{"status":{"phase":"Bound","capacity":{"storage":"1Gi"}}}""");
        var reply = await server.Merge($"{claims}/d-web-0", """{"spec":{"resources":{"requests":{"storage":"2Gi"}}}}""");
        reply.Status.ShouldBe(status, reply.Text);
        if (message is not null) reply.Message.ShouldBe(message);
        (await server.Get($"{claims}/d-web-0")).Json["spec"]!["resources"]!["requests"]!["storage"]!.GetValue<string>().ShouldBe(allowed ? "2Gi" : "1Gi");
    }

    [Theory, Trait("Behaviour", "SS-1404")]
    [InlineData("true", "orphan"), InlineData("false", null)]
    public async Task The_old_way_to_orphan_is_still_understood(string orphan, string? finalizer)
    {
        await using var server = await TestServer.Start();
        await server.Made(Sets, Set());
        (await server.Delete($"{Sets}/web?orphanDependents={orphan}")).Status.ShouldBe(200);
        var left = await server.Get($"{Sets}/web");
        if (finalizer is null) left.Status.ShouldBe(404);
        else left.Metadata["finalizers"]![0]!.GetValue<string>().ShouldBe(finalizer);
    }
}
