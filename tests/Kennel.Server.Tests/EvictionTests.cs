using System.Text.Json.Nodes;
using static Kennel.Server.Tests.Samples;

namespace Kennel.Server.Tests;

/// <summary>An eviction asks the disruption budget of its pod.</summary>
public sealed class EvictionTests
{
    const string Budgets = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";

    static string Body(string more = "") => $$$"""{"kind":"Eviction","apiVersion":"policy/v1","metadata":{"name":"p","namespace":"default"}{{{more}}}}""";

    static async Task<TestServer> Started(string phase = "Running", bool ready = true)
    {
        var server = await TestServer.Start();
        await server.Made(Pods, Pod().Replace("\"name\":\"p\"", "\"name\":\"p\",\"labels\":{\"app\":\"web\"}").Replace("}]", "}],\"nodeName\":\"n\""));
        (await server.Merge($"{Pods}/p/status", $$$"""{"status":{"phase":"{{{phase}}}","conditions":[{"type":"Ready","status":"{{{ready}}}"}]}}""")).Status.ShouldBe(200);
        return server;
    }

    static async Task Budget(TestServer server, string status, string spec = "", string name = "b", string selector = "{\"matchLabels\":{\"app\":\"web\"}}")
    {
        await server.Made(Budgets, $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{"minAvailable":1,"selector":{{{selector}}}{{{spec}}}}}""");
        (await server.Merge($"{Budgets}/{name}/status", $$$"""{"status":{{{status}}}}""")).Status.ShouldBe(200);
    }

    const string Free = """{"observedGeneration":1,"disruptionsAllowed":1,"currentHealthy":2,"desiredHealthy":1,"expectedPods":2}""";
    const string Spent = """{"observedGeneration":1,"disruptionsAllowed":0,"currentHealthy":1,"desiredHealthy":1,"expectedPods":2}""";

    [Fact]
    public async Task A_pod_without_a_budget_goes_and_is_told_why()
    {
        await using var server = await Started();
        var reply = await server.Post($"{Pods}/p/eviction", Body());
        (reply.Status, reply.Json["status"]!.GetValue<string>(), reply.Json["code"]!.GetValue<int>()).ShouldBe((201, "Success", 201));
        var pod = (await server.Get($"{Pods}/p")).Json;
        pod["metadata"]!["deletionTimestamp"].ShouldNotBeNull();
        var condition = pod["status"]!["conditions"]!.AsArray().Single(c => c!["type"]!.GetValue<string>() == "DisruptionTarget")!;
        (condition["status"]!.GetValue<string>(), condition["reason"]!.GetValue<string>(), condition["message"]!.GetValue<string>()).ShouldBe(("True", "EvictionByEvictionAPI", "Eviction API: evicting"));
    }

    [Fact]
    public async Task An_eviction_takes_one_from_the_budget_and_says_which_pod()
    {
        await using var server = await Started();
        await Budget(server, Free);
        (await server.Post($"{Pods}/p/eviction", Body())).Status.ShouldBe(201);
        var status = (await server.Get($"{Budgets}/b")).Json["status"]!;
        status["disruptionsAllowed"]!.GetValue<int>().ShouldBe(0);
        status["disruptedPods"]!.AsObject().Select(p => p.Key).ShouldBe(["p"]);
        status["conditions"]!.AsArray().Single()!["reason"]!.GetValue<string>().ShouldBe("InsufficientPods");
    }

    [Fact]
    public async Task A_spent_budget_refuses_with_upstreams_words_and_changes_nothing()
    {
        await using var server = await Started();
        await Budget(server, Spent);
        var reply = await server.Post($"{Pods}/p/eviction", Body());
        (reply.Status, reply.Reason, reply.Message).ShouldBe((429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget."));
        reply.Json["details"]!.ToJsonString().ShouldBe("""{"causes":[{"reason":"DisruptionBudget","message":"The disruption budget b needs 1 healthy pods and has 1 currently"}]}""");
        var pod = (await server.Get($"{Pods}/p")).Json;
        (pod["metadata"]!["deletionTimestamp"], pod["status"]!["conditions"]!.AsArray().Count).ShouldBe((null, 1));
    }

    [Theory]
    [InlineData("""{"observedGeneration":0,"disruptionsAllowed":1,"currentHealthy":2,"desiredHealthy":1,"expectedPods":2}""", 429, "The disruption budget b is still being processed by the server.")]
    [InlineData("""{"observedGeneration":1,"disruptionsAllowed":0,"currentHealthy":2,"desiredHealthy":1,"expectedPods":2,"conditions":[{"type":"DisruptionAllowed","status":"False","reason":"SyncFailed","message":"nobody knows","lastTransitionTime":"2026-01-01T00:00:00Z"}]}""", 429, "The disruption budget b does not allow evicting pods currently because it failed sync: nobody knows")]
    [InlineData("""{"observedGeneration":1,"disruptionsAllowed":0,"currentHealthy":2,"desiredHealthy":1,"expectedPods":0}""", 429, "The disruption budget b does not allow evicting pods currently")]
    public async Task The_cause_says_what_is_wrong_with_the_budget(string status, int code, string cause)
    {
        await using var server = await Started();
        await Budget(server, status);
        var reply = await server.Post($"{Pods}/p/eviction", Body());
        reply.Status.ShouldBe(code, reply.Text);
        reply.Json["details"]!["causes"]![0]!["message"]!.GetValue<string>().ShouldBe(cause);
    }

    [Theory]
    [InlineData("Running", false, "", Spent, 201)] // enough healthy ones without it
    [InlineData("Running", false, "", """{"observedGeneration":1,"disruptionsAllowed":0,"currentHealthy":0,"desiredHealthy":1,"expectedPods":2}""", 429)]
    [InlineData("Running", false, ",\"unhealthyPodEvictionPolicy\":\"AlwaysAllow\"", """{"observedGeneration":1,"disruptionsAllowed":0,"currentHealthy":0,"desiredHealthy":1,"expectedPods":2}""", 201)]
    [InlineData("Running", true, ",\"unhealthyPodEvictionPolicy\":\"AlwaysAllow\"", Spent, 429)]
    [InlineData("Pending", true, "", Spent, 201)]
    [InlineData("Succeeded", true, "", Spent, 201)]
    [InlineData("Failed", true, "", Spent, 201)]
    public async Task A_pod_that_counts_for_nothing_goes_whatever_the_budget_says(string phase, bool ready, string spec, string status, int code)
    {
        await using var server = await Started(phase, ready);
        await Budget(server, status, spec);
        (await server.Post($"{Pods}/p/eviction", Body())).Status.ShouldBe(code);
        (await server.Get($"{Budgets}/b")).Json["status"]!["disruptionsAllowed"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task Two_budgets_for_a_pod_are_a_mistake()
    {
        await using var server = await Started();
        await Budget(server, Free);
        await Budget(server, Free, name: "c");
        var reply = await server.Post($"{Pods}/p/eviction", Body());
        (reply.Status, reply.Message).ShouldBe((500, "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"matchLabels\":{\"app\":\"other\"}}")]
    public async Task A_budget_that_covers_others_or_everybody_does_not_count(string selector)
    {
        await using var server = await Started();
        await Budget(server, Spent, selector: selector);
        (await server.Post($"{Pods}/p/eviction", Body())).Status.ShouldBe(201);
    }

    [Theory]
    [InlineData("?dryRun=All", "", Free, 201)]
    [InlineData("", ",\"deleteOptions\":{\"dryRun\":[\"All\"]}", Free, 201)]
    [InlineData("?dryRun=All", "", Spent, 429)]
    public async Task A_dry_run_only_asks(string query, string more, string status, int code)
    {
        await using var server = await Started();
        await Budget(server, status);
        var before = (await server.Get($"{Budgets}/b")).Text;
        (await server.Post($"{Pods}/p/eviction{query}", Body(more))).Status.ShouldBe(code);
        (await server.Get($"{Budgets}/b")).Text.ShouldBe(before);
        (await server.Get($"{Pods}/p")).Metadata["deletionTimestamp"].ShouldBeNull();
    }

    [Theory]
    [InlineData(",\"deleteOptions\":{\"preconditions\":{\"uid\":\"other\"}}", 409)]
    [InlineData(",\"deleteOptions\":{\"preconditions\":{\"resourceVersion\":\"1\"}}", 409)]
    [InlineData(",\"deleteOptions\":{\"gracePeriodSeconds\":7}", 201)]
    public async Task Conditions_and_grace_of_the_eviction_are_those_of_the_deletion(string more, int code)
    {
        await using var server = await Started();
        (await server.Post($"{Pods}/p/eviction", Body(more))).Status.ShouldBe(code);
        var metadata = (await server.Get($"{Pods}/p")).Metadata;
        metadata["deletionGracePeriodSeconds"]?.GetValue<int>().ShouldBe(7);
        (metadata["deletionTimestamp"] is not null).ShouldBe(code == 201);
    }

    [Fact]
    public async Task Of_many_evictions_at_once_only_as_many_succeed_as_the_budget_allows()
    {
        await using var server = await Started();
        await Budget(server, Free.Replace("\"disruptionsAllowed\":1", "\"disruptionsAllowed\":3"));
        for (var i = 0; i < 10; i++)
        {
            await server.Made(Pods, Pod($"p{i}").Replace($"\"name\":\"p{i}\"", $"\"name\":\"p{i}\",\"labels\":{{\"app\":\"web\"}}").Replace("}]", "}],\"nodeName\":\"n\""));
            await server.Merge($"{Pods}/p{i}/status", """{"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}}""");
        }
        var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => server.Post($"{Pods}/p{i}/eviction", Body().Replace("\"p\"", $"\"p{i}\""))));
        replies.Count(r => r.Status == 201).ShouldBe(3);
        (await server.Get($"{Budgets}/b")).Json["status"]!["disruptedPods"]!.AsObject().Count.ShouldBe(3);
    }
}
