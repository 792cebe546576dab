using System.Text.Json.Nodes;
using static Kennel.Server.Tests.Samples;

namespace Kennel.Server.Tests;

public sealed class DeleteTests
{
    [Fact, Trait("Behaviour", "SS-601"), Trait("Behaviour", "SS-909")]
    public async Task A_set_goes_at_once_by_default()
    {
        await using var server = await TestServer.Start();
        var uid = (await server.Made(Sets, Set()))["metadata"]!["uid"]!.GetValue<string>();
        var reply = await server.Delete($"{Sets}/web");
        reply.Text.ShouldBe($$$"""{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Success","details":{"name":"web","group":"apps","kind":"statefulsets","uid":"{{{uid}}}"}}""");
        (await server.Get($"{Sets}/web")).Status.ShouldBe(404);
        (await server.Delete($"{Sets}/web")).Status.ShouldBe(404);
    }

    [Theory, Trait("Behaviour", "SS-604"), Trait("Behaviour", "SS-605"), Trait("Behaviour", "SS-606"), Trait("Behaviour", "SS-905")]
    [InlineData("""{"propagationPolicy":"Foreground"}""", "foregroundDeletion")]
    [InlineData("""{"propagationPolicy":"Orphan"}""", "orphan")]
    [InlineData("""{"orphanDependents":true}""", "orphan")]
    public async Task Dependents_that_matter_hold_a_set_by_a_finalizer(string options, string finalizer)
    {
        await using var server = await TestServer.Start();
        await server.Made(Sets, Set());
        var reply = await server.Delete($"{Sets}/web", options);
        reply.Status.ShouldBe(200);
        reply.Metadata["finalizers"]!.ToJsonString().ShouldBe($"[\"{finalizer}\"]");
        reply.Metadata["deletionTimestamp"].ShouldNotBeNull();
        reply.Metadata["deletionGracePeriodSeconds"]!.GetValue<int>().ShouldBe(0);
        reply.Metadata["generation"]!.GetValue<int>().ShouldBe(2);

        var released = await server.Merge($"{Sets}/web", """{"metadata":{"finalizers":null}}""");
        released.Status.ShouldBe(200, released.Text);
        (await server.Get($"{Sets}/web")).Status.ShouldBe(404);
    }

    [Theory, Trait("Behaviour", "SS-613")]
    [InlineData(null, 30)]
    [InlineData("""{"gracePeriodSeconds":5}""", 5)]
    [InlineData("""{"gracePeriodSeconds":-3}""", 1)]
    public async Task A_pod_on_a_node_is_marked_and_its_node_ends_it(string? options, int grace)
    {
        await using var server = await TestServer.Start();
        await server.Made(Pods, Pod(more: ""","nodeName":"sim-0" """));
        var reply = await server.Delete($"{Pods}/p", options);
        reply.Metadata["deletionGracePeriodSeconds"]!.GetValue<int>().ShouldBe(grace);
        (await server.Get($"{Pods}/p")).Status.ShouldBe(200);

        var final = await server.Delete($"{Pods}/p", """{"gracePeriodSeconds":0}""");
        final.Status.ShouldBe(200);
        final.Json["kind"]!.GetValue<string>().ShouldBe("Pod");
        (await server.Get($"{Pods}/p")).Status.ShouldBe(404);
    }

    [Fact, Trait("Behaviour", "SS-613")]
    public async Task A_pod_without_a_node_goes_at_once()
    {
        await using var server = await TestServer.Start();
        await server.Made(Pods, Pod());
        await server.Delete($"{Pods}/p");
        (await server.Get($"{Pods}/p")).Status.ShouldBe(404);
    }

    [Theory, Trait("Behaviour", "SS-613")]
    [InlineData("Failed")]
    [InlineData("Succeeded")]
    public async Task A_finished_pod_goes_at_once_although_it_has_a_node(string phase)
    {
        await using var server = await TestServer.Start();
        await server.Made(Pods, Pod(more: ""","nodeName":"sim-0" """));
        await server.Merge($"{Pods}/p/status", $$$"""{"status":{"phase":"{{{phase}}}"}}""");
        await server.Delete($"{Pods}/p");
        (await server.Get($"{Pods}/p")).Status.ShouldBe(404);
    }

    [Theory, Trait("Behaviour", "SS-615")]
    [InlineData(null, 7)]
    [InlineData("""{"gracePeriodSeconds":5}""", 5)]
    public async Task A_pod_that_goes_with_grace_says_until_when(string? options, int grace)
    {
        var now = new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);
        await using var server = await TestServer.Start(time: new Stopped(now));
        await server.Made(Pods, Pod(more: ""","nodeName":"sim-0","terminationGracePeriodSeconds":7 """));
        var marked = (await server.Delete($"{Pods}/p", options)).Metadata;
        marked["deletionTimestamp"]!.GetValue<string>().ShouldBe(now.AddSeconds(grace).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture));
        marked["deletionGracePeriodSeconds"]!.GetValue<int>().ShouldBe(grace);
    }

    sealed class Stopped(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }

    [Fact, Trait("Behaviour", "SS-614")]
    public async Task A_second_delete_only_shortens_the_grace()
    {
        await using var server = await TestServer.Start();
        await server.Made(Pods, Pod(more: ""","nodeName":"sim-0" """));
        var first = await server.Delete($"{Pods}/p");
        (await server.Delete($"{Pods}/p", """{"gracePeriodSeconds":60}""")).Text.ShouldBe(first.Text);
        (await server.Delete($"{Pods}/p")).Text.ShouldBe(first.Text);
        (await server.Delete($"{Pods}/p", """{"gracePeriodSeconds":3}""")).Metadata["deletionGracePeriodSeconds"]!.GetValue<int>().ShouldBe(3);
    }

    [Fact, Trait("Behaviour", "SS-616")]
    public async Task A_finalizer_holds_a_pod_after_its_node_ended_it()
    {
        await using var server = await TestServer.Start();
        await server.Made(Pods, Pod(more: ""","nodeName":"sim-0" """).Replace("\"name\":\"p\"", "\"name\":\"p\",\"finalizers\":[\"example.com/hold\"]"));
        await server.Delete($"{Pods}/p");
        (await server.Delete($"{Pods}/p", """{"gracePeriodSeconds":0}""")).Metadata["deletionGracePeriodSeconds"]!.GetValue<int>().ShouldBe(0);
        (await server.Get($"{Pods}/p")).Status.ShouldBe(200);
        await server.Merge($"{Pods}/p", """{"metadata":{"finalizers":[]}}""");
        (await server.Get($"{Pods}/p")).Status.ShouldBe(404);
    }

    [Fact, Trait("Behaviour", "SS-609")]
    public async Task Preconditions_protect_another_object_of_the_same_name()
    {
        await using var server = await TestServer.Start();
        var made = await server.Post(ConfigMaps, ConfigMap("a"));
        var other = await server.Delete($"{ConfigMaps}/a", """{"preconditions":{"uid":"other"}}""");
        other.Status.ShouldBe(409);
        other.Message!.ShouldContain("Precondition failed: UID in precondition: other, UID in object meta:");
        (await server.Delete($"{ConfigMaps}/a", """{"preconditions":{"resourceVersion":"1"}}""")).Status.ShouldBe(409);
        (await server.Delete($"{ConfigMaps}/a", $$$"""{"preconditions":{"resourceVersion":"{{{made.Revision}}}"}}""")).Status.ShouldBe(200);
    }

    [Fact, Trait("Behaviour", "SS-608")]
    public async Task A_collection_is_deleted_by_labels()
    {
        await using var server = await TestServer.Start();
        await server.Made(ConfigMaps, ConfigMap("a", """{"app":"notes"}"""));
        await server.Made(ConfigMaps, ConfigMap("b"));
        (await server.Delete($"{ConfigMaps}?labelSelector=app%3Dnotes")).Status.ShouldBe(200);
        (await server.Get(ConfigMaps)).Json["items"]!.AsArray().Single()!["metadata"]!["name"]!.GetValue<string>().ShouldBe("b");
    }

    [Fact, Trait("Behaviour", "SS-617")]
    public async Task A_namespace_takes_nothing_new_while_it_goes_and_goes_when_it_is_let_go()
    {
        await using var server = await TestServer.Start();
        await server.Made("/api/v1/namespaces", """{"metadata":{"name":"notes"}}""");
        var going = await server.Delete("/api/v1/namespaces/notes");
        going.Json["status"]!["phase"]!.GetValue<string>().ShouldBe("Terminating");
        var refused = await server.Post("/api/v1/namespaces/notes/configmaps", ConfigMap("a"));
        refused.Status.ShouldBe(403);
        refused.Message.ShouldBe("configmaps \"a\" is forbidden: unable to create new content in namespace notes because it is being terminated");
        refused.Json["details"]!["causes"]![0]!["reason"]!.GetValue<string>().ShouldBe("NamespaceTerminating");

        var ended = await server.Put("/api/v1/namespaces/notes/finalize", """{"metadata":{"name":"notes"},"spec":{"finalizers":[]}}""");
        ended.Status.ShouldBe(200, ended.Text);
        (await server.Get("/api/v1/namespaces/notes")).Status.ShouldBe(404);
        (await server.Delete("/api/v1/namespaces/default")).Message.ShouldBe("namespaces \"default\" is forbidden: this namespace may not be deleted");
    }

    [Fact]
    public async Task An_eviction_is_a_delete()
    {
        await using var server = await TestServer.Start();
        await server.Made(Pods, Pod());
        (await server.Post($"{Pods}/p/eviction", """{"kind":"Eviction","apiVersion":"policy/v1","metadata":{"name":"p"}}""")).Status.ShouldBe(201);
        (await server.Get($"{Pods}/p")).Status.ShouldBe(404);
    }

    [Theory]
    [InlineData("""{"propagationPolicy":"Sometimes"}""", 422)]
    [InlineData("""{"propagationPolicy":"Orphan","orphanDependents":true}""", 422)]
    [InlineData("""{"gracePeriodSeconds":"x"}""", 400)]
    public async Task Options_that_make_no_sense_are_refused(string options, int status)
    {
        await using var server = await TestServer.Start();
        await server.Made(ConfigMaps, ConfigMap("a"));
        (await server.Delete($"{ConfigMaps}/a", options)).Status.ShouldBe(status);
        (await server.Get($"{ConfigMaps}/a")).Status.ShouldBe(200);
    }
}
