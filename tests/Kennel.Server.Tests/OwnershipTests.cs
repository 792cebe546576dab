using System.Text.Json.Nodes;
using static Kennel.Server.Tests.Samples;

namespace Kennel.Server.Tests;

/// <summary>Who owns which field: what was sent or defaulted has an owner, what the server fills in has none.</summary>
public sealed class OwnershipTests
{
    static JsonObject Fields(JsonObject o) => o["metadata"]!["managedFields"]!.AsArray().Single()!["fieldsV1"]!.AsObject();

    [Fact]
    public async Task An_address_that_was_handed_out_has_no_owner()
    {
        await using var server = await TestServer.Start();
        var made = await server.Made(Services, """{"metadata":{"name":"s"},"spec":{"type":"NodePort","ports":[{"port":80}]}}""");
        made["spec"]!["clusterIP"].ShouldNotBeNull();
        var spec = Fields(made)["f:spec"]!.AsObject();
        spec.Select(f => f.Key).ShouldBe(["f:externalTrafficPolicy", "f:internalTrafficPolicy", "f:ports", "f:sessionAffinity", "f:type"], ignoreOrder: true, customMessage: spec.ToJsonString());
        spec["f:ports"]!.ToJsonString().ShouldNotContain("nodePort");
    }

    [Fact]
    public async Task An_address_that_was_asked_for_has()
    {
        await using var server = await TestServer.Start();
        var made = await server.Made(Services, """{"metadata":{"name":"s"},"spec":{"clusterIP":"None","ports":[{"port":80}]}}""");
        Fields(made)["f:spec"]!.AsObject().ContainsKey("f:clusterIP").ShouldBeTrue();
        Fields(made)["f:spec"]!.AsObject().ContainsKey("f:clusterIPs").ShouldBeFalse();
    }

    [Fact, Trait("Behaviour", "SS-845")]
    public async Task What_admission_gives_a_pod_has_no_owner_and_its_defaults_have()
    {
        await using var server = await TestServer.Start();
        var made = await server.Made(Pods, Pod());
        made["spec"]!["tolerations"].ShouldNotBeNull();
        var fields = Fields(made);
        fields.Select(f => f.Key).ShouldBe(["f:spec"]);
        var spec = fields["f:spec"]!.AsObject();
        spec.Select(f => f.Key).ShouldBe(
            ["f:containers", "f:dnsPolicy", "f:enableServiceLinks", "f:restartPolicy", "f:schedulerName", "f:securityContext", "f:terminationGracePeriodSeconds"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_claims_finalizer_has_no_owner()
    {
        await using var server = await TestServer.Start();
        var made = await server.Made("/api/v1/namespaces/default/persistentvolumeclaims",
            """{"metadata":{"name":"c","labels":{}},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}""");
        made["metadata"]!["finalizers"].ShouldNotBeNull();
        Fields(made).Select(f => f.Key).ShouldBe(["f:spec"]);
    }

    [Fact, Trait("Behaviour", "SS-906")]
    public async Task Saying_the_same_without_managers_is_no_change()
    {
        await using var server = await TestServer.Start();
        var made = await server.Made(Sets, Set());
        (await server.Put($"{Sets}/web?fieldManager=other", Set())).Revision.ShouldBe(made["metadata"]!["resourceVersion"]!.GetValue<string>());
        made["metadata"]!.AsObject().Remove("managedFields");
        (await server.Put($"{Sets}/web?fieldManager=other", made.ToJsonString())).Revision.ShouldBe(made["metadata"]!["resourceVersion"]!.GetValue<string>());
    }

    [Fact, Trait("Behaviour", "SS-906"), Trait("Behaviour", "SS-907")]
    public async Task Applying_the_same_again_is_no_change_even_where_lists_are_defaulted()
    {
        await using var server = await TestServer.Start();
        var set = Set().Replace("\"image\":\"busybox:1\"", "\"image\":\"busybox:1\",\"env\":[{\"name\":\"A\",\"valueFrom\":{\"fieldRef\":{\"fieldPath\":\"metadata.name\"}}}]")
            .Replace("\"containers\":", "\"tolerations\":[{\"key\":\"a\",\"operator\":\"Exists\"}],\"volumes\":[{\"name\":\"v\"}],\"containers\":")
            .Replace("\"replicas\":3", "\"replicas\":3,\"volumeClaimTemplates\":[{\"metadata\":{\"name\":\"d\"},\"spec\":{\"accessModes\":[\"ReadWriteOnce\"],\"resources\":{\"requests\":{\"storage\":\"1024Mi\"}}}}]");
        Task<Reply> Apply() => server.Send("PATCH", $"{Sets}/web?fieldManager=me", set, "application/apply-patch+yaml");
        var first = await Apply();
        first.Status.ShouldBe(201, first.Text);
        first.Json["metadata"]!["managedFields"]!.AsArray().Single()!["fieldsV1"]!.AsObject().ContainsKey("f:status").ShouldBeFalse();
        (await Apply()).Revision.ShouldBe(first.Revision);
    }

    [Fact]
    public async Task Binding_a_pod_gives_its_node_no_owner()
    {
        await using var server = await TestServer.Start();
        var made = await server.Made(Pods, Pod());
        await server.Post($"{Pods}/p/binding", """{"metadata":{"name":"p"},"target":{"kind":"Node","name":"sim-0"}}""");
        var bound = (await server.Get($"{Pods}/p")).Metadata["managedFields"]!;
        bound.ToJsonString().ShouldBe(made["metadata"]!["managedFields"]!.ToJsonString());
    }
}
