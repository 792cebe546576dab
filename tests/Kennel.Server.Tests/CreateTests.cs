using System.Text.Json.Nodes;
using static Kennel.Server.Tests.Samples;

namespace Kennel.Server.Tests;

public sealed class CreateTests
{
    [Fact, Trait("Behaviour", "SS-901")]
    public async Task A_new_set_has_generation_1_an_identity_and_no_status_of_its_maker()
    {
        await using var server = await TestServer.Start();
        var body = JsonNode.Parse(Set())!.AsObject();
        body["status"] = new JsonObject { ["replicas"] = 9 };

        var made = await server.Made(Sets, body.ToJsonString());

        made["metadata"]!["generation"]!.GetValue<int>().ShouldBe(1);
        made["metadata"]!["uid"]!.GetValue<string>().Length.ShouldBe(36);
        made["metadata"]!["creationTimestamp"].ShouldNotBeNull();
        made["metadata"]!["resourceVersion"]!.GetValue<string>().ShouldNotBeEmpty();
        (made["status"]?["replicas"]?.GetValue<int>() ?? 0).ShouldBe(0);
        JsonNode.DeepEquals((await server.Get($"{Sets}/web")).Json, made).ShouldBeTrue();
    }

    [Fact]
    public async Task A_taken_name_is_a_conflict()
    {
        await using var server = await TestServer.Start();
        await server.Made(ConfigMaps, ConfigMap("a"));
        var again = await server.Post(ConfigMaps, ConfigMap("a"));
        again.Status.ShouldBe(409);
        again.Reason.ShouldBe("AlreadyExists");
        again.Message.ShouldBe("configmaps \"a\" already exists");
    }

    [Fact]
    public async Task A_generated_name_is_its_prefix_and_five_letters_of_upstreams_alphabet()
    {
        await using var server = await TestServer.Start();
        var made = await server.Made(ConfigMaps, """{"metadata":{"generateName":"note-"}}""");
        made["metadata"]!["name"]!.GetValue<string>().ShouldMatch("^note-[bcdfghjklmnpqrstvwxz2456789]{5}$");
    }

    [Fact]
    public async Task A_dry_run_answers_and_stores_nothing()
    {
        await using var server = await TestServer.Start();
        var before = server.Store.Revision;
        var dry = await server.Post(ConfigMaps + "?dryRun=All", ConfigMap("a"));
        dry.Status.ShouldBe(201);
        dry.Metadata.ContainsKey("resourceVersion").ShouldBeFalse();
        server.Store.Revision.ShouldBe(before);
    }

    [Fact, Trait("Behaviour", "SS-804")]
    public async Task An_unknown_field_is_refused_when_strict_warned_of_by_default_and_ignored_when_asked()
    {
        await using var server = await TestServer.Start();
        var body = """{"metadata":{"name":"a"},"dada":{"a":"1"}}""";

        var strict = await server.Post(ConfigMaps + "?fieldValidation=Strict", body);
        strict.Status.ShouldBe(400);
        strict.Message.ShouldNotBeNull().ShouldContain("strict decoding error: unknown field \"dada\"");
        var warned = await server.Post(ConfigMaps, body);
        warned.Status.ShouldBe(201);
        warned.Answer.Warnings.ShouldContain("unknown field \"dada\"");
        warned.Json.ContainsKey("dada").ShouldBeFalse();
        (await server.Post(ConfigMaps + "?fieldValidation=Ignore", body.Replace("\"a\"}", "\"b\"}"))).Answer.Warnings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"a","namespace":"other"}}""", 400, "the namespace of the provided object does not match the namespace sent on the request")]
    [InlineData("""{"kind":"Secret","metadata":{"name":"a"}}""", 400, "Secret in version \"v1\" cannot be handled as a ConfigMap")]
    [InlineData("""{"apiVersion":"v2","metadata":{"name":"a"}}""", 400, "the API version in the data (v2) does not match the expected API version (v1)")]
    [InlineData("""{"metadata":{"name":"a","resourceVersion":"7"}}""", 400, "resourceVersion should not be set on objects to be created")]
    [InlineData("""{"metadata":{}}""", 422, "name or generateName is required")]
    [InlineData("""{"metadata":""", 400, "json")]
    public async Task A_body_that_does_not_fit_is_refused(string body, int status, string words)
    {
        await using var server = await TestServer.Start();
        var reply = await server.Post(ConfigMaps, body);
        reply.Status.ShouldBe(status, reply.Text);
        reply.Message.ShouldNotBeNull().ShouldContain(words);
    }

    [Fact]
    public async Task YAML_is_read_like_JSON()
    {
        await using var server = await TestServer.Start();
        var reply = await server.Send("POST", ConfigMaps, "metadata:\n  name: a\ndata:\n  n: \"1\"\n  t: \"yes\"\n", "application/yaml");
        reply.Status.ShouldBe(201, reply.Text);
        reply.Json["data"]!["t"]!.GetValue<string>().ShouldBe("yes");
    }

    [Fact]
    public async Task A_namespace_gets_its_service_account_and_nothing_is_made_without_a_namespace()
    {
        await using var server = await TestServer.Start();
        var nowhere = await server.Post("/api/v1/namespaces/notes/configmaps", ConfigMap("a"));
        nowhere.Status.ShouldBe(404);
        nowhere.Message.ShouldBe("namespaces \"notes\" not found");

        await server.Made("/api/v1/namespaces", """{"metadata":{"name":"notes"}}""");
        (await server.Get("/api/v1/namespaces/notes/serviceaccounts/default")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_pod_gets_account_priority_and_tolerations()
    {
        await using var server = await TestServer.Start();
        var spec = (await server.Made(Pods, Pod()))["spec"]!;
        spec["serviceAccountName"]!.GetValue<string>().ShouldBe("default");
        spec["priority"]!.GetValue<int>().ShouldBe(0);
        spec["preemptionPolicy"]!.GetValue<string>().ShouldBe("PreemptLowerPriority");
        spec["tolerations"]!.AsArray().Count.ShouldBe(2);
    }

    [Fact, Trait("Behaviour", "SS-912")]
    public async Task A_volume_is_held_too_and_says_since_when_it_is_pending()
    {
        await using var server = await TestServer.Start();
        var made = await server.Made("/api/v1/persistentvolumes",
            """{"metadata":{"name":"v"},"spec":{"accessModes":["ReadWriteOnce"],"capacity":{"storage":"1Gi"},"hostPath":{"path":"/tmp/v"}},"status":{"phase":"Bound"}}""");
        made["metadata"]!["finalizers"]!.ToJsonString().ShouldBe("""["kubernetes.io/pv-protection"]""");
        made["status"]!["phase"]!.GetValue<string>().ShouldBe("Pending");
        made["status"]!["lastPhaseTransitionTime"]!.GetValue<string>().ShouldBe(made["metadata"]!["creationTimestamp"]!.GetValue<string>());
    }

    [Fact, Trait("Behaviour", "SS-912")]
    public async Task A_claim_is_held_by_its_finalizer_from_the_start()
    {
        await using var server = await TestServer.Start();
        var made = await server.Made("/api/v1/namespaces/default/persistentvolumeclaims",
            """{"metadata":{"name":"c"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}},"status":{"phase":"Bound"}}""");
        made["metadata"]!["finalizers"]![0]!.GetValue<string>().ShouldBe("kubernetes.io/pvc-protection");
        made["status"]!["phase"]!.GetValue<string>().ShouldBe("Pending");
    }
}
