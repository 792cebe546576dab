using System.Text.Json.Nodes;
using static Kennel.Server.Tests.Samples;

namespace Kennel.Server.Tests;

/// <summary>Pod Security Standards by the labels of a namespace.</summary>
public sealed class PodSecurityTests
{
    const string Fine = """{"allowPrivilegeEscalation":false,"runAsNonRoot":true,"capabilities":{"drop":["ALL"]},"seccompProfile":{"type":"RuntimeDefault"}}""";

    static async Task<TestServer> With(string labels)
    {
        var server = await TestServer.Start();
        (await server.Merge("/api/v1/namespaces/default", $$$"""{"metadata":{"labels":{{{labels}}}}}""")).Status.ShouldBe(200);
        return server;
    }

    static string Labels(string level, string mode = "enforce") => $$"""{"pod-security.kubernetes.io/{{mode}}":"{{level}}"}""";

    static string Safe(string context, string more = "") => Pod("p", more).Replace("\"image\":\"busybox:1\"", $"\"image\":\"busybox:1\",\"securityContext\":{context}");

    [Theory]
    [InlineData("{\"privileged\":true}", "", "privileged (container \"main\" must not set securityContext.privileged=true)")]
    [InlineData("{}", ",\"hostNetwork\":true,\"hostPID\":true", "host namespaces (hostNetwork=true, hostPID=true)")]
    [InlineData("{\"capabilities\":{\"add\":[\"SYS_ADMIN\",\"CHOWN\",\"NET_RAW\"]}}", "", "non-default capabilities (container \"main\" must not include \"NET_RAW\", \"SYS_ADMIN\" in securityContext.capabilities.add)")]
    [InlineData("{}", ",\"volumes\":[{\"name\":\"a\",\"hostPath\":{\"path\":\"/\"}},{\"name\":\"b\",\"hostPath\":{\"path\":\"/\"}}]", "hostPath volumes (volumes \"a\", \"b\")")]
    [InlineData("{\"procMount\":\"Unmasked\"}", ",\"hostUsers\":true", "procMount (container \"main\" must not set securityContext.procMount to \"Unmasked\")")]
    [InlineData("{\"seLinuxOptions\":{\"type\":\"spc_t\",\"user\":\"u\"}}", "", "seLinuxOptions (container \"main\" set forbidden securityContext.seLinuxOptions: type \"spc_t\"; user may not be set)")]
    [InlineData("{\"seccompProfile\":{\"type\":\"Unconfined\"}}", "", "seccompProfile (container \"main\" must not set securityContext.seccompProfile.type to \"Unconfined\")")]
    [InlineData("{}", ",\"securityContext\":{\"sysctls\":[{\"name\":\"kernel.msgmax\",\"value\":\"1\"},{\"name\":\"net.ipv4.tcp_rmem\",\"value\":\"1\"}]}", "forbidden sysctls (kernel.msgmax)")]
    [InlineData("{\"appArmorProfile\":{\"type\":\"Unconfined\"}}", "", "forbidden AppArmor profile (container \"main\" must not set AppArmor profile type to \"Unconfined\")")]
    [InlineData("{\"windowsOptions\":{\"hostProcess\":true}}", ",\"hostNetwork\":true,\"securityContext\":{\"windowsOptions\":{\"hostProcess\":true}}", "host namespaces (hostNetwork=true), hostProcess (pod and container \"main\" must not set securityContext.windowsOptions.hostProcess=true)")]
    public async Task The_baseline_forbids(string context, string more, string why)
    {
        await using var server = await With(Labels("baseline"));
        var reply = await server.Post(Pods, Safe(context, more));
        (reply.Status, reply.Message).ShouldBe((403, $"pods \"p\" is forbidden: violates PodSecurity \"baseline:latest\": {why}"));
    }

    [Fact]
    public async Task The_baseline_forbids_ports_of_the_node_and_probes_of_other_hosts()
    {
        await using var server = await With(Labels("baseline"));
        var pod = Pod().Replace("\"image\":\"busybox:1\"", "\"image\":\"b\",\"ports\":[{\"containerPort\":80,\"hostPort\":8080}],\"livenessProbe\":{\"httpGet\":{\"port\":80,\"host\":\"10.0.0.1\"}}");
        (await server.Post(Pods, pod)).Message.ShouldBe(
            "pods \"p\" is forbidden: violates PodSecurity \"baseline:latest\": hostPort (container \"main\" uses hostPort 8080), probe or lifecycle host (container \"main\" uses probe or lifecycle host \"10.0.0.1\")");
    }

    [Theory]
    [InlineData("{}", "", "allowPrivilegeEscalation != false (container \"main\" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container \"main\" must set securityContext.capabilities.drop=[\"ALL\"]), runAsNonRoot != true (pod or container \"main\" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container \"main\" must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\")")]
    [InlineData(Fine, ",\"volumes\":[{\"name\":\"a\",\"nfs\":{\"server\":\"s\",\"path\":\"/\"}}]", "restricted volume types (volume \"a\" uses restricted volume type \"nfs\")")]
    [InlineData(Fine, ",\"securityContext\":{\"runAsUser\":0}", "runAsUser=0 (pod must not set runAsUser=0)")]
    [InlineData(Fine, ",\"securityContext\":{\"runAsNonRoot\":false}", "runAsNonRoot != true (pod must not set securityContext.runAsNonRoot=false)")]
    [InlineData(Fine, "", null)]
    [InlineData(Fine, ",\"volumes\":[{\"name\":\"a\",\"emptyDir\":{}}],\"securityContext\":{\"runAsUser\":1000}", null)]
    public async Task Restricted_asks_for_more(string context, string more, string? why)
    {
        await using var server = await With(Labels("restricted"));
        (await server.Post(Pods, Safe(context, more))).Message.ShouldBe(why is null ? null : $"pods \"p\" is forbidden: violates PodSecurity \"restricted:latest\": {why}");
    }

    [Fact]
    public async Task A_workload_is_warned_of_and_made()
    {
        await using var server = await With(Labels("baseline", "warn"));
        var set = await server.Post(Sets, Set().Replace("\"image\":\"busybox:1\"", "\"image\":\"b\",\"securityContext\":{\"privileged\":true}"));
        set.Status.ShouldBe(201);
        set.Answer.Warnings.ShouldBe(["would violate PodSecurity \"baseline:latest\": privileged (container \"main\" must not set securityContext.privileged=true)"]);
        (await server.Post(Pods, Safe("{\"privileged\":true}"))).Status.ShouldBe(201);
    }

    [Fact]
    public async Task A_namespace_that_becomes_stricter_names_the_pods_that_would_be_refused()
    {
        await using var server = await TestServer.Start();
        await server.Made(Pods, Pod("b", ",\"hostNetwork\":true"));
        await server.Made(Pods, Pod("a", ",\"hostNetwork\":true"));
        await server.Made(Pods, Pod("c", ",\"hostPID\":true"));
        await server.Made(Pods, Pod("fine"));
        var reply = await server.Merge("/api/v1/namespaces/default", $$$"""{"metadata":{"labels":{{{Labels("baseline")}}}}}""");
        reply.Answer.Warnings.ShouldBe(["existing pods in namespace \"default\" violate the new PodSecurity enforce level \"baseline:latest\"", "a (and 2 other pods): host namespaces"]);
    }

    [Theory]
    [InlineData("""{"pod-security.kubernetes.io/enforce":"strict"}""", "metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: \"strict\": must be one of privileged, baseline, restricted")]
    [InlineData("""{"pod-security.kubernetes.io/warn-version":"2"}""", "metadata.labels[pod-security.kubernetes.io/warn-version]: Invalid value: \"2\": must be \"latest\" or \"v1.x\"")]
    public async Task A_label_that_means_nothing_is_refused(string labels, string why)
    {
        await using var server = await TestServer.Start();
        var reply = await server.Post("/api/v1/namespaces", $$$"""{"metadata":{"name":"n","labels":{{{labels}}}}}""");
        (reply.Status, reply.Message).ShouldBe((422, $"Namespace \"n\" is invalid: {why}"));
    }

    [Fact]
    public async Task A_pod_that_is_there_may_change_what_has_nothing_to_do_with_it()
    {
        await using var server = await TestServer.Start();
        await server.Made(Pods, Safe("{\"privileged\":true}"));
        await server.Merge("/api/v1/namespaces/default", $$$"""{"metadata":{"labels":{{{Labels("baseline")}}}}}""");
        (await server.Merge($"{Pods}/p", """{"metadata":{"labels":{"a":"b"}}}""")).Status.ShouldBe(200);
        (await server.Merge($"{Pods}/p/status", """{"status":{"phase":"Running"}}""")).Status.ShouldBe(200);
        (await server.Send("PATCH", $"{Pods}/p", """{"spec":{"containers":[{"name":"main","image":"other"}]}}""", "application/strategic-merge-patch+json")).Status.ShouldBe(403);
    }
}
