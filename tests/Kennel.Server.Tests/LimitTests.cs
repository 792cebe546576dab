using static Kennel.Server.Tests.Samples;

namespace Kennel.Server.Tests;

/// <summary>Limit ranges complete pods and keep them within bounds.</summary>
public sealed class LimitTests
{
    const string Ranges = "/api/v1/namespaces/default/limitranges";
    const string Claims = "/api/v1/namespaces/default/persistentvolumeclaims";

    static async Task<TestServer> With(string item)
    {
        var server = await TestServer.Start();
        await server.Made(Ranges, $$$"""{"metadata":{"name":"l"},"spec":{"limits":[{{{item}}}]}}""");
        return server;
    }

    static string Asking(string resources, string more = "") => Pod("p", more).Replace("\"image\":\"busybox:1\"", $"\"image\":\"busybox:1\",\"resources\":{resources}");

    [Fact]
    public async Task Containers_that_say_nothing_get_the_defaults_and_the_pod_says_so()
    {
        await using var server = await With("""{"type":"Container","default":{"cpu":"1","memory":"512Mi"},"defaultRequest":{"cpu":"100m"}}""");
        var pod = await server.Made(Pods, Asking("""{"limits":{"memory":"1Gi"}}""", ",\"initContainers\":[{\"name\":\"first\",\"image\":\"b\"}]"));
        var resources = pod["spec"]!["containers"]![0]!["resources"]!;
        resources["limits"]!["cpu"]!.GetValue<string>().ShouldBe("1");
        resources["limits"]!["memory"]!.GetValue<string>().ShouldBe("1Gi");
        resources["requests"]!["cpu"]!.GetValue<string>().ShouldBe("100m");
        resources["requests"]!["memory"]!.GetValue<string>().ShouldBe("1Gi"); // what it limits it asks for
        pod["spec"]!["initContainers"]![0]!["resources"]!["requests"]!["memory"]!.GetValue<string>().ShouldBe("512Mi");
        pod["metadata"]!["annotations"]!["kubernetes.io/limit-ranger"]!.GetValue<string>().ShouldBe(
            "LimitRanger plugin set: cpu request for container main; cpu limit for container main; cpu, memory request for init container first; cpu, memory limit for init container first");
        pod["status"]!["qosClass"]!.GetValue<string>().ShouldBe("Burstable");
    }

    [Theory]
    [InlineData("""{"type":"Container","max":{"cpu":"1"},"default":{"cpu":"500m"}}""", """{"limits":{"cpu":"2"}}""", "maximum cpu usage per Container is 1, but limit is 2")]
    [InlineData("""{"type":"Container","min":{"memory":"64Mi"},"default":{"memory":"64Mi"}}""", """{"requests":{"memory":"1Mi"},"limits":{"memory":"64Mi"}}""", "minimum memory usage per Container is 64Mi, but request is 1Mi")]
    [InlineData("""{"type":"Container","max":{"cpu":"1"},"min":{"cpu":"100m"}}""", """{"requests":{"cpu":"10m"},"limits":{"cpu":"3"}}""", "[minimum cpu usage per Container is 100m, but request is 10m, maximum cpu usage per Container is 1, but limit is 3]")]
    [InlineData("""{"type":"Pod","max":{"cpu":"1"}}""", """{}""", "maximum cpu usage per Pod is 1.  No limit is specified")]
    [InlineData("""{"type":"Pod","min":{"cpu":"1"}}""", """{}""", "minimum cpu usage per Pod is 1.  No request is specified")]
    [InlineData("""{"type":"Pod","max":{"memory":"1Gi"}}""", """{"limits":{"memory":"2Gi"}}""", "maximum memory usage per Pod is 1Gi, but limit is 2Gi")]
    [InlineData("""{"type":"Container","maxLimitRequestRatio":{"cpu":"2"}}""", """{"requests":{"cpu":"100m"},"limits":{"cpu":"250m"}}""", "cpu max limit to request ratio per Container is 2, but provided ratio is 2.500000")]
    [InlineData("""{"type":"Container","maxLimitRequestRatio":{"cpu":"2"}}""", """{}""", "cpu max limit to request ratio per Container is 2, but no request is specified or request is 0")]
    public async Task A_pod_out_of_bounds_is_refused_in_upstreams_words(string item, string resources, string why)
    {
        await using var server = await With(item);
        var reply = await server.Post(Pods, Asking(resources));
        (reply.Status, reply.Message).ShouldBe((403, $"pods \"p\" is forbidden: {why}"));
    }

    [Theory]
    [InlineData("5Gi", null)]
    [InlineData("500Mi", "minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 500Mi")]
    [InlineData("11Gi", "maximum storage usage per PersistentVolumeClaim is 10Gi, but request is 11Gi")]
    public async Task A_claim_has_bounds_too(string size, string? why)
    {
        await using var server = await With("""{"type":"PersistentVolumeClaim","min":{"storage":"1Gi"},"max":{"storage":"10Gi"}}""");
        var reply = await server.Post(Claims, $$$$"""{"metadata":{"name":"c"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"{{{{size}}}}"} } } }""");
        reply.Message.ShouldBe(why is null ? null : $"persistentvolumeclaims \"c\" is forbidden: {why}");
    }

    [Fact]
    public async Task A_pod_that_is_there_may_go_on_as_it_is()
    {
        await using var server = await TestServer.Start();
        await server.Made(Pods, Pod());
        await server.Made(Ranges, """{"metadata":{"name":"l"},"spec":{"limits":[{"type":"Container","max":{"cpu":"1"}}]}}""");
        (await server.Merge($"{Pods}/p", """{"metadata":{"labels":{"a":"b"}}}""")).Status.ShouldBe(200);
    }
}
