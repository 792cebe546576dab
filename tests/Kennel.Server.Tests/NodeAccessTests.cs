using static Kennel.Server.Tests.Samples;

namespace Kennel.Server.Tests;

/// <summary>A node sees and writes what concerns itself and its pods.</summary>
public sealed class NodeAccessTests
{
    const string Secrets = "/api/v1/namespaces/default/secrets";
    const string Leases = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";

    static readonly User s_node = User.OfNode("n1");

    [Fact]
    public async Task A_node_reads_what_its_pods_use_from_when_they_come_until_they_are_gone()
    {
        await using var server = await TestServer.Start();
        await server.Made(ConfigMaps, ConfigMap("kube-root-ca.crt"));
        foreach (var name in (string[])["env", "volume", "pull", "other"]) await server.Made(Secrets, $$$"""{"metadata":{"name":"{{{name}}}"}}""");
        Task<Reply> Read(string name, string kind = "secrets") => server.Send("GET", $"/api/v1/namespaces/default/{kind}/{name}", user: s_node);
        (await Read("env")).Message.ShouldBe(
            "secrets \"env\" is forbidden: User \"system:node:n1\" cannot get resource \"secrets\" in API group \"\" in the namespace \"default\": no relationship found between node 'n1' and this object");
        await server.Made(Pods, Pod("p", ",\"nodeName\":\"n1\",\"imagePullSecrets\":[{\"name\":\"pull\"}],\"volumes\":[{\"name\":\"v\",\"secret\":{\"secretName\":\"volume\"}}]")
            .Replace("\"image\":\"busybox:1\"", "\"image\":\"busybox:1\",\"env\":[{\"name\":\"A\",\"valueFrom\":{\"secretKeyRef\":{\"name\":\"env\",\"key\":\"k\"}}}]"));
        foreach (var name in (string[])["env", "volume", "pull"]) (await Read(name)).Status.ShouldBe(200, name);
        (await Read("other")).Status.ShouldBe(403);
        (await Read("kube-root-ca.crt", "configmaps")).Status.ShouldBe(200);
        (await Read("p", "pods")).Status.ShouldBe(200);
        (await server.Send("GET", $"{Secrets}/env", user: User.OfNode("n2"))).Status.ShouldBe(403);
        (await server.Send("GET", Secrets, user: s_node)).Status.ShouldBe(403);
        await server.Delete($"{Pods}/p", """{"gracePeriodSeconds":0}""");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await Read("env")).Status == 200) await Task.Delay(1, patience.Token);
    }

    [Fact]
    public async Task A_volume_is_read_by_the_node_whose_pod_claims_it()
    {
        await using var server = await TestServer.Start();
        await server.Made("/api/v1/persistentvolumes",
            """{"metadata":{"name":"v"},"spec":{"accessModes":["ReadWriteOnce"],"capacity":{"storage":"1Gi"},"hostPath":{"path":"/tmp/v"},"claimRef":{"namespace":"default","name":"c"}}}""");
        (await server.Send("GET", "/api/v1/persistentvolumes/v", user: s_node)).Status.ShouldBe(403);
        await server.Made(Pods, Pod("p", ",\"nodeName\":\"n1\",\"volumes\":[{\"name\":\"d\",\"persistentVolumeClaim\":{\"claimName\":\"c\"}}]"));
        (await server.Send("GET", "/api/v1/persistentvolumes/v", user: s_node)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_node_reports_itself_and_nobody_else()
    {
        await using var server = await TestServer.Start();
        (await server.Send("POST", "/api/v1/nodes", """{"metadata":{"name":"n1"}}""", user: s_node)).Status.ShouldBe(201);
        (await server.Send("POST", "/api/v1/nodes", """{"metadata":{"name":"n2"}}""", user: s_node)).Message.ShouldBe("nodes \"n2\" is forbidden: node \"n1\" is not allowed to modify node \"n2\"");
        Task<Reply> Patch(string name, string body) => server.Send("PATCH", $"/api/v1/nodes/{name}", body, "application/merge-patch+json", user: s_node);
        (await Patch("n1", """{"metadata":{"labels":{"disk":"ssd"}}}""")).Status.ShouldBe(200);
        (await Patch("n1", """{"metadata":{"labels":{"node-restriction.kubernetes.io/team":"a"}}}""")).Status.ShouldBe(403);
        (await Patch("n1", """{"spec":{"taints":[{"key":"a","effect":"NoSchedule"}]}}""")).Message.ShouldBe("nodes \"n1\" is forbidden: node \"n1\" is not allowed to modify taints");
        (await server.Send("GET", "/api/v1/nodes/n1", user: s_node)).Status.ShouldBe(200);
        (await server.Send("GET", "/api/v1/nodes", user: s_node)).Status.ShouldBe(403);
        (await server.Send("DELETE", "/api/v1/nodes/n1", user: s_node)).Status.ShouldBe(403);
        (await server.Send("POST", Leases, """{"metadata":{"name":"n1"},"spec":{"holderIdentity":"n1"}}""", user: s_node)).Status.ShouldBe(201);
        (await server.Send("POST", Leases, """{"metadata":{"name":"n2"},"spec":{"holderIdentity":"n1"}}""", user: s_node)).Status.ShouldBe(403);
        (await server.Send("GET", $"{Leases}/n2", user: s_node)).Status.ShouldBe(403);
    }

    [Fact]
    public async Task A_node_writes_the_status_of_its_own_pods_and_makes_no_pods_but_mirrors()
    {
        await using var server = await TestServer.Start();
        await server.Made(Pods, Pod("mine", ",\"nodeName\":\"n1\""));
        await server.Made(Pods, Pod("theirs", ",\"nodeName\":\"n2\""));
        Task<Reply> Status(string pod) => server.Send("PATCH", $"{Pods}/{pod}/status", """{"status":{"phase":"Running"}}""", "application/merge-patch+json", user: s_node);
        (await Status("mine")).Status.ShouldBe(200);
        (await Status("theirs")).Message!.ShouldEndWith("node \"n1\" can only update pod status for pods with spec.nodeName set to itself");
        (await server.Send("DELETE", $"{Pods}/theirs", user: s_node)).Status.ShouldBe(403);
        (await server.Send("DELETE", $"{Pods}/mine", user: s_node)).Status.ShouldBe(200);
        (await server.Send("POST", Pods, Pod("new", ",\"nodeName\":\"n1\""), user: s_node)).Message
            .ShouldBe("pods \"new\" is forbidden: pod does not have \"kubernetes.io/config.mirror\" annotation, node \"n1\" can only create mirror pods");
        (await server.Send("POST", Pods, Pod("mirror", ",\"nodeName\":\"n1\"").Replace("\"name\":\"mirror\"", "\"name\":\"mirror\",\"annotations\":{\"kubernetes.io/config.mirror\":\"x\"}"), user: s_node)).Status.ShouldBe(201);
        (await server.Send("GET", $"{Pods}?fieldSelector=spec.nodeName%3Dn1", user: s_node)).Status.ShouldBe(200);
        (await server.Send("GET", Pods, user: s_node)).Status.ShouldBe(403);
    }
}
