namespace Kennel.Server.Tests;

/// <summary>Kinds that are served in two groups or versions are the same objects.</summary>
public sealed class ViewTests
{
    const string Core = "/api/v1/namespaces/default/events";
    const string Newer = "/apis/events.k8s.io/v1/namespaces/default/events";
    const string Old = "/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers";
    const string New = "/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers";
    const string Target = "\"scaleTargetRef\":{\"apiVersion\":\"apps/v1\",\"kind\":\"StatefulSet\",\"name\":\"web\"}";

    [Fact]
    public async Task An_event_of_either_group_is_seen_in_both()
    {
        await using var server = await TestServer.Start();
        var made = await server.Made(Newer, """{"metadata":{"name":"e"},"regarding":{"kind":"Pod","namespace":"default","name":"web-0"},"note":"so it was","reason":"Seen","type":"Normal","action":"Look","eventTime":"2026-01-01T00:00:00.000000Z","reportingController":"k/x","reportingInstance":"i"}""");
        (made["apiVersion"]!.GetValue<string>(), made["note"]!.GetValue<string>()).ShouldBe(("events.k8s.io/v1", "so it was"));
        var core = (await server.Get(Core + "/e")).Json;
        (core["apiVersion"]!.GetValue<string>(), core["message"]!.GetValue<string>(), core["involvedObject"]!["name"]!.GetValue<string>(), core["reportingComponent"]!.GetValue<string>()).ShouldBe(("v1", "so it was", "web-0", "k/x"));
        var list = (await server.Get(Newer + "?fieldSelector=regarding.name%3Dweb-0")).Json;
        (list["kind"]!.GetValue<string>(), list["apiVersion"]!.GetValue<string>()).ShouldBe(("EventList", "events.k8s.io/v1"));
        list["items"]![0]!["regarding"]!["name"]!.GetValue<string>().ShouldBe("web-0");
        (await server.Get(Newer + "?fieldSelector=regarding.name%3Dweb-1")).Json["items"]!.AsArray().ShouldBeEmpty();
        await foreach (var (type, o) in server.Watch(Newer + "?watch=1"))
        {
            (type, o["note"]!.GetValue<string>(), o["apiVersion"]!.GetValue<string>()).ShouldBe(("ADDED", "so it was", "events.k8s.io/v1"));
            break;
        }
        (await server.Merge(Newer + "/e", """{"note":"and so"}""")).Json["note"]!.GetValue<string>().ShouldBe("and so");
        (await server.Get(Core + "/e")).Json["message"]!.GetValue<string>().ShouldBe("and so");
        (await server.Delete(Newer + "/e")).Status.ShouldBe(200);
        (await server.Get(Core + "/e")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task An_autoscaler_of_version_1_is_one_of_version_2()
    {
        await using var server = await TestServer.Start();
        var made = await server.Made(Old, $$$"""{"metadata":{"name":"h"},"spec":{"maxReplicas":5,"targetCPUUtilizationPercentage":70,{{{Target}}}}}""");
        (made["apiVersion"]!.GetValue<string>(), made["spec"]!["targetCPUUtilizationPercentage"]!.GetValue<int>()).ShouldBe(("autoscaling/v1", 70));
        var seen = (await server.Get(New + "/h")).Json;
        seen["apiVersion"]!.GetValue<string>().ShouldBe("autoscaling/v2");
        seen["spec"]!["metrics"]!.ToJsonString().ShouldBe("""[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":70}}}]""");
        (await server.Merge(Old + "/h", """{"spec":{"targetCPUUtilizationPercentage":50}}""")).Json["spec"]!["targetCPUUtilizationPercentage"]!.GetValue<int>().ShouldBe(50);
        (await server.Get(New + "/h")).Json["spec"]!["metrics"]![0]!["resource"]!["target"]!["averageUtilization"]!.GetValue<int>().ShouldBe(50);
        (await server.Send("PATCH", Old + "/h?fieldManager=m&force=true", $$$"""{"apiVersion":"autoscaling/v1","kind":"HorizontalPodAutoscaler","spec":{"maxReplicas":9,{{{Target}}}}}""", "application/apply-patch+yaml"))
            .Json["spec"]!["maxReplicas"]!.GetValue<int>().ShouldBe(9);
        (await server.Delete(Old + "/h")).Json["details"]!["group"]!.GetValue<string>().ShouldBe("autoscaling");
    }

    [Fact]
    public async Task What_version_1_cannot_say_survives_a_change_through_it()
    {
        await using var server = await TestServer.Start();
        const string metrics = """[{"type":"Pods","pods":{"metric":{"name":"rps","selector":{"matchLabels":{"a":"b"}}},"target":{"type":"AverageValue","averageValue":"10"}}},{"type":"Resource","resource":{"name":"memory","target":{"type":"AverageValue","averageValue":"1Gi"}}},{"type":"Object","object":{"describedObject":{"kind":"Service","name":"s"},"metric":{"name":"m"},"target":{"type":"Value","value":"7"}}},{"type":"External","external":{"metric":{"name":"q","selector":{"matchLabels":{"c":"d"}}},"target":{"type":"Value","value":"3"}}}]""";
        await server.Made(New, $$$"""{"metadata":{"name":"h"},"spec":{"maxReplicas":5,{{{Target}}},"behavior":{"scaleDown":{"stabilizationWindowSeconds":60}},"metrics":{{{metrics}}}}}""");
        var before = (await server.Get(New + "/h")).Json["spec"]!;
        var old = (await server.Get(Old + "/h")).Json;
        old["metadata"]!["annotations"]!["autoscaling.alpha.kubernetes.io/metrics"]!.GetValue<string>().ShouldContain("\"targetAverageValue\":\"10\"");
        old["spec"]!["maxReplicas"] = 6;
        (await server.Put(Old + "/h", old.ToJsonString())).Status.ShouldBe(200);
        var after = (await server.Get(New + "/h")).Json;
        after["metadata"]!.AsObject().ContainsKey("annotations").ShouldBeFalse();
        before["maxReplicas"] = 6;
        Sorted(after["spec"]!).ShouldBe(Sorted(before));
    }

    static string Sorted(System.Text.Json.Nodes.JsonNode node) => node switch
    {
        System.Text.Json.Nodes.JsonObject o => $"{{{string.Join(',', o.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}:{(p.Value is null ? "null" : Sorted(p.Value))}"))}}}",
        System.Text.Json.Nodes.JsonArray a => $"[{string.Join(',', a.Select(i => Sorted(i!)))}]",
        _ => node.ToJsonString(),
    };
}
