using System.Text.Json;
using Kennel.Walkthrough.Tests.Running;

namespace Kennel.Walkthrough.Tests;

/// <summary>What the notes type, with every kubectl, where no containers are needed.</summary>
public sealed class SimulatedTests(SimulatedCluster fixture) : IClassFixture<SimulatedCluster>
{
    readonly Cluster _cluster = fixture.Cluster;

    [Theory]
    [MemberData(nameof(KubectlVersions.All), MemberType = typeof(KubectlVersions))]
    public async Task The_notes_commands_answer_as_the_notes_show(string kubectl)
    {
        var space = "walk-" + Guid.NewGuid().ToString("N")[..8];
        Task<string> Ok(string command) => _cluster.Ok($"-n {space} {command}", program: kubectl);
        await _cluster.Ok($"create namespace {space}", program: kubectl);
        var manifest = Path.Combine(_cluster.DataFolder, space + ".yaml");
        await File.WriteAllTextAsync(manifest, File.ReadAllText(Path.Combine(Repository.Root, "examples", "visits", "statefulset.yaml"))
            .Replace("nodejs-statefulset-volume-", space + "-volume-").Replace("nodePort: 30002", ""));

        (await Ok($"apply -f {manifest}")).ShouldContain("statefulset.apps/nodejs-stateful created");
        var again = await Ok($"apply -f {manifest}");
        again.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldAllBe(l => l.EndsWith(" unchanged"));
        (await Ok("rollout status statefulset/nodejs-stateful --timeout=60s")).ShouldContain("partitioned roll out complete: 3 new pods have been updated...", Case.Sensitive);

        var all = await Ok("get all");
        all.ShouldContain("NAME                    READY   STATUS    RESTARTS   AGE\npod/nodejs-stateful-0   1/1     Running   0 ");
        all.ShouldContain("statefulset.apps/nodejs-stateful   3/3 ");
        all.ShouldMatch(@"service/nodejs-statefulset-service   NodePort +\d+\.\d+\.\d+\.\d+ +<none> +8080:3\d{4}/TCP");
        (await Ok("get pvc")).ShouldMatch(@"NAME +STATUS +VOLUME +CAPACITY +ACCESS MODES +STORAGECLASS +VOLUMEATTRIBUTESCLASS +AGE\nnodejs-stateful-volume-claim-nodejs-stateful-0 +Bound +" + space + @"-volume-\d +2Gi +RWO +<unset> +\d+s");
        (await Ok("get pv")).ShouldMatch(space + @"-volume-1 +2Gi +RWO +Retain +Bound +" + space + @"/nodejs-stateful-volume-claim-nodejs-stateful-\d +<unset> +\d+s");
        (await Ok("get sts -o wide")).ShouldMatch(@"NAME +READY +AGE +CONTAINERS +IMAGES\nnodejs-stateful +3/3 +\S+ +nodejs-stateful +kennel/visits:1");
        (await Ok($"get -f {manifest}")).ShouldContain("service/nodejs-statefulset-service");
        (await Ok("get sts nodejs-stateful -o yaml")).ShouldContain("currentRevision: nodejs-stateful-");
        (await Ok("describe pod nodejs-stateful-0")).ShouldContain("Successfully assigned");
        (await Ok("describe sts nodejs-stateful")).ShouldContain("create Pod nodejs-stateful-2 in StatefulSet nodejs-stateful successful");
        (await Ok("describe pvc nodejs-stateful-volume-claim-nodejs-stateful-0")).ShouldContain("Used By:");

        (await Ok("scale sts nodejs-stateful --replicas=5")).ShouldContain("statefulset.apps/nodejs-stateful scaled");
        await Ok("wait --for=jsonpath={.status.readyReplicas}=5 sts/nodejs-stateful --timeout=60s");
        (await Ok("get pvc -o name")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(5);
        await Ok("scale sts nodejs-stateful --replicas=2");
        await Ok("wait --for=delete pod/nodejs-stateful-2 --timeout=60s");
        (await Ok("get pvc -o name")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(5);

        (await Ok("rollout restart sts nodejs-stateful")).ShouldContain("restarted");
        await Ok("rollout status sts nodejs-stateful --timeout=60s");
        var before = await Ok("get pod nodejs-stateful-0 -o jsonpath={.metadata.uid}");
        (await Ok("delete pod nodejs-stateful-0")).ShouldContain("pod \"nodejs-stateful-0\" deleted");
        await Ok("rollout status sts nodejs-stateful --timeout=60s");
        (await Ok("get pod nodejs-stateful-0 -o jsonpath={.metadata.uid}")).ShouldNotBe(before);

        // The volumes stay bound to the claims that stay, so kubectl would wait for them, as it does upstream.
        (await Ok($"delete -f {manifest} --wait=false")).ShouldContain("statefulset.apps \"nodejs-stateful\" deleted");
        await Ok("wait --for=delete pod --all --timeout=60s");
        await Ok("delete pvc --all");
        await _cluster.Ok($"delete namespace {space}", program: kubectl);
    }

    [Fact]
    public async Task Pods_appear_one_after_another_and_leave_in_reverse()
    {
        await _cluster.Ok("create namespace order");
        await _cluster.Ok("-n order apply -f -", Set("web", replicas: 4));
        await _cluster.Ok("-n order rollout status sts/web --timeout=60s");
        var made = (await _cluster.Ok("-n order get pods --sort-by=.metadata.creationTimestamp -o jsonpath={.items[*].metadata.name}")).Split(' ');
        made.ShouldBe(["web-0", "web-1", "web-2", "web-3"]);
        var revisions = (await _cluster.Ok("-n order get pods -o jsonpath={.items[*].metadata.resourceVersion}")).Split(' ');
        revisions.Length.ShouldBe(4);
        await _cluster.Ok("-n order scale sts/web --replicas=1");
        await _cluster.Ok("-n order wait --for=delete pod/web-1 pod/web-2 pod/web-3 --timeout=60s");
        (await _cluster.Ok("-n order get pods -o name")).Trim().ShouldBe("pod/web-0");
        await _cluster.Ok("delete namespace order");
    }

    [Theory]
    [InlineData("spec: {serviceName: x, replicas: many}", "spec.replicas")]
    [InlineData("spec: {servicename: x}", "unknown field \"spec.servicename\"")]
    [InlineData("spec: {serviceName: x, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: c}}, spec: {containers: [{name: m, image: i}]}}}", "`selector` does not match template `labels`")]
    public async Task A_bad_manifest_gets_the_fields_name(string spec, string told)
    {
        var answer = await _cluster.Kubectl("apply -f -", $"apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: bad}}\n{spec}\n");
        answer.Code.ShouldNotBe(0);
        answer.Errors.ShouldContain(told);
        answer.Errors.ShouldNotContain("   at ", Case.Sensitive);
    }

    [Fact]
    public async Task A_name_that_is_no_label_is_refused_in_upstreams_words()
    {
        var answer = await _cluster.Kubectl("apply -f -", Set("Not_A_Label", 1));
        answer.Errors.ShouldContain("metadata.name: Invalid value: \"Not_A_Label\": a lowercase RFC 1123");
    }

    [Fact]
    public async Task Everything_acknowledged_is_there_after_kill_9()
    {
        await using var cluster = new Cluster("simulated");
        await cluster.Start();
        await cluster.Ok("apply -f -", Set("web", 3));
        await cluster.Ok("rollout status sts/web --timeout=60s");
        await cluster.Ok("create configmap last --from-literal=a=1");
        await cluster.Kill();
        await cluster.Start();
        (await cluster.Ok("get configmap last -o jsonpath={.data.a}")).ShouldBe("1");
        await cluster.Ok("rollout status sts/web --timeout=60s");
        await cluster.Ok("scale sts/web --replicas=4");
        await cluster.Ok("rollout status sts/web --timeout=60s");
        (await cluster.Stop()).ShouldBe(0);
    }

    [Fact]
    public async Task A_data_directory_in_use_is_refused_with_the_pid()
    {
        var second = await Program.Run(Cluster.Kennel, ["up", "--data-dir", _cluster.DataFolder, "--listen", "127.0.0.1:0", "--runtime", "simulated"]);
        second.Code.ShouldBe(1);
        second.Errors.ShouldContain($"pid {_cluster.ProcessId}");
        second.Errors.Trim().Split('\n').Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_port_already_taken_is_named()
    {
        await using var cluster = new Cluster("simulated");
        var second = await Program.Run(Cluster.Kennel, ["up", "--data-dir", cluster.DataFolder, "--listen", $"127.0.0.1:{_cluster.Port}", "--runtime", "simulated"]);
        second.Code.ShouldBe(1);
        second.Errors.ShouldContain($"127.0.0.1:{_cluster.Port}");
        second.Errors.Trim().Split('\n').Length.ShouldBe(1);
    }

    [Theory]
    [InlineData("/readyz", "ok")]
    [InlineData("/livez", "ok")]
    [InlineData("/healthz", "ok")]
    public async Task Health_answers_as_upstreams(string path, string answer) => (await _cluster.Ok($"get --raw {path}")).ShouldBe(answer);

    [Fact]
    public async Task Strangers_are_refused()
    {
        var answer = await Program.Run("curl", ["-sk", "-o", "/dev/null", "-w", "%{http_code}", $"https://127.0.0.1:{_cluster.Port}/api/v1/pods"]);
        answer.Output.ShouldBe("401");
        (await Program.Run("curl", ["-sk", $"https://127.0.0.1:{_cluster.Port}/readyz"])).Output.ShouldBe("ok");
    }

    [Fact]
    public async Task Typed_commands_of_kubectl_work_with_protobuf_bodies()
    {
        await _cluster.Ok("create namespace typed");
        await _cluster.Ok("-n typed create configmap c --from-literal=a=1");
        await _cluster.Ok("-n typed create secret generic s --from-literal=password=p");
        await _cluster.Ok("-n typed create serviceaccount sa");
        await _cluster.Ok("-n typed create deployment d --image=kennel/visits:1 --replicas=2");
        await _cluster.Ok("-n typed create service clusterip svc --tcp=80:8080");
        await _cluster.Ok("-n typed rollout status deployment/d --timeout=60s");
        (await _cluster.Ok("-n typed get secret s -o jsonpath={.data.password}")).ShouldBe("cA==");
        await _cluster.Ok("delete namespace typed");
        (await _cluster.Kubectl("get namespace typed")).Errors.ShouldContain("namespaces \"typed\" not found");
    }

    [Fact]
    public async Task Status_of_a_set_says_what_it_waits_for_down_to_the_cause()
    {
        await _cluster.Ok("create namespace waits");
        await _cluster.Ok("-n waits apply -f -", Set("web", 2) + """

                  nodeSelector:
                    disk: fast
            """);
        await Told("sts/web", "waits", text => text.Contains("Pod waits/web-0"),
            "StatefulSet waits/web: 0/2 ready\n",
            "  waiting for web-0 to become Ready: Unschedulable: 0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector",
            "  Pod waits/web-0: Pending\n    waiting for a node that can take it: 0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector",
            "says default-scheduler)\n");
        await _cluster.Until("-n waits get events --watch --field-selector=involvedObject.name=web,reason=Waiting", lines => lines.Any(l => l.Contains("statefulset/web", StringComparison.Ordinal)));
        (await _cluster.Ok("-n waits describe sts web")).ShouldMatch(@"Normal +Waiting +\S+ +statefulset-controller +waiting for web-0 to become Ready: Unschedulable: 0/3 nodes are available");
        await _cluster.Ok("label node sim-1 disk=fast");
        await _cluster.Ok("-n waits rollout status sts/web --timeout=60s");
        await Told("statefulsets.apps/web", "waits", text => text.Contains("nothing"), "StatefulSet waits/web: 2/2 ready\n  waits for nothing\n");
        (await _cluster.Own("status", "sts/nope", "-n", "waits")).Errors.ShouldBe("kennel: statefulsets.apps \"nope\" not found in namespace waits\n");
        await _cluster.Ok("delete namespace waits");
    }

    [Fact]
    public async Task Status_of_a_claim_says_which_storage_class_is_missing()
    {
        await _cluster.Ok("create namespace classes");
        await _cluster.Ok("-n classes apply -f -", Set("db", 1) + """

              volumeClaimTemplates:
                - metadata:
                    name: data
                  spec:
                    accessModes: [ReadWriteOnce]
                    storageClassName: missing
                    resources:
                      requests:
                        storage: 1Gi
            """);
        await Told("sts/db", "classes", text => text.Contains("PersistentVolumeClaim classes/"), "  Pod classes/db-0: Pending\n", "    PersistentVolumeClaim classes/data-db-0: Pending\n      waiting for a volume: no free PersistentVolume of class missing has 1Gi ReadWriteOnce, and StorageClass missing doesn't exist (");
        using var json = JsonDocument.Parse((await _cluster.Own("status", "pvc/data-db-0", "-n", "classes", "-o", "json")).Succeeded());
        json.RootElement.GetProperty("waiting")[0].GetProperty("by").GetString().ShouldBe("persistentvolume-controller");
        using var whole = JsonDocument.Parse((await _cluster.Own("status", "-o", "json")).Succeeded());
        whole.RootElement.GetProperty("nodes").GetArrayLength().ShouldBe(3);
        whole.RootElement.GetProperty("waiting").EnumerateArray().ShouldContain(w => w.GetProperty("resource").GetString() == "persistentvolumeclaims" && w.GetProperty("name").GetString() == "data-db-0");
        await _cluster.Ok("delete namespace classes");
    }

    /// <summary>The table of what waits follows the cluster by moments: asks until it has what is meant.</summary>
    async Task Told(string what, string space, Func<string, bool> until, params string[] parts)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var text = "";
        while (!until(text) && !late.IsCancellationRequested) text = (await _cluster.Own("status", what, "-n", space)).Succeeded();
        foreach (var part in parts) text.ShouldContain(part);
    }

    [Fact]
    public async Task Server_side_apply_takes_over_from_client_side_apply_and_tells_of_conflicts()
    {
        await _cluster.Ok("create namespace apply");
        await _cluster.Ok("-n apply apply -f -", Set("web", 1));
        await _cluster.Ok("-n apply apply --server-side -f -", Set("web", 1));
        await _cluster.Ok("-n apply scale sts/web --replicas=2");
        var conflict = await _cluster.Kubectl("-n apply apply --server-side --field-manager=other -f -", Set("web", 3));
        conflict.Code.ShouldNotBe(0);
        conflict.Errors.ShouldContain(".spec.replicas");
        await _cluster.Ok("-n apply apply --server-side --field-manager=other --force-conflicts -f -", Set("web", 3));
        await _cluster.Ok("-n apply rollout status sts/web --timeout=60s");
        (await _cluster.Ok("-n apply get sts web -o jsonpath={.spec.replicas}")).ShouldBe("3");
        await _cluster.Ok("delete namespace apply");
    }

    static string Set(string name, int replicas) => $"""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: {name}
        spec:
          serviceName: {name}
          replicas: {replicas}
          selector:
            matchLabels:
              app: {name}
          template:
            metadata:
              labels:
                app: {name}
            spec:
              containers:
                - name: main
                  image: kennel/visits:1
        """;
}
