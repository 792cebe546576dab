using System.Text.Json.Nodes;
using static Kennel.Server.Tests.Samples;

namespace Kennel.Server.Tests;

/// <summary>The scale endpoint of a set.</summary>
public sealed class ScaleTests
{
    const string Path = $"{Sets}/web/scale";
    const string MergePatch = "application/merge-patch+json";
    const string StrategicPatch = "application/strategic-merge-patch+json";
    const string ApplyPatch = "application/apply-patch+yaml";

    static string Body(int replicas, string more = "") =>
        $$$"""{"kind":"Scale","apiVersion":"autoscaling/v1","metadata":{"name":"web","namespace":"default"{{{more}}}},"spec":{"replicas":{{{replicas}}}}}""";

    static async Task<(TestServer Server, JsonObject Set)> Started()
    {
        var server = await TestServer.Start();
        return (server, await server.Made(Sets, Set()));
    }

    [Fact, Trait("Behaviour", "SS-401"), Trait("Behaviour", "SS-402")]
    public async Task A_scale_is_a_view_of_the_set()
    {
        await using var server = await TestServer.Start();
        var set = await server.Made(Sets, Set().Replace("\"matchLabels\":{\"app\":\"web\"}",
            "\"matchLabels\":{\"app\":\"web\"},\"matchExpressions\":[{\"key\":\"app\",\"operator\":\"In\",\"values\":[\"web\",\"b\"]},{\"key\":\"aa\",\"operator\":\"DoesNotExist\"}]"));
        await server.Merge($"{Sets}/web/status", """{"status":{"replicas":2}}""");
        var (scale, now) = ((await server.Get(Path)).Json, (await server.Get($"{Sets}/web")).Metadata);
        scale["kind"]!.GetValue<string>().ShouldBe("Scale");
        scale["apiVersion"]!.GetValue<string>().ShouldBe("autoscaling/v1");
        scale["metadata"]!.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal).ShouldBe(["creationTimestamp", "name", "namespace", "resourceVersion", "uid"]);
        foreach (var (name, value) in scale["metadata"]!.AsObject()) value!.ToJsonString().ShouldBe(now[name]!.ToJsonString(), name);
        scale["spec"]!.ToJsonString().ShouldBe("""{"replicas":3}""");
        scale["status"]!.ToJsonString().ShouldBe("""{"replicas":2,"selector":"!aa,app in (b,web),app=web"}""");
        set["metadata"]!["uid"]!.GetValue<string>().ShouldBe(scale["metadata"]!["uid"]!.GetValue<string>());
    }

    [Fact, Trait("Behaviour", "SS-401")]
    public async Task A_scale_can_be_read_replaced_and_patched_and_nothing_else()
    {
        var (server, _) = await Started();
        await using var _s = server;
        (await server.Post(Path, Body(1))).Status.ShouldBe(405);
        (await server.Delete(Path)).Status.ShouldBe(405);
        (await server.Get("/apis/apps/v1")).Json["resources"]!.AsArray().Single(r => r!["name"]!.GetValue<string>() == "statefulsets/scale")!["verbs"]!.ToJsonString()
            .ShouldBe("""["get","patch","update"]""");
    }

    [Theory, Trait("Behaviour", "SS-403"), Trait("Behaviour", "SS-405"), Trait("Behaviour", "SS-1311"), Trait("Behaviour", "SS-1342")]
    [InlineData("")]
    [InlineData(",\"resourceVersion\":\"\"")]
    [InlineData(",\"resourceVersion\":\"NOW\",\"uid\":\"UID\"")]
    public async Task A_scale_is_replaced(string metadata)
    {
        var (server, set) = await Started();
        await using var _s = server;
        var more = metadata.Replace("NOW", set["metadata"]!["resourceVersion"]!.GetValue<string>()).Replace("UID", set["metadata"]!["uid"]!.GetValue<string>());
        var reply = await server.Put(Path, Body(5, more));
        reply.Status.ShouldBe(200, reply.Text);
        reply.Json["spec"]!["replicas"]!.GetValue<int>().ShouldBe(5);
        var now = (await server.Get($"{Sets}/web")).Json;
        reply.Revision.ShouldBe(now["metadata"]!["resourceVersion"]!.GetValue<string>());
        now["metadata"]!["generation"]!.GetValue<int>().ShouldBe(2);
        set["spec"]!["replicas"] = 5;
        now["spec"]!.ToJsonString().ShouldBe(set["spec"]!.ToJsonString());
    }

    [Fact, Trait("Behaviour", "SS-904"), Trait("Behaviour", "SS-906")]
    public async Task The_same_number_again_is_no_change()
    {
        var (server, set) = await Started();
        await using var _s = server;
        (await server.Put(Path, Body(3))).Revision.ShouldBe(set["metadata"]!["resourceVersion"]!.GetValue<string>());
        (await server.Get($"{Sets}/web")).Metadata["generation"]!.GetValue<int>().ShouldBe(1);
    }

    [Theory, Trait("Behaviour", "SS-403"), Trait("Behaviour", "SS-404"), Trait("Behaviour", "SS-1342")]
    [InlineData("PUT", "{SCALE:resourceVersion=1}", 409, "Operation cannot be fulfilled on statefulsets.apps \"web\": the object has been modified; please apply your changes to the latest version and try again")]
    [InlineData("PUT", "{SCALE:uid=other}", 409, "Operation cannot be fulfilled on statefulsets/scale.apps \"web\": Precondition failed: UID in precondition: other, UID in object meta: UID")]
    [InlineData("PUT", "{SCALE:replicas=-1}", 422, "Scale.autoscaling \"web\" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("PUT", "", 400, null)]
    [InlineData("PUT", "{}x", 400, null)]
    [InlineData("PUT", """{"kind":"StatefulSet","apiVersion":"apps/v1"}""", 400, "the API version in the data (apps/v1) does not match the expected API version (autoscaling/v1)")]
    [InlineData("PUT", """{"metadata":{"name":"other"}}""", 400, "the name of the object (other) does not match the name on the URL (web)")]
    [InlineData(MergePatch, """{"metadata":{"resourceVersion":"1"},"spec":{"replicas":5}}""", 409, "Operation cannot be fulfilled on statefulsets.apps \"web\": the object has been modified; please apply your changes to the latest version and try again")]
    [InlineData(MergePatch, """{"metadata":{"uid":"other"},"spec":{"replicas":5}}""", 409, "Operation cannot be fulfilled on statefulsets/scale.apps \"web\": Precondition failed: UID in precondition: other, UID in object meta: UID")]
    [InlineData(MergePatch, """{"metadata":{"name":"other"}}""", 400, "the name of the object (other) does not match the name on the URL (web)")]
    [InlineData(MergePatch, """{"spec":{"replicas":-1}}""", 422, "Scale.autoscaling \"web\" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData(MergePatch, "", 400, null)]
    [InlineData(StrategicPatch, """{"spec":{"replicas":"x"}}""", 422, " \"\" is invalid: patch: Invalid value: \"map[spec:map[replicas:x]]\": json: cannot unmarshal string into Go struct field ScaleSpec.spec.replicas of type int32")]
    public async Task A_change_that_does_not_fit_changes_nothing(string how, string body, int status, string? message)
    {
        var (server, set) = await Started();
        await using var _s = server;
        body = body switch
        {
            "{SCALE:resourceVersion=1}" => Body(5, ",\"resourceVersion\":\"1\""),
            "{SCALE:uid=other}" => Body(5, ",\"uid\":\"other\""),
            "{SCALE:replicas=-1}" => Body(-1),
            _ => body,
        };
        var reply = how == "PUT" ? await server.Put(Path, body) : await server.Send("PATCH", Path, body, how);
        reply.Status.ShouldBe(status, reply.Text);
        if (message is not null) reply.Message.ShouldNotBeNull().Replace(set["metadata"]!["uid"]!.GetValue<string>(), "UID").ShouldBe(message);
        (await server.Get($"{Sets}/web")).Revision.ShouldBe(set["metadata"]!["resourceVersion"]!.GetValue<string>());
    }

    [Theory, Trait("Behaviour", "SS-406"), Trait("Behaviour", "SS-1311")]
    [InlineData(StrategicPatch, """{"spec":{"replicas":4}}""")]
    [InlineData(MergePatch, """{"spec":{"replicas":4}}""")]
    [InlineData("application/json-patch+json", """[{"op":"replace","path":"/spec/replicas","value":4}]""")]
    public async Task A_scale_is_patched_in_three_ways(string type, string body)
    {
        var (server, _) = await Started();
        await using var _s = server;
        var reply = await server.Send("PATCH", Path, body, type);
        reply.Status.ShouldBe(200, reply.Text);
        (await server.Get($"{Sets}/web")).Json["spec"]!["replicas"]!.GetValue<int>().ShouldBe(4);
    }

    [Fact, Trait("Behaviour", "SS-1342")]
    public async Task The_scale_of_nothing_is_not_found()
    {
        await using var server = await TestServer.Start();
        (await server.Get(Path)).Message.ShouldBe("statefulsets.apps \"web\" not found");
        (await server.Put(Path, Body(1))).Message.ShouldBe("statefulsets/scale.apps \"web\" not found");
        (await server.Send("PATCH", Path, """{"spec":{"replicas":1}}""", MergePatch)).Status.ShouldBe(404);
    }

    [Fact, Trait("Behaviour", "SS-1029")]
    public async Task A_scale_is_a_row_of_a_table()
    {
        var (server, _) = await Started();
        await using var _s = server;
        var table = (await server.Get(Path, accept: "application/json;as=Table;v=v1;g=meta.k8s.io")).Json;
        table["columnDefinitions"]!.AsArray().Select(c => c!["name"]!.GetValue<string>()).ShouldBe(["Name", "Desired", "Available", "Age"]);
        table["rows"]![0]!["cells"]!.AsArray().Take(3).Select(c => c!.ToJsonString()).ShouldBe(["\"web\"", "3", "0"]);
    }

    [Fact, Trait("Behaviour", "SS-907")]
    public async Task An_applied_scale_owns_the_replicas_and_only_them()
    {
        var (server, _) = await Started();
        await using var _s = server;
        var reply = await server.Send("PATCH", $"{Path}?fieldManager=hpa", Body(6), ApplyPatch);
        reply.Status.ShouldBe(409, reply.Text);
        reply.Message.ShouldBe("Apply failed with 1 conflict: conflict with \"tests\" using autoscaling/v1: .spec.replicas");

        reply = await server.Send("PATCH", $"{Path}?fieldManager=hpa&force=true", Body(6), ApplyPatch);
        reply.Status.ShouldBe(200, reply.Text);
        reply.Json["spec"]!["replicas"]!.GetValue<int>().ShouldBe(6);
        var managers = (await server.Get($"{Sets}/web")).Metadata["managedFields"]!.AsArray();
        var hpa = managers.Single(m => m!["manager"]!.GetValue<string>() == "hpa")!;
        hpa["operation"]!.GetValue<string>().ShouldBe("Apply");
        hpa["apiVersion"]!.GetValue<string>().ShouldBe("apps/v1");
        hpa["subresource"]!.GetValue<string>().ShouldBe("scale");
        hpa["fieldsV1"]!.ToJsonString().ShouldBe("""{"f:spec":{"f:replicas":{}}}""");
        var tests = managers.Single(m => m!["manager"]!.GetValue<string>() == "tests")!["fieldsV1"]!["f:spec"]!.AsObject();
        tests.ContainsKey("f:replicas").ShouldBeFalse();
        tests.ContainsKey("f:template").ShouldBeTrue();

        var again = await server.Send("PATCH", $"{Path}?fieldManager=hpa", Body(6), ApplyPatch);
        again.Revision.ShouldBe(reply.Revision);
        (await server.Send("PATCH", $"{Path}?fieldManager=hpa", Body(7), ApplyPatch)).Json["spec"]!["replicas"]!.GetValue<int>().ShouldBe(7);
        (await server.Get($"{Sets}/web")).Metadata["generation"]!.GetValue<int>().ShouldBe(3);
    }

    [Fact, Trait("Behaviour", "SS-907")]
    public async Task Who_scales_without_applying_owns_the_replicas_by_the_endpoint()
    {
        var (server, _) = await Started();
        await using var _s = server;
        await server.Send("PATCH", $"{Path}?fieldManager=kubectl", """{"spec":{"replicas":1}}""", MergePatch);
        var managers = (await server.Get($"{Sets}/web")).Metadata["managedFields"]!.AsArray();
        var kubectl = managers.Single(m => m!["manager"]!.GetValue<string>() == "kubectl")!;
        kubectl["subresource"]!.GetValue<string>().ShouldBe("scale");
        kubectl["fieldsV1"]!.ToJsonString().ShouldBe("""{"f:spec":{"f:replicas":{}}}""");
        var conflict = await server.Send("PATCH", $"{Path}?fieldManager=hpa", Body(6), ApplyPatch);
        conflict.Message.ShouldBe("Apply failed with 1 conflict: conflict with \"kubectl\" with subresource \"scale\" using autoscaling/v1: .spec.replicas");
    }
}
