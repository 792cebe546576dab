using Kennel.Walkthrough.Tests.Running;

namespace Kennel.Walkthrough.Tests;

/// <summary>A Job, a CronJob and a DaemonSet with real containers.</summary>
public sealed class BatchContainerTests(BusyboxCluster fixture) : IClassFixture<BusyboxCluster>
{
    readonly Cluster _cluster = fixture.Cluster;

    [Fact]
    public async Task A_job_does_its_work_by_index_and_its_output_stays()
    {
        await _cluster.Ok("apply -f -", Job("squares", "completionMode: Indexed\n  completions: 3\n  parallelism: 2", "echo $((JOB_COMPLETION_INDEX * JOB_COMPLETION_INDEX)) on $(hostname)"));
        await _cluster.Ok("wait --for=condition=complete job/squares --timeout=90s");
        var pod = await _cluster.Ok("get pods -l batch.kubernetes.io/job-name=squares,batch.kubernetes.io/job-completion-index=2 -o name");
        (await _cluster.Ok($"logs {pod.Trim()}")).ShouldBe("4 on squares-2\n");
        (await _cluster.Ok("get job squares -o jsonpath={.status.succeeded}/{.status.completedIndexes}")).ShouldBe("3/0-2");
    }

    [Fact]
    public async Task A_rule_about_an_exit_code_fails_a_job_at_once()
    {
        await _cluster.Ok("apply -f -", Job("strict", "backoffLimit: 6\n  podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {operator: In, values: [42]}}]}", "exit 42"));
        await _cluster.Ok("wait --for=condition=failed job/strict --timeout=60s");
        (await _cluster.Ok("get job strict -o jsonpath={.status.conditions[?(@.type==\"Failed\")].message}")).ShouldMatch(@"Container c for pod default/strict-\w{5} failed with exit code 42 matching FailJob rule at index 0");
    }

    [Fact]
    public async Task A_cron_job_runs_and_a_daemon_set_serves_on_the_node()
    {
        await _cluster.Ok("apply -f -", $$$$$$"""
            apiVersion: batch/v1
            kind: CronJob
            metadata: {name: tick}
            spec:
              schedule: "@every 1s"
              concurrencyPolicy: Forbid
              jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: "{{{{{{Busybox.Name}}}}}}", command: [sh, -c, "echo tick"]}]}}}}
            ---
            apiVersion: apps/v1
            kind: DaemonSet
            metadata: {name: agent}
            spec:
              selector: {matchLabels: {app: agent}}
              template:
                metadata: {labels: {app: agent}}
                spec: {containers: [{name: c, image: "{{{{{{Busybox.Name}}}}}}", command: [sh, -c, "exec sleep 100000"]}]}
            """);
        await _cluster.Ok("rollout status ds/agent --timeout=60s");
        await _cluster.Until("get jobs -w -o jsonpath={.metadata.name}/{.status.succeeded}{\"\\n\"}", lines => lines.Any(l => l.StartsWith("tick-", StringComparison.Ordinal) && l.EndsWith("/1", StringComparison.Ordinal)));
        await _cluster.Ok("delete cronjob/tick ds/agent");
    }

    static string Job(string name, string spec, string script) => $$$$$$"""
        apiVersion: batch/v1
        kind: Job
        metadata: {name: {{{{{{name}}}}}}}
        spec:
          {{{{{{spec}}}}}}
          template: {spec: {restartPolicy: Never, containers: [{name: c, image: "{{{{{{Busybox.Name}}}}}}", command: [sh, -c, "{{{{{{script}}}}}}"]}]}}
        """;
}

/// <summary>One cluster with real containers and a small image.</summary>
public sealed class BusyboxCluster : IAsyncLifetime
{
    public Cluster Cluster { get; } = new("containerd");

    public async Task InitializeAsync()
    {
        await Cluster.Start();
        await Busybox.Load(Cluster);
    }

    public async Task DisposeAsync() => await Cluster.DisposeAsync();
}
