using Kennel.Server.Admission;
using static Kennel.Server.Tests.Samples;

namespace Kennel.Server.Tests;

/// <summary>Rules of the cluster that can be switched off, and what they do.</summary>
public sealed class AdmissionTests
{
    static Plugins Without(params string[] names) => Plugins.Parse([], names, out _);

    [Theory]
    [InlineData("default")]
    [InlineData("kube-system")]
    [InlineData("kube-public")]
    [InlineData("kube-node-lease")]
    public async Task Some_namespaces_stay(string name)
    {
        await using var server = await TestServer.Start();
        var reply = await server.Delete($"/api/v1/namespaces/{name}");
        (reply.Status, reply.Message).ShouldBe((403, $"namespaces \"{name}\" is forbidden: this namespace may not be deleted"));
    }

    [Fact]
    public async Task What_is_switched_off_does_nothing()
    {
        await using var server = await TestServer.Start(plugins: Without("NamespaceLifecycle,LimitRanger", "ResourceQuota", "PodSecurity", "DefaultTolerationSeconds"));
        await server.Made("/api/v1/namespaces/default/limitranges", """{"metadata":{"name":"l"},"spec":{"limits":[{"type":"Pod","max":{"cpu":"1"}}]}}""");
        await server.Made("/api/v1/namespaces/default/resourcequotas", """{"metadata":{"name":"q"},"spec":{"hard":{"pods":"0"}}}""");
        await server.Merge("/api/v1/namespaces/default", """{"metadata":{"labels":{"pod-security.kubernetes.io/enforce":"restricted"}}}""");
        var pod = await server.Made(Pods, Pod());
        pod["spec"]!["tolerations"].ShouldBeNull();
        (await server.Delete("/api/v1/namespaces/kube-public")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("Nonsense", "", "enable-admission-plugins plugin \"Nonsense\" is unknown")]
    [InlineData("", "LimitRanger,Nonsense", "disable-admission-plugins plugin \"Nonsense\" is unknown")]
    [InlineData("LimitRanger", "LimitRanger", "[LimitRanger] in enable-admission-plugins and disable-admission-plugins overlapped")]
    public void Names_that_nobody_knows_are_a_mistake(string enable, string disable, string why)
    {
        Plugins.Parse([enable], [disable], out var problem);
        problem.ShouldNotBeNull().ShouldStartWith(why);
    }

    [Fact]
    public async Task Some_are_off_until_they_are_switched_on()
    {
        await using var server = await TestServer.Start(plugins: Plugins.Parse(["AlwaysPullImages,DenyServiceExternalIPs"], [], out _));
        (await server.Made(Pods, Pod()))["spec"]!["containers"]![0]!["imagePullPolicy"]!.GetValue<string>().ShouldBe("Always");
        (await server.Post(Services, """{"metadata":{"name":"s"},"spec":{"ports":[{"port":80}],"externalIPs":["192.0.2.9"]}}""")).Message.ShouldBe("services \"s\" is forbidden: Use of external IPs is denied by admission control");
    }

    [Fact]
    public async Task A_pod_with_a_runtime_class_gets_what_the_class_says()
    {
        await using var server = await TestServer.Start();
        await server.Made("/apis/node.k8s.io/v1/runtimeclasses",
            """{"metadata":{"name":"vm"},"handler":"vm","overhead":{"podFixed":{"memory":"64Mi"}},"scheduling":{"nodeSelector":{"vm":"yes"},"tolerations":[{"key":"vm","operator":"Exists"}]}}""");
        var spec = (await server.Made(Pods, Pod("a", ",\"runtimeClassName\":\"vm\",\"nodeSelector\":{\"disk\":\"fast\"}")))["spec"]!;
        spec["overhead"]!.ToJsonString().ShouldBe("""{"memory":"64Mi"}""");
        spec["nodeSelector"]!.ToJsonString().ShouldBe("""{"disk":"fast","vm":"yes"}""");
        spec["tolerations"]!.AsArray().ShouldContain(t => (string?)t!["key"] == "vm");
        (await server.Post(Pods, Pod("b", ",\"runtimeClassName\":\"none\""))).Message.ShouldBe("pods \"b\" is forbidden: pod rejected: RuntimeClass \"none\" not found");
        (await server.Post(Pods, Pod("b", ",\"runtimeClassName\":\"vm\",\"nodeSelector\":{\"vm\":\"no\"}"))).Message.ShouldBe("pods \"b\" is forbidden: conflict: runtimeClass.scheduling.nodeSelector[vm] = yes; pod.spec.nodeSelector[vm] = no");
        (await server.Post(Pods, Pod("b", ",\"overhead\":{\"cpu\":\"1\"}"))).Message.ShouldBe("pods \"b\" is forbidden: pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead");
    }

    [Fact]
    public async Task An_ingress_without_a_class_gets_the_default_one()
    {
        const string Ingresses = "/apis/networking.k8s.io/v1/namespaces/default/ingresses";
        await using var server = await TestServer.Start();
        static string Ingress(string name) => """{"metadata":{"name":"NAME"},"spec":{"defaultBackend":{"service":{"name":"s","port":{"number":80}}}}}""".Replace("NAME", name);
        (await server.Made(Ingresses, Ingress("a")))["spec"]!["ingressClassName"].ShouldBeNull();
        await server.Made("/apis/networking.k8s.io/v1/ingressclasses", """{"metadata":{"name":"nginx","annotations":{"ingressclass.kubernetes.io/is-default-class":"true"}},"spec":{"controller":"example.com/x"}}""");
        (await server.Made(Ingresses, Ingress("b")))["spec"]!["ingressClassName"]!.GetValue<string>().ShouldBe("nginx");
    }

    [Fact]
    public async Task A_node_that_does_not_say_that_it_is_ready_gets_no_pods_yet()
    {
        await using var server = await TestServer.Start();
        (await server.Made("/api/v1/nodes", """{"metadata":{"name":"a"}}"""))["spec"]!["taints"]!.ToJsonString().ShouldBe("""[{"key":"node.kubernetes.io/not-ready","effect":"NoSchedule"}]""");
        (await server.Made("/api/v1/nodes", """{"metadata":{"name":"b"},"status":{"conditions":[{"type":"Ready","status":"True"}]}}"""))["spec"]!["taints"].ShouldBeNull();
    }
}
