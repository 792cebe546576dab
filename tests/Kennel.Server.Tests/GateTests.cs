namespace Kennel.Server.Tests;

public sealed class GateTests
{
    [Fact]
    [Trait("Behaviour", "SS-326")]
    public async Task What_a_gate_drops_is_told()
    {
        await using var server = await TestServer.Start();
        var reply = await server.Post("/apis/apps/v1/namespaces/default/statefulsets", """
            {"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"web"},"spec":{"serviceName":"web","selector":{"matchLabels":{"app":"web"}},
            "updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":2}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"main","image":"web:1"}]}}}}
            """);
        reply.Status.ShouldBe(201, reply.Text);
        reply.Json["spec"]!["updateStrategy"]!["rollingUpdate"]!["maxUnavailable"].ShouldBeNull();
        reply.Answer.Warnings.ShouldContain(w => w.Contains("maxUnavailable") && w.Contains("MaxUnavailableStatefulSet"));
    }
}
