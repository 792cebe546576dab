using System.Text.Json.Nodes;
using static Kennel.Server.Tests.Samples;

namespace Kennel.Server.Tests;

/// <summary>Resource quotas: charged at once, told at once, given back at once.</summary>
public sealed class QuotaTests
{
    const string Quotas = "/api/v1/namespaces/default/resourcequotas";
    const string Claims = "/api/v1/namespaces/default/persistentvolumeclaims";

    static Task<JsonObject> Quota(TestServer server, string hard, string more = "", string name = "q") =>
        server.Made(Quotas, $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{"hard":{{{hard}}}{{{more}}}}}""");

    static async Task<string> Used(TestServer server, string name = "q") => (await server.Get($"{Quotas}/{name}")).Json["status"]!["used"]!.ToJsonString();

    static string Asking(string resources, string name = "p", string more = "") => Pod(name, more).Replace("\"image\":\"busybox:1\"", $"\"image\":\"busybox:1\",\"resources\":{resources}");

    [Fact]
    public async Task A_quota_tells_what_was_there_before_it()
    {
        await using var server = await TestServer.Start();
        await server.Made(Pods, Asking("""{"requests":{"cpu":"250m","memory":"1Gi"},"limits":{"cpu":"1"}}"""));
        await server.Made(Services, """{"metadata":{"name":"s"},"spec":{"type":"NodePort","ports":[{"name":"a","port":80},{"name":"b","port":81}]}}""");
        await Quota(server, """{"pods":"10","cpu":"2","requests.cpu":"2","limits.cpu":"4","requests.memory":"2Gi","services":"5","services.nodeports":"5","count/services":"5","secrets":"9","count/deployments.apps":"1"}""");
        (await Used(server)).ShouldBe("""{"count/deployments.apps":"0","count/services":"2","cpu":"250m","limits.cpu":"1","pods":"1","requests.cpu":"250m","requests.memory":"1Gi","secrets":"0","services":"2","services.nodeports":"2"}""");
        (await server.Get($"{Quotas}/q")).Json["status"]!["hard"]!["limits.cpu"]!.GetValue<string>().ShouldBe("4");
    }

    [Fact]
    public async Task What_exceeds_a_quota_is_refused_in_upstreams_words_and_fits_again_when_something_goes()
    {
        await using var server = await TestServer.Start();
        await Quota(server, """{"pods":"1"}""");
        await server.Made(Pods, Pod("a"));
        (await Used(server)).ShouldBe("""{"pods":"1"}""");
        var refused = await server.Post(Pods, Pod("b"));
        (refused.Status, refused.Reason, refused.Message).ShouldBe((403, "Forbidden", "pods \"b\" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1"));
        await server.Delete($"{Pods}/a");
        (await Used(server)).ShouldBe("""{"pods":"0"}""");
        await server.Made(Pods, Pod("b"));
        (await server.Post(Pods, Pod("b"))).Status.ShouldBe(403); // upstream, too, looks at the quota first
    }

    [Theory]
    [InlineData("Succeeded")]
    [InlineData("Failed")]
    public async Task A_finished_pod_counts_only_as_an_object(string phase)
    {
        await using var server = await TestServer.Start();
        await Quota(server, """{"pods":"1","count/pods":"2","cpu":"1"}""");
        await server.Made(Pods, Asking("""{"requests":{"cpu":"1"}}""", "a"));
        await server.Merge($"{Pods}/a/status", $$$"""{"status":{"phase":"{{{phase}}}"}}""");
        (await Used(server)).ShouldBe("""{"count/pods":"1","cpu":"0","pods":"0"}""");
        await server.Made(Pods, Asking("""{"requests":{"cpu":"1"}}""", "b"));
        (await server.Post(Pods, Asking("""{"requests":{"cpu":"1"}}""", "c"))).Message.ShouldBe(
            "pods \"c\" is forbidden: exceeded quota: q, requested: count/pods=1,cpu=1,pods=1, used: count/pods=2,cpu=1,pods=1, limited: count/pods=2,cpu=1,pods=1");
    }

    [Fact]
    public async Task Containers_must_state_what_a_quota_limits()
    {
        await using var server = await TestServer.Start();
        await Quota(server, """{"requests.cpu":"1","limits.memory":"1Gi"}""");
        (await server.Post(Pods, Pod())).Message.ShouldBe("pods \"p\" is forbidden: failed quota: q: must specify limits.memory for: main; requests.cpu for: main");
        (await server.Post(Pods, Asking("""{"requests":{"cpu":"1"}}"""))).Message.ShouldBe("pods \"p\" is forbidden: failed quota: q: must specify limits.memory for: main");
        await server.Made(Pods, Asking("""{"requests":{"cpu":"1"},"limits":{"memory":"1Gi"}}"""));
    }

    [Theory]
    [InlineData("""["BestEffort"]""", "{}", "", 1)]
    [InlineData("""["BestEffort"]""", """{"requests":{"cpu":"1"}}""", "", 0)]
    [InlineData("""["NotBestEffort"]""", """{"requests":{"cpu":"1"}}""", "", 1)]
    [InlineData("""["NotBestEffort"]""", "{}", "", 0)]
    [InlineData("""["Terminating"]""", "{}", ",\"activeDeadlineSeconds\":60", 1)]
    [InlineData("""["Terminating"]""", "{}", "", 0)]
    [InlineData("""["NotTerminating"]""", "{}", "", 1)]
    [InlineData("""["NotTerminating","BestEffort"]""", """{"requests":{"cpu":"1"}}""", "", 0)]
    [InlineData("""["PriorityClass"]""", "{}", ",\"priorityClassName\":\"system-node-critical\"", 1)]
    [InlineData("""["PriorityClass"]""", "{}", "", 0)]
    [InlineData("""["CrossNamespacePodAffinity"]""", "{}", ",\"affinity\":{\"podAffinity\":{\"requiredDuringSchedulingIgnoredDuringExecution\":[{\"topologyKey\":\"a\",\"namespaceSelector\":{}}]}}", 1)]
    [InlineData("""["CrossNamespacePodAffinity"]""", "{}", ",\"affinity\":{\"podAffinity\":{\"requiredDuringSchedulingIgnoredDuringExecution\":[{\"topologyKey\":\"a\"}]}}", 0)]
    public async Task A_quota_with_scopes_is_about_some_pods_only(string scopes, string resources, string more, int used)
    {
        await using var server = await TestServer.Start();
        await Quota(server, """{"pods":"1"}""", ",\"scopes\":" + scopes);
        await server.Made(Pods, Asking(resources, "a", more));
        (await Used(server)).ShouldBe($$"""{"pods":"{{used}}"}""");
        (await server.Post(Pods, Asking(resources, "b", more))).Status.ShouldBe(used == 1 ? 403 : 201);
    }

    [Theory]
    [InlineData("In", "[\"high\"]", "high", 1)]
    [InlineData("In", "[\"high\"]", "low", 0)]
    [InlineData("In", "[\"high\"]", null, 0)]
    [InlineData("NotIn", "[\"high\"]", "low", 1)]
    [InlineData("NotIn", "[\"high\"]", null, 1)]
    [InlineData("DoesNotExist", "[]", null, 1)]
    [InlineData("DoesNotExist", "[]", "low", 0)]
    public async Task A_scope_selects_by_the_priority_class(string op, string values, string? name, int used)
    {
        await using var server = await TestServer.Start();
        foreach (var one in (string[])["high", "low"]) await server.Made("/apis/scheduling.k8s.io/v1/priorityclasses", $$$"""{"metadata":{"name":"{{{one}}}"},"value":1}""");
        await Quota(server, """{"pods":"1"}""", $$$""","scopeSelector":{"matchExpressions":[{"scopeName":"PriorityClass","operator":"{{{op}}}","values":{{{values}}}}]}""");
        await server.Made(Pods, Pod("a", name is null ? "" : $",\"priorityClassName\":\"{name}\""));
        (await Used(server)).ShouldBe($$"""{"pods":"{{used}}"}""");
    }

    [Fact]
    public async Task Claims_count_by_number_by_size_and_by_class_also_when_they_grow()
    {
        await using var server = await TestServer.Start();
        await Quota(server, """{"persistentvolumeclaims":"3","requests.storage":"10Gi","gold.storageclass.storage.k8s.io/requests.storage":"5Gi","gold.storageclass.storage.k8s.io/persistentvolumeclaims":"1"}""");
        static string Claim(string name, string size, string kind) => $$$$"""{"metadata":{"name":"{{{{name}}}}"},"spec":{"accessModes":["ReadWriteOnce"],"storageClassName":"{{{{kind}}}}","resources":{"requests":{"storage":"{{{{size}}}}"} } } }""";
        await server.Made(Claims, Claim("a", "5Gi", "gold"));
        (await server.Post(Claims, Claim("b", "1Gi", "gold"))).Message.ShouldBe(
            "persistentvolumeclaims \"b\" is forbidden: exceeded quota: q, requested: gold.storageclass.storage.k8s.io/persistentvolumeclaims=1,gold.storageclass.storage.k8s.io/requests.storage=1Gi, used: gold.storageclass.storage.k8s.io/persistentvolumeclaims=1,gold.storageclass.storage.k8s.io/requests.storage=5Gi, limited: gold.storageclass.storage.k8s.io/persistentvolumeclaims=1,gold.storageclass.storage.k8s.io/requests.storage=5Gi");
        await server.Made(Claims, Claim("c", "4Gi", "local-path"));
        await server.Made("/apis/storage.k8s.io/v1/storageclasses", """{"metadata":{"name":"gold"},"provisioner":"x","allowVolumeExpansion":true}""");
        await server.Merge($"{Claims}/a/status", """{"status":{"phase":"Bound"}}""");
        (await server.Merge($"{Claims}/a", """{"spec":{"resources":{"requests":{"storage":"6Gi"}}}}""")).Message.ShouldNotBeNull().ShouldContain("exceeded quota: q, requested: gold.storageclass.storage.k8s.io/requests.storage=1Gi, used: gold.storageclass.storage.k8s.io/requests.storage=5Gi");
        (await Used(server)).ShouldBe("""{"gold.storageclass.storage.k8s.io/persistentvolumeclaims":"1","gold.storageclass.storage.k8s.io/requests.storage":"5Gi","persistentvolumeclaims":"2","requests.storage":"9Gi"}""");
    }

    [Fact]
    public async Task A_service_that_becomes_a_node_port_is_charged_for_the_difference()
    {
        await using var server = await TestServer.Start();
        await Quota(server, """{"services.nodeports":"1","services.loadbalancers":"0"}""");
        await server.Made(Services, """{"metadata":{"name":"s"},"spec":{"ports":[{"name":"a","port":80},{"name":"b","port":81}]}}""");
        (await server.Merge($"{Services}/s", """{"spec":{"type":"NodePort"}}""")).Message.ShouldBe("services \"s\" is forbidden: exceeded quota: q, requested: services.nodeports=2, used: services.nodeports=0, limited: services.nodeports=1");
        (await server.Merge($"{Services}/s", """{"spec":{"type":"LoadBalancer","allocateLoadBalancerNodePorts":false}}""")).Message.ShouldNotBeNull().ShouldContain("requested: services.loadbalancers=1");
    }

    [Fact]
    public async Task Every_kind_can_be_counted_by_its_full_name()
    {
        await using var server = await TestServer.Start();
        await Quota(server, """{"count/statefulsets.apps":"1","count/configmaps":"1","secrets":"0"}""");
        await server.Made(Sets, Set());
        (await server.Post(Sets, Set("other"))).Message.ShouldBe("statefulsets.apps \"other\" is forbidden: exceeded quota: q, requested: count/statefulsets.apps=1, used: count/statefulsets.apps=1, limited: count/statefulsets.apps=1");
        (await server.Post("/api/v1/namespaces/default/secrets", """{"metadata":{"name":"s"}}""")).Status.ShouldBe(403);
        (await server.Merge($"{Sets}/web", """{"spec":{"replicas":9}}""")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_quota_that_becomes_larger_lets_more_in_and_one_that_goes_all()
    {
        await using var server = await TestServer.Start();
        await Quota(server, """{"pods":"1"}""");
        await server.Made(Pods, Pod("a"));
        await server.Merge($"{Quotas}/q", """{"spec":{"hard":{"pods":"2"}}}""");
        (await server.Get($"{Quotas}/q")).Json["status"]!["hard"]!.ToJsonString().ShouldBe("""{"pods":"2"}""");
        await server.Made(Pods, Pod("b"));
        (await server.Post(Pods, Pod("c"))).Status.ShouldBe(403);
        await server.Delete($"{Quotas}/q");
        await server.Made(Pods, Pod("c"));
    }

    [Fact]
    public async Task Of_two_quotas_both_must_have_room()
    {
        await using var server = await TestServer.Start();
        await Quota(server, """{"pods":"5"}""", name: "a");
        await Quota(server, """{"pods":"1"}""", name: "b");
        await server.Made(Pods, Pod("a"));
        (await server.Post(Pods, Pod("b"))).Message.ShouldNotBeNull().ShouldContain("exceeded quota: b,");
        (await Used(server, "a")).ShouldBe("""{"pods":"1"}""");
    }

    [Fact]
    public async Task What_is_not_stored_is_not_charged()
    {
        await using var server = await TestServer.Start();
        await Quota(server, """{"pods":"2"}""");
        (await server.Send("POST", Pods + "?dryRun=All", Pod("a"))).Status.ShouldBe(201);
        await server.Made(Pods, Pod("a"));
        (await server.Post(Pods, Pod("a"))).Status.ShouldBe(409);
        (await server.Post(Pods, Pod("a").Replace("busybox:1", ""))).Status.ShouldBe(422);
        (await Used(server)).ShouldBe("""{"pods":"1"}""");
        await server.Made(Pods, Pod("b"));
        (await server.Send("POST", Pods + "?dryRun=All", Pod("c"))).Status.ShouldBe(403);
    }

    [Fact]
    public async Task A_pod_that_should_be_gone_by_now_makes_room()
    {
        var clock = new Clock();
        await using var server = await TestServer.Start(time: clock);
        await Quota(server, """{"pods":"1"}""");
        await server.Made(Pods, Pod("a", ",\"nodeName\":\"lost\""));
        await server.Delete($"{Pods}/a");
        clock.Now += TimeSpan.FromSeconds(60);
        (await server.Post(Pods, Pod("b"))).Status.ShouldBe(403); // until its end of grace and as long again, as upstream counts
        clock.Now += TimeSpan.FromSeconds(1);
        await server.Made(Pods, Pod("b"));
    }

    sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }

    /// <summary>Sixteen clients make and delete pods, and the quota holds after every step; at the end it tells the truth.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task However_many_write_at_once_a_quota_holds(int seed)
    {
        await using var server = await TestServer.Start();
        await Quota(server, """{"pods":"5","requests.cpu":"1"}""");
        async Task Client(int client)
        {
            await Task.Yield();
            var random = new Random(seed * 1000 + client);
            for (var i = 0; i < 40; i++)
            {
                var name = $"p{random.Next(12)}";
                switch (random.Next(4))
                {
                    case 0: await server.Delete($"{Pods}/{name}"); break;
                    case 1: await server.Merge($"{Pods}/{name}/status", """{"status":{"phase":"Succeeded"}}"""); break;
                    default: await server.Post(Pods, Asking("""{"requests":{"cpu":"150m"}}""", name)); break;
                }
                if (i % 16 == client) await server.Merge($"{Quotas}/q", $$$$"""{"spec":{"hard":{"pods":"5","requests.cpu":"1","configmaps":"{{{{i}}}}"}}}""");
                Pods5((await server.Get(Pods)).Json).ShouldBeLessThanOrEqualTo(5);
            }
        }
        await Task.WhenAll(Enumerable.Range(0, 16).Select(Client));
        var status = (await server.Get($"{Quotas}/q")).Json["status"]!["used"]!;
        status["pods"]!.GetValue<string>().ShouldBe($"{Pods5((await server.Get(Pods)).Json)}");
    }

    static int Pods5(JsonObject list) => list["items"]!.AsArray().Count(p => p!["status"]!["phase"]!.GetValue<string>() == "Pending");

    [Fact]
    public async Task A_quota_of_one_lets_one_of_many_in()
    {
        await using var server = await TestServer.Start();
        await Quota(server, """{"secrets":"1"}""");
        var replies = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => server.Post("/api/v1/namespaces/default/secrets", $$$"""{"metadata":{"name":"s{{{i}}}"}}""")));
        replies.Count(r => r.Status == 201).ShouldBe(1);
    }

    [Fact]
    public async Task A_new_server_over_the_same_store_knows_what_was_taken()
    {
        await using var server = await TestServer.Start();
        await Quota(server, """{"pods":"1"}""");
        await server.Made(Pods, Pod("a"));
        var again = new Pipeline(new ServerOptions(server.Store) { Random = new Random(8), NewId = Guid.NewGuid });
        await again.Load();
        var answer = (Answer)await again.Handle(ApiRequest.To("POST", Pods, User.Loopback) with { Body = System.Text.Encoding.UTF8.GetBytes(Pod("b")) });
        answer.Status.ShouldBe(403);
    }
}
