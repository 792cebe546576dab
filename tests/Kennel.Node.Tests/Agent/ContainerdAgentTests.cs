using System.Text;
using System.Text.Json.Nodes;
using Kennel.Client.Caching;
using Kennel.Node.Agent;
using Kennel.Node.Probes;
using Kennel.Node.Tests.Containers;
using Kennel.Node.Volumes;
using Kennel.Objects.Core;

namespace Kennel.Node.Tests.Agent;

/// <summary>The agent with real containers, files and probes; only the API is a fake.</summary>
public sealed class ContainerdAgentTests(ContainerdFixture fixture) : IClassFixture<ContainerdFixture>
{
    [ContainerFact]
    [Trait("Behaviour", "SS-113")]
    public async Task A_pod_with_a_claim_runs_and_keeps_its_data_when_it_is_replaced()
    {
        await using var node = new ContainerdNode(fixture);
        var data = $"{fixture.Options.DataDirectory}/volume-0";
        node.Api.Add("/api/v1/persistentvolumes/pv-0", JsonNode.Parse("""{"metadata":{"name":"pv-0","uid":"pv"},"spec":{"hostPath":{"path":"DATA","type":"DirectoryOrCreate"},"claimRef":{"uid":"claim"}}}""".Replace("DATA", data, StringComparison.Ordinal))!);
        node.Api.Add("/api/v1/namespaces/default/persistentvolumeclaims/data-web-0", JsonNode.Parse("""{"metadata":{"name":"data-web-0","namespace":"default","uid":"claim"},"spec":{"volumeName":"pv-0"},"status":{"phase":"Bound"}}""")!);
        node.Api.Add("/api/v1/namespaces/default/configmaps/settings", JsonNode.Parse("""{"metadata":{"name":"settings","namespace":"default"},"data":{"color":"green"}}""")!);
        const string Volumes = ""","volumes":[{"name":"data","persistentVolumeClaim":{"claimName":"data-web-0"}},{"name":"cfg","configMap":{"name":"settings"}}],"hostname":"web-0","subdomain":"nginx" """;
        const string Mounts = ""","volumeMounts":[{"name":"data","mountPath":"/data"},{"name":"cfg","mountPath":"/cfg"}],"env":[{"name":"POD_NAME","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}}]""";
        var first = node.Add("web-0", "echo $POD_NAME-$(cat /cfg/color) >> /data/seen; cat /etc/hosts; hostname; exec sleep 1000", Mounts, Volumes);
        var pod = await node.Until(first, p => SimulatedNode.Condition(p, "Ready") == "True");
        ((string?)pod["status"]!["containerStatuses"]![0]!["containerID"]).ShouldStartWith("containerd://");
        ((string?)pod["status"]!["podIP"]).ShouldStartWith("10.");
        await node.Eventually(() => File.Exists($"{data}/seen") && File.ReadAllText($"{data}/seen") == "web-0-green\n");
        var place = node.Agent.Lookup("default", first)!;
        await node.Eventually(() => File.ReadAllText(place.Containers[0].LogFile!) is var log && log.Contains("web-0.nginx.default.svc.cluster.local\tweb-0", StringComparison.Ordinal) && log.Contains("stdout F web-0\n", StringComparison.Ordinal));

        node.Api.DeletePod(SimulatedNode.Path(first), 1);
        await node.Eventually(() => node.Api.Get(SimulatedNode.Path(first)) is null);
        Directory.Exists($"{fixture.Options.DataDirectory}/pods/{pod["metadata"]!["uid"]}").ShouldBeFalse();
        File.Exists(place.Containers[0].LogFile).ShouldBeFalse();

        node.Add("web-0", "echo again >> /data/seen; exec sleep 1000", Mounts, Volumes);
        await node.Until(first, p => SimulatedNode.Condition(p, "Ready") == "True");
        await node.Eventually(() => File.ReadAllText($"{data}/seen") == "web-0-green\nagain\n");
    }

    [ContainerFact]
    public async Task A_container_that_dies_is_seen_at_once_with_its_last_words()
    {
        await using var node = new ContainerdNode(fixture);
        var name = node.Add("dies", "echo bye > /dev/termination-log; sleep 0.5; exit 3");
        var pod = await node.Until(name, p => (int?)p["status"]!["containerStatuses"]?[0]!["restartCount"] > 0);
        var last = pod["status"]!["containerStatuses"]![0]!["lastState"]!["terminated"]!;
        ((int?)last["exitCode"]).ShouldBe(3);
        ((string?)last["message"]).ShouldBe("bye\n");
        ((string?)last["reason"]).ShouldBe("Error");
    }

    [ContainerFact]
    public async Task An_agent_that_starts_again_leaves_containers_running()
    {
        string name, id;
        FakeApi api;
        await using (var node = new ContainerdNode(fixture))
        {
            name = node.Add("stays", "exec sleep 1000", more: "");
            id = Id(await node.Until(name, p => SimulatedNode.Condition(p, "Ready") == "True"));
            api = node.Api;
        }
        await using var again = new ContainerdNode(fixture, api);
        await again.Eventually(() => again.Agent.Lookup("default", name) is { Containers: [{ Running: true }] });
        var pod = await again.Until(name, p => SimulatedNode.Condition(p, "Ready") == "True");
        Id(pod).ShouldBe(id);
        ((int?)pod["status"]!["containerStatuses"]![0]!["restartCount"]).ShouldBe(0);
    }

    [ContainerFact]
    public async Task Probes_and_hooks_reach_real_containers()
    {
        await using var node = new ContainerdNode(fixture);
        var name = node.Add("probed", "mkdir -p /www && echo ok > /www/index.html && exec httpd -f -p 8080 -h /www",
            ""","readinessProbe":{"httpGet":{"path":"/index.html","port":8080},"periodSeconds":1},"livenessProbe":{"exec":{"command":["test","-f","/www/index.html"]},"periodSeconds":1,"failureThreshold":1},"lifecycle":{"postStart":{"exec":{"command":["touch","/tmp/hooked"]}}}""");
        await node.Until(name, p => SimulatedNode.Condition(p, "Ready") == "True");
        var place = node.Agent.Lookup("default", name)!.Containers[0];
        (await fixture.Runtime.Exec(place.ContainerId!, ["test", "-f", "/tmp/hooked"], TimeSpan.FromSeconds(10), default)).ExitCode.ShouldBe(0);
        await fixture.Runtime.Exec(place.ContainerId!, ["rm", "/www/index.html"], TimeSpan.FromSeconds(10), default);
        await node.Until(name, p => (int?)p["status"]!["containerStatuses"]![0]!["restartCount"] == 1);
    }

    [ContainerFact]
    public async Task Under_Always_a_present_image_serves_while_its_registry_cannot_be_reached()
    {
        await using var node = new ContainerdNode(fixture);
        var name = node.Add("offline", "exec sleep 1000", policy: "Always");
        await node.Until(name, p => SimulatedNode.Condition(p, "Ready") == "True");
        await node.Eventually(() => node.Api.Bodies.Any(b => b.Contains("can't be reached", StringComparison.Ordinal)));
    }

    [ContainerFact]
    public async Task A_command_that_is_not_there_is_told()
    {
        await using var node = new ContainerdNode(fixture);
        var name = node.Add("missing", "", command: """["/no/such/program"]""");
        var pod = await node.Until(name, p => (string?)p["status"]!["containerStatuses"]?[0]!["state"]!["waiting"]?["reason"] is "RunContainerError" or "CrashLoopBackOff");
        (pod["status"]!["containerStatuses"]![0]!["lastState"]!["terminated"]!["exitCode"]!.GetValue<int>()).ShouldBe(128);
    }

    [ContainerFact]
    public async Task An_ephemeral_container_sees_the_processes_of_the_one_it_looks_into()
    {
        await using var node = new ContainerdNode(fixture);
        var name = node.Add("looked-into", "exec sleep 4321");
        await node.Until(name, p => SimulatedNode.Condition(p, "Ready") == "True");
        node.Api.Change(SimulatedNode.Path(name), p => p["spec"]!["ephemeralContainers"] = JsonNode.Parse($$$"""
            [{"name":"debugger","image":"{{{BusyboxImage.Tag}}}","imagePullPolicy":"IfNotPresent","targetContainerName":"main","securityContext":{"privileged":true},"command":["sh","-c","cat /proc/1/cmdline; exit 3"]}]
            """));
        var pod = await node.Until(name, p => p["status"]!["ephemeralContainerStatuses"]?[0]!["state"]!["terminated"] is not null);
        ((int?)pod["status"]!["ephemeralContainerStatuses"]![0]!["state"]!["terminated"]!["exitCode"]).ShouldBe(3);
        SimulatedNode.Condition(pod, "Ready").ShouldBe("True");
        ((int?)pod["status"]!["containerStatuses"]![0]!["restartCount"]).ShouldBe(0);
        var place = node.Agent.Lookup("default", name)!.Containers.Single(c => c.Name == "debugger");
        File.ReadAllText(place.LogFile!).ShouldContain("sleep\04321");
    }

    [ContainerFact]
    public async Task A_container_gets_more_memory_and_processor_without_a_restart()
    {
        await using var node = new ContainerdNode(fixture);
        var name = node.Add("grows", "exec sleep 1000", ""","resources":{"requests":{"cpu":"100m","memory":"32Mi"},"limits":{"cpu":"200m","memory":"32Mi"}}""");
        node.Api.Change(SimulatedNode.Path(name), p => p["status"]!["qosClass"] = "Burstable");
        var before = await node.Until(name, p => SimulatedNode.Condition(p, "Ready") == "True");
        var uid = (string)before["metadata"]!["uid"]!;
        before["status"]!["containerStatuses"]![0]!["resources"]!["limits"]!["memory"]!.GetValue<string>().ShouldBe("32Mi");
        Cgroups.Memory($"kubepods/burstable/pod{uid}").ShouldBe(32 << 20);
        node.Api.Change(SimulatedNode.Path(name), p =>
        {
            p["metadata"]!["generation"] = 2;
            p["spec"]!["containers"]![0]!["resources"] = JsonNode.Parse("""{"requests":{"cpu":"300m","memory":"48Mi"},"limits":{"cpu":"500m","memory":"64Mi"}}""");
        });
        var after = await node.Until(name, p => (string?)p["status"]!["containerStatuses"]![0]!["resources"]?["limits"]?["memory"] == "64Mi");
        Id(after).ShouldBe(Id(before));
        ((string?)after["status"]!["containerStatuses"]![0]!["allocatedResources"]!["cpu"]).ShouldBe("300m");
        SimulatedNode.Condition(after, "PodResizeInProgress").ShouldBeNull();
        var container = $"kubepods/burstable/pod{uid}/{Id(after)["containerd://".Length..]}";
        Cgroups.Memory(container).ShouldBe(64 << 20);
        Cgroups.Memory($"kubepods/burstable/pod{uid}").ShouldBe(64 << 20);
        Cgroups.Quota(container).ShouldBe(50_000);
    }

    static string Id(JsonObject pod) => (string)pod["status"]!["containerStatuses"]![0]!["containerID"]!;

    [ContainerFact]
    public async Task A_pod_that_fills_its_empty_folder_beyond_the_limit_is_evicted()
    {
        await using var node = new ContainerdNode(fixture, options: o => o with { Relist = TimeSpan.FromMilliseconds(300) });
        var name = node.Add("greedy", "dd if=/dev/zero of=/m/big bs=1M count=4; exec sleep 1000", ""","volumeMounts":[{"name":"m","mountPath":"/m"}]""", ""","volumes":[{"name":"m","emptyDir":{"sizeLimit":"1Mi"}}]""");
        var pod = await node.Until(name, p => (string?)p["status"]!["phase"] == "Failed");
        ((string?)pod["status"]!["reason"]).ShouldBe("Evicted");
        ((string?)pod["status"]!["message"]).ShouldBe("Usage of EmptyDir volume \"m\" exceeds the limit \"1Mi\". ");
        SimulatedNode.Condition(pod, "DisruptionTarget").ShouldBe("True");
        await node.Eventually(() => node.Api.Bodies.Any(b => b.Contains("\"reason\":\"Evicted\"", StringComparison.Ordinal)));
    }

    [ContainerFact]
    public async Task A_node_short_of_memory_says_so_evicts_and_takes_no_pods_that_ask_for_nothing()
    {
        await using var node = new ContainerdNode(fixture, options: o => o with { Relist = TimeSpan.FromMilliseconds(300), Thresholds = Kennel.Node.Pressure.Thresholds.Default with { MemoryBytes = 1L << 50 } });
        await node.Eventually(() => Condition(node, "MemoryPressure") == "True", () => node.Api.Get("/api/v1/nodes/sim-0")!.ToJsonString());
        var refused = await node.Until(node.Add("late", "exec sleep 1000"), p => (string?)p["status"]!["phase"] == "Failed");
        ((string?)refused["status"]!["reason"]).ShouldBe("Evicted");
        ((string?)refused["status"]!["message"]).ShouldBe("The node had condition: [MemoryPressure]. ");
        var name = node.Add("tolerant", "exec sleep 1000", more: ""","tolerations":[{"key":"node.kubernetes.io/memory-pressure","operator":"Exists","effect":"NoSchedule"}]""");
        var evicted = await node.Until(name, p => (string?)p["status"]!["phase"] == "Failed");
        ((string?)evicted["status"]!["message"]).ShouldStartWith("The node was low on resource: memory. Threshold quantity: 1099511627776Ki, available: ");
    }

    static string? Condition(ContainerdNode node, string type) =>
        (string?)node.Api.Get("/api/v1/nodes/sim-0")?["status"]?["conditions"]?.AsArray().FirstOrDefault(c => (string?)c!["type"] == type)?["status"];

    [ContainerFact]
    public async Task A_node_tells_what_its_pods_use()
    {
        await using var node = new ContainerdNode(fixture);
        var name = node.Add("spins", "while true; do :; done");
        await node.Until(name, p => SimulatedNode.Condition(p, "Ready") == "True");
        var summary = JsonNode.Parse((await node.Agent.Figures("sim-0", default))!)!;
        var pod = summary["pods"]!.AsArray().Single(p => (string?)p!["podRef"]!["name"] == name)!;
        pod["containers"]![0]!["cpu"]!["usageNanoCores"]!.GetValue<long>().ShouldBeGreaterThan(0);
        pod["containers"]![0]!["memory"]!["workingSetBytes"]!.GetValue<long>().ShouldBeGreaterThan(0);
        summary["node"]!["cpu"]!["usageNanoCores"]!.GetValue<long>().ShouldBeGreaterThan(0);
        (await node.Agent.Figures("another", default)).ShouldBeNull();
    }

    [ContainerFact]
    public async Task The_kernel_knows_a_pod_by_its_full_name_where_it_asks_for_that()
    {
        await using var node = new ContainerdNode(fixture);
        var name = node.Add("full", "hostname > /dev/termination-log", more: ""","hostname":"db-0","subdomain":"db","setHostnameAsFQDN":true""");
        var pod = await node.Until(name, p => p["status"]!["containerStatuses"]?[0]!["lastState"]?["terminated"] is not null);
        ((string?)pod["status"]!["containerStatuses"]![0]!["lastState"]!["terminated"]!["message"]).ShouldBe("db-0.db.default.svc.cluster.local\n");
    }
}
