using Kennel.Walkthrough.Tests.Running;

namespace Kennel.Walkthrough.Tests;

/// <summary>Jobs, CronJobs and DaemonSets as people use them, with the oldest and the newest kubectl, where no containers are needed.</summary>
public sealed class BatchTests(SimulatedCluster fixture) : IClassFixture<SimulatedCluster>
{
    readonly Cluster _cluster = fixture.Cluster;

    [Theory]
    [MemberData(nameof(KubectlVersions.OldestAndNewest), MemberType = typeof(KubectlVersions))]
    public async Task Jobs_run_to_their_end(string kubectl)
    {
        var run = await Space("job", kubectl);
        Task<string> Ok(string command, string? input = null) => run(command, input);

        (await Ok("create job hello --image=busybox -- date")).ShouldBe("job.batch/hello created\n");
        await Ok("wait --for=condition=complete job/hello --timeout=30s");
        (await Ok("get job hello -o wide")).ShouldMatch(@"NAME +(STATUS +)?COMPLETIONS +DURATION +AGE +CONTAINERS +IMAGES +SELECTOR\nhello +(Complete +)?1/1 +\ds +\ds +hello +busybox +batch.kubernetes.io/controller-uid=\S+\n");
        (await Ok("get pods -l job-name=hello")).ShouldMatch(@"hello-\w{5} +0/1 +Completed +0 ");
        (await Ok("describe job hello")).ShouldMatch(@"Pods Statuses: +0 Active[^\n]*/ 1 Succeeded / 0 Failed");
        await Ok("apply -f -", Manifest("rows", "completions: 4\n  parallelism: 2\n  completionMode: Indexed", ""));
        await Ok("wait --for=condition=complete job/rows --timeout=30s");
        (await Ok("get job rows -o jsonpath={.status.completedIndexes}")).ShouldBe("0-3");
        (await Ok("get pods -l batch.kubernetes.io/job-completion-index=3 -o jsonpath={.items[*].spec.hostname}")).ShouldBe("rows-3");
        (await Ok("apply -f -", Manifest("rows", "completions: 4\n  parallelism: 2\n  completionMode: Indexed", ""))).ShouldBe("job.batch/rows unchanged\n");

        await Ok("apply -f -", Manifest("broken", "backoffLimit: 0", "kennel.io/simulated-exit: '3 after 200ms'"));
        await Ok("wait --for=condition=failed job/broken --timeout=30s");
        (await Ok("get job broken -o jsonpath={.status.conditions[?(@.type==\"Failed\")].reason}")).ShouldBe("BackoffLimitExceeded");
        (await Ok("get pods -l job-name=broken -o jsonpath={.items[0].status.containerStatuses[0].state.terminated.exitCode}")).ShouldBe("3");

        await Ok("apply -f -", Manifest("paused", "suspend: true", ""));
        (await Ok("get pods -l job-name=paused -o name")).ShouldBe("");
        await Ok("patch job paused -p {\"spec\":{\"suspend\":false}}");
        await Ok("wait --for=condition=complete job/paused --timeout=30s");

        await Ok("apply -f -", Manifest("brief", "ttlSecondsAfterFinished: 0", ""));
        await Ok("wait --for=delete job/brief --timeout=30s");
        await Ok("delete job hello rows");
        await Ok("wait --for=delete pod -l job-name=hello --timeout=30s");
    }

    [Theory]
    [MemberData(nameof(KubectlVersions.OldestAndNewest), MemberType = typeof(KubectlVersions))]
    public async Task Cron_jobs_make_jobs_by_the_clock_and_by_hand(string kubectl)
    {
        var run = await Space("cron", kubectl);
        Task<string> Ok(string command, string? input = null) => run(command, input);

        (await Ok("create cronjob nightly --image=busybox --schedule=@yearly -- date")).ShouldBe("cronjob.batch/nightly created\n");
        (await Ok("get cronjob")).ShouldMatch(@"NAME +SCHEDULE +TIMEZONE +SUSPEND +ACTIVE +LAST SCHEDULE +AGE\nnightly +@yearly +<none> +False +0 +<none> +\d+s\n");
        (await Ok("create job now --from=cronjob/nightly")).ShouldBe("job.batch/now created\n");
        await Ok("wait --for=condition=complete job/now --timeout=30s");
        (await Ok("get job now -o jsonpath={.metadata.ownerReferences[0].name}")).ShouldBe("nightly");
        await Ok("patch cronjob nightly -p {\"spec\":{\"suspend\":true}}");
        (await Ok("get cronjob nightly -o jsonpath={.spec.suspend}")).ShouldBe("true");
        (await _cluster.Kubectl("create cronjob odd --image=i --schedule=61", program: kubectl)).Errors.ShouldContain("spec.schedule: Invalid value: \"61\": expected exactly 5 fields, found 1: [61]");

        // Once a second isn't upstream's business, but it is in its library's syntax: so one needn't wait for the minute.
        await Ok("create cronjob often --image=busybox --schedule=@hourly -- date");
        await Ok("patch cronjob often --type=merge -p {\"spec\":{\"schedule\":\"@every\\u00201s\"}}");
        await Ok("wait --for=jsonpath={.status.active[0].kind}=Job cronjob/often --timeout=60s");
        (await Ok("get job -o jsonpath={.items[*].metadata.name}")).ShouldMatch(@"often-\d+");
        await Ok("delete cronjob nightly often");
        await Ok("wait --for=delete job/now --timeout=30s");
    }

    [Theory]
    [MemberData(nameof(KubectlVersions.OldestAndNewest), MemberType = typeof(KubectlVersions))]
    public async Task A_daemon_set_is_on_every_node_and_rolls(string kubectl)
    {
        var run = await Space("ds", kubectl);
        Task<string> Ok(string command, string? input = null) => run(command, input);

        await Ok("apply -f -", """
            apiVersion: apps/v1
            kind: DaemonSet
            metadata: {name: agent}
            spec:
              selector: {matchLabels: {app: agent}}
              template:
                metadata: {labels: {app: agent}}
                spec: {containers: [{name: c, image: "busybox:1"}]}
            """);
        (await Ok("rollout status ds/agent --timeout=30s")).ShouldContain("daemon set \"agent\" successfully rolled out");
        (await Ok("get ds agent")).ShouldMatch(@"NAME +DESIRED +CURRENT +READY +UP-TO-DATE +AVAILABLE +NODE SELECTOR +AGE\nagent +3 +3 +3 +3 +3 +<none> +\d+s\n");
        (await Ok("get pods -o jsonpath={.items[*].spec.nodeName}")).Split(' ').Order(StringComparer.Ordinal).ShouldBe(["sim-0", "sim-1", "sim-2"]);
        await Ok("set image ds/agent c=busybox:2");
        await Ok("rollout status ds/agent --timeout=30s");
        (await Ok("rollout history ds/agent")).ShouldMatch(@"REVISION +CHANGE-CAUSE\n1 +<none>\n2 +<none>\n");
        (await Ok("rollout undo ds/agent")).ShouldContain("rolled back");
        await Ok("rollout status ds/agent --timeout=30s");
        (await Ok("get pods -o jsonpath={.items[*].spec.containers[0].image}")).ShouldBe("busybox:1 busybox:1 busybox:1");
        (await Ok("rollout history ds/agent --revision=3")).ShouldContain("busybox:1");
        await Ok("patch ds agent -p {\"spec\":{\"template\":{\"spec\":{\"nodeSelector\":{\"kubernetes.io/hostname\":\"sim-1\"}}}}}");
        await Ok("wait --for=jsonpath={.status.desiredNumberScheduled}=1 ds/agent --timeout=30s");
        await Ok("rollout status ds/agent --timeout=30s");
        (await Ok("get pods -o jsonpath={.items[*].spec.nodeName}")).ShouldBe("sim-1");
        await Ok("delete ds agent");
        await Ok("wait --for=delete pod -l app=agent --timeout=30s");
    }

    static string Manifest(string name, string spec, string annotation) => $$"""
        apiVersion: batch/v1
        kind: Job
        metadata: {name: {{name}}}
        spec:
          {{spec}}
          template:
            metadata: {annotations: { {{annotation}} } }
            spec: {restartPolicy: Never, containers: [{name: c, image: busybox}]}
        """;

    /// <summary>A namespace of its own, and kubectl in it.</summary>
    async Task<Func<string, string?, Task<string>>> Space(string name, string kubectl)
    {
        var space = $"{name}-{Guid.NewGuid().ToString("N")[..8]}";
        await _cluster.Ok($"create namespace {space}", program: kubectl);
        return (command, input) => _cluster.Ok($"-n {space} {command}", input, kubectl);
    }
}
