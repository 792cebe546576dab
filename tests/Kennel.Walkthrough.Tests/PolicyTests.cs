using Kennel.Walkthrough.Tests.Running;

namespace Kennel.Walkthrough.Tests;

/// <summary>Budgets, quotas, limits and autoscalers, with every kubectl against the whole program.</summary>
public sealed class PolicyTests(SimulatedCluster fixture) : IClassFixture<SimulatedCluster>
{
    readonly Cluster _cluster = fixture.Cluster;

    [Theory]
    [MemberData(nameof(KubectlVersions.All), MemberType = typeof(KubectlVersions))]
    public async Task Drained_nodes_are_left_one_pod_after_another_as_the_budget_allows(string kubectl)
    {
        var space = await Space(kubectl);
        Task<string> Ok(string command, string? input = null) => _cluster.Ok($"-n {space} {command}", input, kubectl);
        await Ok("apply -f -", Web(3) + "\n---\n" + """
            apiVersion: policy/v1
            kind: PodDisruptionBudget
            metadata: {name: web}
            spec: {minAvailable: 2, selector: {matchLabels: {app: web}}}
            """);
        await Ok("rollout status deploy/web --timeout=60s");
        await Ok("wait --for=jsonpath={.status.disruptionsAllowed}=1 pdb/web --timeout=30s");
        (await Ok("get pdb web")).ShouldMatch(@"NAME +MIN AVAILABLE +MAX UNAVAILABLE +ALLOWED DISRUPTIONS +AGE\nweb +2 +N/A +1 ");

        var node = await Ok("get pods -o jsonpath={.items[0].spec.nodeName}");
        var drained = await Ok($"drain {node} --ignore-daemonsets --force --timeout=90s");
        drained.ShouldContain($"node/{node} cordoned");
        drained.ShouldContain($"node/{node} drained");
        (await Ok($"get node {node}")).ShouldContain("Ready,SchedulingDisabled");
        (await Ok("get pods -o jsonpath={.items[*].spec.nodeName}")).Split(' ').ShouldNotContain(node);

        await Ok("rollout status deploy/web --timeout=60s");
        await Ok("patch pdb web --type=merge -p {\"spec\":{\"minAvailable\":3}}");
        var other = await Ok("get pods -o jsonpath={.items[0].spec.nodeName}");
        var refused = await _cluster.Kubectl($"-n {space} drain {other} --ignore-daemonsets --force --timeout=3s", program: kubectl);
        refused.Code.ShouldNotBe(0);
        (refused.Output + refused.Errors).ShouldContain("Cannot evict pod as it would violate the pod's disruption budget.");
        (await Ok($"uncordon {other} {node}")).ShouldContain($"node/{node} uncordoned");
        await _cluster.Ok($"delete namespace {space}", program: kubectl);
    }

    [Theory]
    [MemberData(nameof(KubectlVersions.All), MemberType = typeof(KubectlVersions))]
    public async Task A_set_at_its_quota_says_so_and_goes_on_when_there_is_room(string kubectl)
    {
        var space = await Space(kubectl);
        Task<string> Ok(string command, string? input = null) => _cluster.Ok($"-n {space} {command}", input, kubectl);
        await Ok("create quota few --hard=pods=1,requests.cpu=1,count/statefulsets.apps=1");
        await Ok("apply -f -", """
            apiVersion: v1
            kind: LimitRange
            metadata: {name: usual}
            spec: {limits: [{type: Container, defaultRequest: {cpu: 100m}, default: {cpu: 200m}, max: {cpu: "1"}}]}
            """);
        await Ok("apply -f -", """
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: web}
            spec:
              serviceName: web
              replicas: 2
              selector: {matchLabels: {app: web}}
              template: {metadata: {labels: {app: web}}, spec: {containers: [{name: main, image: busybox}]}}
            """);
        await Ok("wait --for=jsonpath={.status.readyReplicas}=1 sts/web --timeout=60s");
        (await _cluster.Until($"-n {space} get events --field-selector=reason=FailedCreate -o jsonpath={{.items[*].message}}",
            lines => lines.Any(l => l.Contains("exceeded quota: few, requested: pods=1, used: pods=1, limited: pods=1", StringComparison.Ordinal)))).ShouldNotBeEmpty();
        (await Ok("describe quota few")).ShouldMatch(@"pods +1 +1");
        (await Ok("get quota few")).ShouldContain("count/statefulsets.apps: 1/1, pods: 1/1, requests.cpu: 100m/1");
        (await Ok("describe limits usual")).ShouldMatch(@"Container +cpu +- +1 +100m +200m +-");
        (await Ok("get pod web-0 -o jsonpath={.metadata.annotations.kubernetes\\.io/limit-ranger}")).ShouldBe("LimitRanger plugin set: cpu request for container main; cpu limit for container main");
        await Ok("patch quota few --type=merge -p {\"spec\":{\"hard\":{\"pods\":\"3\"}}}");
        await Ok("rollout status sts/web --timeout=60s");
        await _cluster.Ok($"delete namespace {space}", program: kubectl);
    }

    [Theory]
    [MemberData(nameof(KubectlVersions.All), MemberType = typeof(KubectlVersions))]
    public async Task An_autoscaler_brings_its_target_within_bounds(string kubectl)
    {
        var space = await Space(kubectl);
        Task<string> Ok(string command, string? input = null) => _cluster.Ok($"-n {space} {command}", input, kubectl);
        await Ok("apply -f -", Web(1));
        await Ok("autoscale deploy web --min=2 --max=5 --cpu-percent=50");
        await Ok("wait --for=jsonpath={.spec.replicas}=2 deploy/web --timeout=60s");
        await Ok("rollout status deploy/web --timeout=60s");
        (await Ok("get hpa web")).ShouldMatch(@"NAME +REFERENCE +TARGETS +MINPODS +MAXPODS +REPLICAS +AGE\nweb +Deployment/web +cpu: (<unknown>|\d+%)/50% +2 +5 +\d ");
        var described = await Ok("describe hpa web");
        described.ShouldContain("SuccessfulRescale");
        described.ShouldContain("New size: 2; reason: Current number of replicas below Spec.MinReplicas");
        (await Ok("get horizontalpodautoscalers.v1.autoscaling web -o jsonpath={.spec.targetCPUUtilizationPercentage}")).ShouldBe("50");
        await _cluster.Ok($"delete namespace {space}", program: kubectl);
    }

    async Task<string> Space(string kubectl)
    {
        var space = "policy-" + Guid.NewGuid().ToString("N")[..8];
        await _cluster.Ok($"create namespace {space}", program: kubectl);
        return space;
    }

    static string Web(int replicas) => $$$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          replicas: {{{replicas}}}
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec: {containers: [{name: main, image: busybox, resources: {requests: {cpu: 100m} } } ] }
        """;
}
