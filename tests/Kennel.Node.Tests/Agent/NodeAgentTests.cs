using System.Diagnostics;
using System.Text.Json.Nodes;
using Kennel.Node.Probes;
using Kennel.Node.Runtime;
using Kennel.Node.Simulated;
using Xunit.Abstractions;

namespace Kennel.Node.Tests.Agent;

public sealed class NodeAgentTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_bound_pod_becomes_ready()
    {
        await using var node = new SimulatedNode().Start();
        node.Run("web-0");
        var pod = await node.UntilReady("web-0");
        ((string?)pod["status"]!["phase"]).ShouldBe("Running");
        ((string?)pod["status"]!["podIP"]).ShouldStartWith("10.0.");
        ((string?)pod["status"]!["hostIP"]).ShouldBe("192.168.0.1");
        ((string?)pod["status"]!["qosClass"]).ShouldBe("BestEffort");
        ((string?)pod["status"]!["containerStatuses"]![0]!["containerID"]).ShouldStartWith("simulated://id");
        ((int?)pod["status"]!["observedGeneration"]).ShouldBe(1);
    }

    [Fact]
    public async Task A_ready_pod_costs_one_status_write()
    {
        await using var node = new SimulatedNode().Start();
        node.Run("web-0");
        await node.UntilReady("web-0");
        await Task.Delay(300); // more would come at once, or with the relist
        node.Api.Calls.Count(c => c.StartsWith("PATCH /api/v1/namespaces/default/pods", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task A_deleted_pod_leaves_the_api_after_its_containers()
    {
        await using var node = new SimulatedNode(new SimulatedDelays(Stop: TimeSpan.FromMilliseconds(150))).Start();
        node.Run("web-0");
        await node.UntilReady("web-0");
        node.Api.DeletePod(SimulatedNode.Path("web-0"), 30);
        await node.UntilGone("web-0");
        (await node.Runtime.Snapshot(default)).Sandboxes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_pod_deleted_by_force_is_stopped_although_the_api_forgot_it()
    {
        await using var node = new SimulatedNode().Start();
        node.Run("web-0");
        await node.UntilReady("web-0");
        node.Api.DeletePod(SimulatedNode.Path("web-0"), 0);
        for (var i = 0; i < 1000 && (await node.Runtime.Snapshot(default)).Sandboxes.Count > 0; i++) await Task.Delay(5);
        (await node.Runtime.Snapshot(default)).Sandboxes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_pod_of_the_same_name_waits_until_the_one_before_it_is_stopped()
    {
        await using var node = new SimulatedNode(new SimulatedDelays(Stop: TimeSpan.FromMilliseconds(300))).Start();
        node.Run("web-0", uid: "first");
        await node.UntilReady("web-0");
        node.Api.DeletePod(SimulatedNode.Path("web-0"), 0);
        node.Run("web-0", uid: "second");
        await node.UntilReady("web-0");
        (await node.Runtime.Snapshot(default)).Sandboxes.Select(s => s.Pod.Uid).ShouldBe(["second"]);
    }

    [Fact]
    public async Task A_container_that_exits_is_restarted_alone_and_counted()
    {
        await using var node = new SimulatedNode().Start();
        node.Run("web-0", """[{"name":"a","image":"a:1"},{"name":"b","image":"b:1"}]""");
        var before = await node.UntilReady("web-0");
        node.Runtime.Exit(Id(before, 0), 1);
        var after = await node.Until("web-0", p => (int?)p["status"]!["containerStatuses"]![0]!["restartCount"] == 1 && SimulatedNode.Condition(p, "Ready") == "True");
        Id(after, 1).ShouldBe(Id(before, 1));
        ((int?)after["status"]!["containerStatuses"]![1]!["restartCount"]).ShouldBe(0);
        ((int?)after["status"]!["containerStatuses"]![0]!["lastState"]!["terminated"]!["exitCode"]).ShouldBe(1);
    }

    [Fact]
    public async Task The_second_crash_in_a_row_waits()
    {
        await using var node = new SimulatedNode().Start();
        node.Run("web-0");
        var first = await node.UntilReady("web-0");
        node.Runtime.Exit(Id(first, 0), 1);
        var second = await node.Until("web-0", p => (int?)p["status"]!["containerStatuses"]![0]!["restartCount"] == 1 && SimulatedNode.Condition(p, "Ready") == "True");
        node.Runtime.Exit(Id(second, 0), 1);
        var waiting = await node.Until("web-0", p => (string?)p["status"]!["containerStatuses"]![0]!["state"]!["waiting"]?["reason"] == "CrashLoopBackOff");
        ((string?)waiting["status"]!["containerStatuses"]![0]!["state"]!["waiting"]!["message"]).ShouldBe("back-off 10s restarting failed container=main pod=web-0_default(uid-web-0)");
    }

    [Fact]
    public async Task A_dead_sandbox_is_replaced_with_all_its_containers()
    {
        await using var node = new SimulatedNode().Start();
        node.Run("web-0");
        var before = await node.UntilReady("web-0");
        node.Runtime.CrashNode();
        var after = await node.Until("web-0", p => (int?)p["status"]!["containerStatuses"]![0]!["restartCount"] == 1 && SimulatedNode.Condition(p, "Ready") == "True");
        ((string?)after["status"]!["podIP"]).ShouldNotBe((string?)before["status"]!["podIP"]);
        for (var i = 0; i < 1000 && (await node.Runtime.Snapshot(default)).Sandboxes.Count > 1; i++) await Task.Delay(5);
        (await node.Runtime.Snapshot(default)).Sandboxes.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_agent_that_starts_again_takes_over_what_runs_and_stops_what_nobody_wants()
    {
        var api = new FakeApi();
        SimulatedRuntime runtime;
        string id;
        await using (var first = new SimulatedNode(api: api).Start())
        {
            runtime = first.Runtime;
            first.Run("web-0");
            first.Run("web-1");
            id = Id(await first.UntilReady("web-0"), 0);
            await first.UntilReady("web-1");
        }
        api.DeletePod(SimulatedNode.Path("web-1"), 0);
        await using var second = new SimulatedNode(api: api, runtime: runtime).Start();
        for (var i = 0; i < 1000 && (await runtime.Snapshot(default)).Sandboxes.Count > 1; i++) await Task.Delay(5);
        (await runtime.Snapshot(default)).Sandboxes.Select(s => s.Pod.Name).ShouldBe(["web-0"]);
        Id(await second.UntilReady("web-0"), 0).ShouldBe(id);
    }

    [Fact]
    public async Task Folders_of_pods_that_nobody_knows_are_removed_at_the_start()
    {
        var host = new Kennel.Node.Volumes.MemoryHost();
        host.MakeFolder("/data/pods/old", 0);
        host.WriteFile("/data/pods/old/etc-hosts", [], 0);
        host.MakeFolder("/data/logs/default_web-0_old", 0);
        await using var node = new SimulatedNode(host: host).Start();
        node.Run("web-0");
        await node.UntilReady("web-0");
        host.List("/data/pods").ShouldBe(["uid-web-0"]);
        host.List("/data/logs").ShouldNotContain("default_web-0_old");
    }

    [Fact]
    public async Task Init_containers_run_in_order_before_the_others()
    {
        await using var node = new SimulatedNode().Start();
        node.Run("web-0", more: ""","initContainers":[{"name":"one","image":"i:1"},{"name":"two","image":"i:1"},{"name":"side","image":"i:1","restartPolicy":"Always"}]""");
        var pod = await node.UntilReady("web-0");
        var inits = pod["status"]!["initContainerStatuses"]!.AsArray();
        ((string?)inits[0]!["state"]!["terminated"]!["reason"]).ShouldBe("Completed");
        ((string?)inits[1]!["state"]!["terminated"]!["reason"]).ShouldBe("Completed");
        inits[2]!["state"]!["running"].ShouldNotBeNull();
        SimulatedNode.Condition(pod, "Initialized").ShouldBe("True");
    }

    [Fact]
    public async Task A_readiness_probe_holds_readiness_back()
    {
        var passes = false;
        await using var node = new SimulatedNode(prober: new SimulatedProber(_ => new(Volatile.Read(ref passes), "no"))).Start();
        node.Run("web-0", """[{"name":"main","image":"app:1","readinessProbe":{"httpGet":{"port":80},"periodSeconds":1}}]""");
        var pod = await node.Until("web-0", p => (string?)p["status"]!["phase"] == "Running");
        SimulatedNode.Condition(pod, "Ready").ShouldBe("False");
        Volatile.Write(ref passes, true);
        await node.UntilReady("web-0");
    }

    [Fact]
    public async Task A_container_that_was_started_while_the_runtime_was_asked_is_left_alone()
    {
        var ids = 0;
        var calls = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var runtime = new SimulatedRuntime(TimeProvider.System, () => $"id{Interlocked.Increment(ref ids)}", () => "10.0.0.1",
            new SimulatedDelays(Start: TimeSpan.FromMilliseconds(60), Look: TimeSpan.FromMilliseconds(150)));
        runtime.Fault = (call, _) =>
        {
            calls.Enqueue(call);
            if (call == "StartContainer") runtime.LoseEvents(); // the answer will be from before the start
            return null;
        };
        await using var node = new SimulatedNode(runtime: runtime).Start();
        node.Run("web-0");
        await node.UntilReady("web-0");
        calls.ShouldNotContain("RemoveContainer");
        calls.Count(c => c == "StartContainer").ShouldBe(1);
    }

    [Fact]
    public async Task What_a_pod_waits_for_names_the_probes_last_failure()
    {
        var answer = new ProbeAnswer(false, "", ExitCode: 1);
        await using var node = new SimulatedNode(prober: new SimulatedProber(_ => Volatile.Read(ref answer))).Start();
        node.Run("web-0", """[{"name":"main","image":"app:1","readinessProbe":{"exec":{"command":["test","-f","/ready"]},"periodSeconds":1}}]""");
        Task Waits(params string[] what) => node.Eventually(() => node.Agent!.Waiting().Select(w => $"{w.Node} {w.Pod}: {w.For}").SequenceEqual(what) ? what : null, () => string.Join('\n', node.Agent!.Waiting()));
        await Waits("sim-0 default/web-0: container main to pass its readiness probe: readiness probe failed, exit 1");
        Volatile.Write(ref answer, new(false, "not yet\n", ExitCode: 2));
        await Waits("sim-0 default/web-0: container main to pass its readiness probe: readiness probe failed, exit 2: not yet");
        Volatile.Write(ref answer, ProbeAnswer.Yes);
        await Waits();
    }

    [Fact]
    public async Task A_failed_liveness_probe_restarts_the_container()
    {
        var asked = 0;
        await using var node = new SimulatedNode(prober: new SimulatedProber(_ => new(Interlocked.Increment(ref asked) > 1, "dead"))).Start();
        node.Run("web-0", """[{"name":"main","image":"app:1","livenessProbe":{"tcpSocket":{"port":80},"periodSeconds":1,"failureThreshold":1}}]""");
        await node.Until("web-0", p => (int?)p["status"]!["containerStatuses"]?[0]!["restartCount"] == 1 && SimulatedNode.Condition(p, "Ready") == "True");
    }

    [Fact]
    [Trait("Behaviour", "SS-1310")]
    public async Task A_pod_whose_host_port_is_taken_is_rejected()
    {
        await using var node = new SimulatedNode().Start();
        const string Containers = """[{"name":"main","image":"app:1","ports":[{"containerPort":80,"hostPort":21017}]}]""";
        node.Run("one", Containers);
        await node.UntilReady("one");
        node.Run("two", Containers);
        var pod = await node.Until("two", p => (string?)p["status"]!["phase"] == "Failed");
        ((string?)pod["status"]!["reason"]).ShouldBe("NodePorts");
    }

    [Fact]
    public async Task A_pod_that_only_succeeds_is_finished()
    {
        await using var node = new SimulatedNode().Start();
        node.Run("job", policy: "Never");
        var pod = await node.UntilReady("job");
        node.Runtime.Exit(Id(pod, 0), 0);
        var done = await node.Until("job", p => (string?)p["status"]!["phase"] == "Succeeded");
        SimulatedNode.Condition(done, "Ready").ShouldBe("False");
        (await node.Runtime.Snapshot(default)).Sandboxes.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_missing_config_map_is_told_and_mended()
    {
        await using var node = new SimulatedNode().Start();
        node.Run("web-0", """[{"name":"main","image":"app:1","env":[{"name":"A","valueFrom":{"configMapKeyRef":{"name":"settings","key":"a"}}}]}]""");
        var pod = await node.Until("web-0", p => (string?)p["status"]!["containerStatuses"]?[0]!["state"]!["waiting"]?["reason"] == "CreateContainerConfigError");
        ((string?)pod["status"]!["containerStatuses"]![0]!["state"]!["waiting"]!["message"]).ShouldBe("configmap \"settings\" not found");
        node.Api.Add("/api/v1/namespaces/default/configmaps/settings", JsonNode.Parse("""{"metadata":{"name":"settings","namespace":"default"},"data":{"a":"1"}}""")!);
        await node.UntilReady("web-0");
    }

    [Fact]
    public async Task The_status_is_written_when_the_api_is_back()
    {
        await using var node = new SimulatedNode().Start();
        node.Run("web-0");
        var pod = await node.UntilReady("web-0");
        node.Api.Away = true;
        node.Runtime.Exit(Id(pod, 0), 1);
        await Task.Delay(100);
        node.Api.Away = false;
        await node.Until("web-0", p => (int?)p["status"]!["containerStatuses"]![0]!["restartCount"] == 1);
    }

    [Fact]
    public async Task The_node_is_registered_with_its_lease()
    {
        await using var node = new SimulatedNode().Start();
        var found = await node.Eventually(() => node.Api.Get("/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/sim-0") is not null ? node.Api.Get("/api/v1/nodes/sim-0") : null, () => "no node");
        ((string?)found["metadata"]!["labels"]!["kubernetes.io/hostname"]).ShouldBe("sim-0");
        ((int?)found["status"]!["daemonEndpoints"]!["kubeletEndpoint"]!["Port"]).ShouldBe(10250);
    }

    [Fact]
    public async Task A_thousand_pods_become_ready()
    {
        await using var node = new SimulatedNode().Start();
        await node.Eventually(() => node.Api.Get("/api/v1/nodes/sim-0"), () => "no node");
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < 1000; i++) node.Run($"web-{i}");
        for (var i = 0; i < 1000; i++) await node.UntilReady($"web-{i}");
        output.WriteLine($"1000 pods ready after {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms");
    }

    [Fact]
    public async Task One_pod_after_another_is_quick()
    {
        await using var node = new SimulatedNode().Start();
        await node.Eventually(() => node.Api.Get("/api/v1/nodes/sim-0"), () => "no node");
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < 100; i++)
        {
            node.Run($"web-{i}");
            while (SimulatedNode.Condition(node.Api.Get(SimulatedNode.Path($"web-{i}"))!, "Ready") != "True") await Task.Yield();
        }
        output.WriteLine($"{Stopwatch.GetElapsedTime(began).TotalMilliseconds / 100:0.00} ms a pod");
    }

    static string Id(JsonObject pod, int container) => ((string)pod["status"]!["containerStatuses"]![container]!["containerID"]!).Split("://")[1];
}
