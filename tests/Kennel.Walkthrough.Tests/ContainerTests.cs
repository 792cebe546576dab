using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text.Json;
using Kennel.Walkthrough.Tests.Running;

namespace Kennel.Walkthrough.Tests;

/// <summary>The course notes in real containers: every promise of theirs, in the order in which a reader meets them.</summary>
[TestCaseOrderer("Kennel.Walkthrough.Tests.Running.ByName", "Kennel.Walkthrough.Tests")]
public sealed class ContainerTests(ContainerCluster fixture) : IClassFixture<ContainerCluster>
{
    const string Set = "nodejs-stateful";

    readonly Cluster _cluster = fixture.Cluster;
    readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero, UseProxy = false }) { Timeout = TimeSpan.FromSeconds(20) };

    [Fact]
    public async Task A_Pods_appear_in_order_each_with_its_name_claim_and_volume()
    {
        (await _cluster.Ok($"apply -f {fixture.Manifests.StatefulSet}")).ShouldContain("statefulset.apps/nodejs-stateful created");
        await Rolled();
        (await _cluster.Ok($"apply -f {fixture.Manifests.StatefulSet}")).Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldAllBe(l => l.EndsWith(" unchanged"));
        var started = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => _cluster.Ok($"get pod {Set}-{i} -o jsonpath={{.status.startTime}}")));
        started.ShouldBe(started.Order(StringComparer.Ordinal));
        for (var i = 0; i < 3; i++)
        {
            (await _cluster.Ok($"exec {Set}-{i} -- hostname")).Trim().ShouldBe($"{Set}-{i}");
            (await _cluster.Ok($"get pvc {Set}-volume-claim-{Set}-{i} -o jsonpath={{.status.phase}}")).ShouldBe("Bound");
            (await _cluster.Ok($"logs {Set}-{i}")).ShouldBe($"File state tidak ditemukan. Memulai dari awal.\nServer untuk Pod {Set}-{i} berjalan di port 8080\n");
        }
        (await _cluster.Ok("get pvc -o jsonpath={.items[*].spec.volumeName}")).Split(' ').Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public async Task B_The_page_answers_on_every_address_and_each_pod_counts_for_itself()
    {
        var seen = new Dictionary<string, long>();
        foreach (var address in Addresses())
            for (var i = 0; i < 12; i++) Counted(seen, await Visit(address));
        seen.Keys.Order(StringComparer.Ordinal).ShouldBe([$"{Set}-0", $"{Set}-1", $"{Set}-2"]);
        foreach (var (pod, visits) in seen)
            (await _cluster.Ok($"exec {pod} -- cat data/state.json")).ShouldBe($"{{\"visits\":{visits}}}");
    }

    [Fact]
    public async Task C_A_deleted_pod_comes_back_under_its_name_with_its_count()
    {
        var before = await Count($"{Set}-0");
        var uid = await _cluster.Ok($"get pod {Set}-0 -o jsonpath={{.metadata.uid}}");
        await _cluster.Ok($"delete pod {Set}-0");
        await Rolled();
        (await _cluster.Ok($"get pod {Set}-0 -o jsonpath={{.metadata.uid}}")).ShouldNotBe(uid);
        (await Count($"{Set}-0")).ShouldBe(before);
        (await _cluster.Ok($"logs {Set}-0")).ShouldContain($"State dimuat dari file: {before} kunjungan.");
    }

    [Fact]
    public async Task D_A_killed_container_is_restarted_in_its_pod()
    {
        var before = await Count($"{Set}-1");
        await Processes.Kill(_cluster, $"{Set}-1", "nodejs-stateful");
        await _cluster.Ok($"wait --for=jsonpath={{.status.containerStatuses[0].restartCount}}=1 pod/{Set}-1 --timeout=60s");
        await _cluster.Ok($"wait --for=condition=Ready pod/{Set}-1 --timeout=60s");
        (await Count($"{Set}-1")).ShouldBe(before);
        (await _cluster.Ok($"logs {Set}-1 --previous")).ShouldContain("berjalan di port 8080");
    }

    [Fact]
    public async Task E_Scaling_goes_up_in_order_and_down_in_reverse_and_the_counts_stay()
    {
        await _cluster.Ok($"scale sts {Set} --replicas=5");
        await Rolled(5);
        (await _cluster.Ok($"get pvc {Set}-volume-claim-{Set}-4 -o jsonpath={{.spec.storageClassName}}")).ShouldBe("local-path");
        await _cluster.Ok($"exec {Set}-4 -- wget -q -O /dev/null http://127.0.0.1:8080/");
        var before = await Count($"{Set}-4");
        before.ShouldBe(1);
        await _cluster.Ok($"scale sts {Set} --replicas=2");
        await _cluster.Ok($"wait --for=delete pod/{Set}-4 pod/{Set}-3 pod/{Set}-2 --timeout=120s");
        (await _cluster.Ok("get pvc -o name")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Count(c => c.Contains(Set)).ShouldBe(5);
        await _cluster.Ok($"scale sts {Set} --replicas=5");
        await Rolled(5);
        (await Count($"{Set}-4")).ShouldBe(before);
        await _cluster.Ok($"scale sts {Set} --replicas=3");
        await _cluster.Ok($"wait --for=delete pod/{Set}-4 pod/{Set}-3 --timeout=120s");
    }

    [Fact]
    public async Task F_A_template_change_rolls_from_the_highest_ordinal_down_and_loses_no_count()
    {
        var before = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => Count($"{Set}-{i}")));
        await _cluster.Ok($"rollout restart sts {Set}");
        (await _cluster.Ok($"rollout status sts {Set} --timeout=180s")).ShouldContain("roll out complete");
        var started = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => _cluster.Ok($"get pod {Set}-{i} -o jsonpath={{.status.startTime}}")));
        started.ShouldBe(started.OrderDescending(StringComparer.Ordinal));
        (await Task.WhenAll(Enumerable.Range(0, 3).Select(i => Count($"{Set}-{i}")))).ShouldBe(before);
    }

    [Fact]
    public async Task G_After_kill_9_containers_are_taken_over_and_not_restarted()
    {
        var before = await _cluster.Ok("get pods -o jsonpath={.items[*].status.containerStatuses[*].containerID}");
        await _cluster.Ok("create configmap acknowledged --from-literal=a=1");
        await _cluster.Kill();
        (await Visit("127.0.0.1")).Pod.ShouldStartWith(Set); // containers and rules don't need us
        await _cluster.Start();
        (await _cluster.Ok("get configmap acknowledged -o jsonpath={.data.a}")).ShouldBe("1");
        await Rolled();
        (await _cluster.Ok("get pods -o jsonpath={.items[*].status.containerStatuses[*].containerID}")).ShouldBe(before);
        (await _cluster.Ok($"exec {Set}-0 -- hostname")).Trim().ShouldBe($"{Set}-0");
    }

    [Theory]
    [MemberData(nameof(KubectlVersions.All), MemberType = typeof(KubectlVersions))]
    public async Task H_Streams_work_with_every_kubectl(string kubectl)
    {
        (await _cluster.Ok($"exec {Set}-0 -- cat data/state.json", program: kubectl)).ShouldStartWith("{\"visits\":");
        (await _cluster.Kubectl($"exec {Set}-0 -- sh -c", program: kubectl)).Code.ShouldNotBe(0);
        (await _cluster.Kubectl(["exec", $"{Set}-0", "--", "sh", "-c", "exit 7"], program: kubectl)).Code.ShouldBe(7);
        (await _cluster.Kubectl(["exec", "-i", $"{Set}-0", "--", "wc", "-c"], input: new string('x', 100_000), program: kubectl)).Succeeded().Trim().ShouldBe("100000");
        // a terminal, as `exec -it … -- /bin/sh` has: script gives kubectl one
        var tty = await Program.Run("script", ["-qec", $"{kubectl} exec -it {Set}-0 -- /bin/sh -c 'tty && pwd'", "/dev/null"], environment: new Dictionary<string, string> { ["KUBECONFIG"] = _cluster.Kubeconfig });
        tty.Succeeded().ShouldContain("/app");
        tty.Output.ShouldContain("/dev/pts/");

        var file = Path.Combine(_cluster.DataFolder, "copied");
        await File.WriteAllTextAsync(file, "from outside\n");
        await _cluster.Ok($"cp {file} {Set}-0:/tmp/copied", program: kubectl);
        await _cluster.Ok($"cp {Set}-0:/tmp/copied {file}.back", program: kubectl);
        (await File.ReadAllTextAsync(file + ".back")).ShouldBe("from outside\n");

        using var forward = _cluster.StartKubectl($"port-forward pod/{Set}-0 :8080", kubectl);
        var line = (await forward.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30))).ShouldNotBeNull();
        var port = line.Split(':')[1].Split(' ')[0];
        for (var i = 0; i < 3; i++) (await _http.GetStringAsync($"http://127.0.0.1:{port}/healthz")).ShouldBe("ok\n");
        forward.Kill();
        await forward.WaitForExitAsync();
    }

    [Fact]
    public async Task I_Logs_follow()
    {
        using var follow = _cluster.StartKubectl($"logs -f {Set}-2");
        (await follow.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30))).ShouldNotBeNull();
        await _cluster.Ok($"delete pod {Set}-2 --wait=false");
        await follow.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60)); // ends with its container
        await Rolled();
    }

    [Fact]
    public async Task J_The_pods_of_a_Deployment_share_one_claim_and_come_back_under_other_names()
    {
        await _cluster.Ok($"apply -f {fixture.Manifests.Deployment}");
        await _cluster.Ok("rollout status deployment/nodejs-stateless --timeout=120s");
        var names = (await _cluster.Ok("get pods -l name=nodejs-stateless -o jsonpath={.items[*].metadata.name}")).Split(' ');
        names.Length.ShouldBe(3);
        (await _cluster.Ok("get pods -l name=nodejs-stateless -o jsonpath={.items[*].spec.volumes[*].persistentVolumeClaim.claimName}")).Split(' ').Distinct().ShouldHaveSingleItem();
        await _cluster.Ok($"delete pod {names[0]}");
        await _cluster.Ok("rollout status deployment/nodejs-stateless --timeout=120s");
        (await _cluster.Ok("get pods -l name=nodejs-stateless -o jsonpath={.items[*].metadata.name}")).Split(' ').ShouldNotContain(names[0]);
        await _cluster.Ok($"delete -f {fixture.Manifests.Deployment}");
    }

    [Fact]
    public async Task K_The_notes_manifest_runs_unchanged_with_an_image_that_was_loaded()
    {
        await _cluster.Ok($"apply -f {fixture.Manifests.Notes}");
        await _cluster.Ok("rollout status statefulset/nodejs-stateful-statefulset --timeout=180s");
        (await _cluster.Ok("get pod nodejs-stateful-statefulset-0 -o jsonpath={.spec.containers[0].imagePullPolicy}")).ShouldBe("Always");
        (await _cluster.Ok("describe pod nodejs-stateful-statefulset-0")).ShouldContain("the image that is present on the machine is used although the pull policy is Always");
        (await _cluster.Ok("exec nodejs-stateful-statefulset-1 -- hostname")).Trim().ShouldBe("nodejs-stateful-statefulset-1");
        await _cluster.Ok($"delete -f {fixture.Manifests.Notes} --wait=false");
    }

    [Fact]
    public async Task L_An_image_that_isnt_there_is_told_and_others_are_unharmed()
    {
        await _cluster.Ok("run missing --image=registry.invalid/nothing:1");
        await _cluster.Ok("wait --for=jsonpath={.status.containerStatuses[0].state.waiting.reason}=ImagePullBackOff pod/missing --timeout=90s");
        (await _cluster.Ok("describe pod missing")).ShouldContain("registry.invalid/nothing:1");
        await _cluster.Ok("delete pod missing");
        (await Visit("127.0.0.1")).Pod.ShouldStartWith(Set);
    }

    [Fact]
    public async Task M_Deleting_the_manifest_ends_the_pods_and_keeps_the_claims()
    {
        // The volumes stay bound to the claims that stay, so kubectl would wait for them, as it does upstream.
        await _cluster.Ok($"delete -f {fixture.Manifests.StatefulSet} --wait=false");
        await _cluster.Ok($"wait --for=delete pod/{Set}-0 pod/{Set}-1 pod/{Set}-2 --timeout=120s");
        (await _cluster.Ok("get pvc -o name")).ShouldContain($"{Set}-volume-claim-{Set}-0");
    }

    [Fact]
    public async Task N_A_clean_stop_leaves_nothing_on_the_machine()
    {
        (await _cluster.Stop()).ShouldBe(0);
        var instance = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(_cluster.DataFolder)))[..8];
        (await Program.Run("ip", ["-o", "link"])).Output.ShouldNotContain($"kn-{instance}");
        (await Program.Run("nft", ["list", "tables"])).Output.ShouldNotContain($"kennel-{instance}");
        (await File.ReadAllTextAsync("/proc/self/mounts")).ShouldNotContain(_cluster.DataFolder);
        (await File.ReadAllTextAsync("/proc/self/mounts")).ShouldNotContain($"/run/kennel/{instance}");
        (await Program.Run("pgrep", ["-f", $"/run/kennel/{instance}"])).Output.Trim().ShouldBeEmpty();
    }

    Task<string> Rolled(int pods = 3) => _cluster.Ok($"wait --for=jsonpath={{.status.readyReplicas}}={pods} sts/{Set} --timeout=180s");

    async Task<long> Count(string pod)
    {
        var state = await _cluster.Kubectl($"exec {pod} -- cat data/state.json");
        return state.Code == 0 ? JsonDocument.Parse(state.Output).RootElement.GetProperty("visits").GetInt64() : 0;
    }

    static void Counted(Dictionary<string, long> seen, (string Pod, long Visits) visit)
    {
        visit.Visits.ShouldBe(seen.GetValueOrDefault(visit.Pod) + 1);
        seen[visit.Pod] = visit.Visits;
    }

    async Task<(string Pod, long Visits)> Visit(string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{address}:{Manifests.Port}/");
        request.Headers.Add("accept", "application/json");
        request.Headers.ConnectionClose = true;
        using var response = await _http.SendAsync(request);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return (body.RootElement.GetProperty("pod").GetString()!, body.RootElement.GetProperty("visits").GetInt64());
    }

    static IEnumerable<string> Addresses() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(i => i.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown && !i.Name.StartsWith("veth", StringComparison.Ordinal))
        .SelectMany(i => i.GetIPProperties().UnicastAddresses).Select(a => a.Address)
        .Where(a => a.AddressFamily == AddressFamily.InterNetwork).Select(a => a.ToString()).Distinct();
}
