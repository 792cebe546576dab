using System.Text.Json.Nodes;
using static Kennel.Server.Tests.Samples;

namespace Kennel.Server.Tests;

public sealed class ChangeTests
{
    [Fact, Trait("Behaviour", "SS-902")]
    public async Task A_changed_spec_counts_the_generation_up_and_changed_labels_do_not()
    {
        await using var server = await TestServer.Start();
        await server.Made(Sets, Set());
        (await server.Merge($"{Sets}/web", """{"spec":{"replicas":5}}""")).Metadata["generation"]!.GetValue<int>().ShouldBe(2);
        (await server.Merge($"{Sets}/web", """{"metadata":{"labels":{"a":"b"}}}""")).Metadata["generation"]!.GetValue<int>().ShouldBe(2);
    }

    [Fact, Trait("Behaviour", "SS-902")]
    public async Task The_main_endpoint_keeps_the_status()
    {
        await using var server = await TestServer.Start();
        await server.Made(Sets, Set());
        await server.Merge($"{Sets}/web/status", """{"status":{"replicas":1}}""");
        var reply = await server.Merge($"{Sets}/web", """{"spec":{"replicas":4},"status":{"replicas":7}}""");
        reply.Json["status"]!["replicas"]!.GetValue<int>().ShouldBe(1);
        reply.Json["spec"]!["replicas"]!.GetValue<int>().ShouldBe(4);
    }

    [Fact, Trait("Behaviour", "SS-903")]
    public async Task The_status_endpoint_keeps_the_spec_and_the_generation_and_takes_labels()
    {
        await using var server = await TestServer.Start();
        await server.Made(Sets, Set());
        var reply = await server.Merge($"{Sets}/web/status", """{"metadata":{"labels":{"x":"y"}},"spec":{"replicas":9},"status":{"replicas":2}}""");
        reply.Status.ShouldBe(200, reply.Text);
        reply.Json["spec"]!["replicas"]!.GetValue<int>().ShouldBe(3);
        reply.Json["status"]!["replicas"]!.GetValue<int>().ShouldBe(2);
        reply.Metadata["generation"]!.GetValue<int>().ShouldBe(1);
        reply.Metadata["labels"]!["x"]!.GetValue<string>().ShouldBe("y");
    }

    [Fact, Trait("Behaviour", "SS-906")]
    public async Task A_write_that_changes_nothing_keeps_the_revision()
    {
        await using var server = await TestServer.Start();
        var made = await server.Post(Sets, Set());
        (await server.Put($"{Sets}/web", made.Text)).Revision.ShouldBe(made.Revision);
        (await server.Merge($"{Sets}/web", """{"spec":{"replicas":3}}""")).Revision.ShouldBe(made.Revision);
        server.Store.Revision.ToString().ShouldBe(made.Revision);
    }

    [Fact]
    public async Task An_update_of_an_older_revision_is_a_conflict_and_one_without_a_revision_is_not()
    {
        await using var server = await TestServer.Start();
        var made = await server.Post(ConfigMaps, ConfigMap("a"));
        await server.Merge($"{ConfigMaps}/a", """{"data":{"a":"2"}}""");
        var stale = await server.Put($"{ConfigMaps}/a", made.Text.Replace("\"1\"", "\"3\""));
        stale.Status.ShouldBe(409);
        stale.Reason.ShouldBe("Conflict");
        stale.Message.ShouldBe("Operation cannot be fulfilled on configmaps \"a\": the object has been modified; please apply your changes to the latest version and try again");
        (await server.Put($"{ConfigMaps}/a", ConfigMap("a", data: """{"a":"3"}"""))).Status.ShouldBe(200);
    }

    [Fact]
    public async Task An_update_can_neither_change_nor_miss_the_identity()
    {
        await using var server = await TestServer.Start();
        var made = await server.Post(ConfigMaps, ConfigMap("a"));
        var uid = made.Metadata["uid"]!.GetValue<string>();
        (await server.Put($"{ConfigMaps}/a", ConfigMap("b"))).Message.ShouldBe("the name of the object (b) does not match the name on the URL (a)");
        (await server.Put($"{ConfigMaps}/a", """{"metadata":{"name":"a","uid":"other"}}""")).Message!.ShouldContain("Precondition failed: UID in precondition: other");
        (await server.Put($"{ConfigMaps}/a", """{"metadata":{"name":"a","creationTimestamp":"2001-01-01T00:00:00Z"}}""")).Metadata["uid"]!.GetValue<string>().ShouldBe(uid);
        (await server.Put($"{ConfigMaps}/zzz", ConfigMap("zzz"))).Status.ShouldBe(404);
    }

    [Fact]
    public async Task JSON_patches_change_what_they_name()
    {
        await using var server = await TestServer.Start();
        await server.Made(ConfigMaps, ConfigMap("a"));
        var reply = await server.Send("PATCH", $"{ConfigMaps}/a", """[{"op":"test","path":"/data/a","value":"1"},{"op":"replace","path":"/data/a","value":"2"},{"op":"add","path":"/data/b","value":"3"}]""", "application/json-patch+json");
        reply.Status.ShouldBe(200, reply.Text);
        reply.Json["data"]!.ToJsonString().ShouldBe("""{"a":"2","b":"3"}""");
        (await server.Send("PATCH", $"{ConfigMaps}/a", "{}", "application/json-patch+json")).Status.ShouldBe(400);
        (await server.Send("PATCH", $"{ConfigMaps}/a", "{}", "application/json")).Status.ShouldBe(415);
    }

    [Fact]
    public async Task Racing_patches_all_count()
    {
        await using var server = await TestServer.Start();
        await server.Made(ConfigMaps, ConfigMap("a"));
        var replies = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => server.Merge($"{ConfigMaps}/a", $$$"""{"data":{"k{{{i}}}":"x"}}"""))));
        replies.ShouldAllBe(r => r.Status == 200);
        (await server.Get($"{ConfigMaps}/a")).Json["data"]!.AsObject().Count.ShouldBe(17);
    }

    [Theory, Trait("Behaviour", "SS-904"), Trait("Behaviour", "SS-907")]
    [InlineData("PATCH", """{"spec":{"replicas":5}}""")]
    [InlineData("PUT", """{"kind":"Scale","apiVersion":"autoscaling/v1","metadata":{"name":"web","namespace":"default"},"spec":{"replicas":5}}""")]
    public async Task Scaling_changes_replicas_and_the_generation(string method, string body)
    {
        await using var server = await TestServer.Start();
        await server.Made(Sets, Set());
        var scale = await server.Get($"{Sets}/web/scale");
        scale.Json["kind"]!.GetValue<string>().ShouldBe("Scale");
        scale.Json["status"]!["selector"]!.GetValue<string>().ShouldBe("app=web");

        var reply = await server.Send(method, $"{Sets}/web/scale", body, method == "PATCH" ? "application/merge-patch+json" : null);
        reply.Status.ShouldBe(200, reply.Text);
        reply.Json["spec"]!["replicas"]!.GetValue<int>().ShouldBe(5);
        var set = await server.Get($"{Sets}/web");
        set.Json["spec"]!["replicas"]!.GetValue<int>().ShouldBe(5);
        set.Metadata["generation"]!.GetValue<int>().ShouldBe(2);
        (await server.Merge($"{Sets}/web/scale", """{"spec":{"replicas":-1}}""")).Status.ShouldBe(422);
    }

    [Fact]
    public async Task A_pod_is_bound_once()
    {
        await using var server = await TestServer.Start();
        await server.Made(Pods, Pod());
        var bound = await server.Post($"{Pods}/p/binding", """{"kind":"Binding","apiVersion":"v1","metadata":{"name":"p"},"target":{"kind":"Node","name":"sim-0"}}""");
        bound.Status.ShouldBe(201, bound.Text);
        var pod = (await server.Get($"{Pods}/p")).Json;
        pod["spec"]!["nodeName"]!.GetValue<string>().ShouldBe("sim-0");
        var condition = pod["status"]!["conditions"]!.AsArray().Single(c => c!["type"]!.GetValue<string>() == "PodScheduled")!;
        condition["status"]!.GetValue<string>().ShouldBe("True");
        var again = await server.Post($"{Pods}/p/binding", """{"metadata":{"name":"p"},"target":{"kind":"Node","name":"sim-1"}}""");
        again.Status.ShouldBe(409);
        again.Message!.ShouldContain("pod p is already assigned to node \"sim-0\"");
    }

    [Fact]
    public async Task A_plan_is_only_a_plan_in_a_dry_run()
    {
        await using var server = await TestServer.Start();
        var made = await server.Post(ConfigMaps, ConfigMap("a"));
        var dry = await server.Merge($"{ConfigMaps}/a?dryRun=All", """{"data":{"a":"2"}}""");
        dry.Json["data"]!["a"]!.GetValue<string>().ShouldBe("2");
        dry.Revision.ShouldBe(made.Revision);
        (await server.Delete($"{ConfigMaps}/a?dryRun=All")).Status.ShouldBe(200);
        (await server.Get($"{ConfigMaps}/a")).Text.ShouldBe(made.Text);
    }

    [Fact]
    public async Task What_only_the_server_refuses_unexpectedly_names_the_request()
    {
        await using var server = await TestServer.Start();
        var forbidden = await server.Send("GET", Pods, user: new User("bob", [User.Authenticated]));
        forbidden.Status.ShouldBe(403);
        forbidden.Message.ShouldBe("pods is forbidden: User \"bob\" cannot list resource \"pods\" in API group \"\" in the namespace \"default\"");
        (await server.Send("GET", "/metrics", user: new User("bob", []))).Message.ShouldBe("forbidden: User \"bob\" cannot get path \"/metrics\"");
        (await server.Send("GET", Pods, user: User.Anonymous)).Status.ShouldBe(401);
        (await server.Send("GET", "/healthz", user: User.Anonymous)).Status.ShouldBe(200);
    }
}
