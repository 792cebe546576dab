using Kennel.Walkthrough.Tests.Running;

namespace Kennel.Walkthrough.Tests;

/// <summary>Deployments, and what a deletion takes along, as real kubectl asks for it.</summary>
public sealed class RolloutTests(SimulatedCluster fixture) : IClassFixture<SimulatedCluster>
{
    readonly Cluster _cluster = fixture.Cluster;

    [Theory]
    [MemberData(nameof(KubectlVersions.All), MemberType = typeof(KubectlVersions))]
    public async Task A_deployment_rolls_out_pauses_goes_on_and_back(string kubectl)
    {
        var space = "roll-" + Guid.NewGuid().ToString("N")[..8];
        Task<string> Ok(string command, string? input = null) => _cluster.Ok($"-n {space} {command}", input, kubectl);
        async Task<string> Image() => await Ok("get deployment web -o jsonpath={.spec.template.spec.containers[0].image}");
        await _cluster.Ok($"create namespace {space}", program: kubectl);

        (await Ok("apply -f -", Deployment())).ShouldContain("deployment.apps/web created");
        (await Ok("apply -f -", Deployment())).ShouldContain("deployment.apps/web unchanged");
        (await Ok("rollout status deployment/web --timeout=60s")).ShouldContain("deployment \"web\" successfully rolled out");
        (await Ok("get deployment")).ShouldMatch(@"NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nweb +3/3 +3 +3 +\d+s");
        (await Ok("get rs")).ShouldMatch(@"NAME +DESIRED +CURRENT +READY +AGE\nweb-[bcdf-hj-np-tv-z0-9]+ +3 +3 +3 +\d+s");

        await Ok("annotate deployment/web kubernetes.io/change-cause=second");
        (await Ok("set image deployment/web main=busybox:2")).ShouldContain("deployment.apps/web image updated");
        await Ok("rollout status deployment/web --timeout=60s");
        (await Ok("rollout history deployment/web")).ShouldMatch(@"deployment.apps/web *\nREVISION +CHANGE-CAUSE\n1 +\S+\n2 +second");
        (await Ok("rollout history deployment/web --revision=1")).ShouldContain("busybox:1");

        (await Ok("rollout pause deployment/web")).ShouldContain("deployment.apps/web paused");
        await Ok("set image deployment/web main=busybox:3");
        await Ok("wait --for=condition=Progressing=Unknown deployment/web --timeout=60s");
        (await Ok("get deployment web -o jsonpath={.status.conditions[?(@.type==\"Progressing\")].reason}")).ShouldBe("DeploymentPaused");
        await Ok("scale deployment/web --replicas=5");
        await Ok("wait --for=jsonpath={.status.readyReplicas}=5 deployment/web --timeout=60s");
        (await Ok("get pods -o jsonpath={.items[*].spec.containers[0].image}")).Split(' ').Distinct().ShouldBe(["busybox:2"]);
        (await _cluster.Kubectl($"-n {space} rollout undo deployment/web", program: kubectl)).Errors.ShouldContain("you cannot rollback a paused deployment");
        (await Ok("rollout resume deployment/web")).ShouldContain("deployment.apps/web resumed");
        await Ok("rollout status deployment/web --timeout=60s");
        (await Ok("get pods -o jsonpath={.items[?(@.status.phase==\"Running\")].spec.containers[0].image}")).ShouldContain("busybox:3");

        (await Ok("rollout undo deployment/web")).ShouldContain("deployment.apps/web rolled back");
        await Ok("rollout status deployment/web --timeout=60s");
        (await Image()).ShouldBe("busybox:2");
        (await Ok("rollout undo deployment/web --to-revision=1")).ShouldContain("deployment.apps/web rolled back");
        await Ok("rollout status deployment/web --timeout=60s");
        (await Image()).ShouldBe("busybox:1");
        (await Ok("rollout history deployment/web")).Split('\n').Where(l => l.Length > 0 && char.IsDigit(l[0])).Select(l => l.Split(' ')[0]).ShouldBe(["3", "4", "5"]);
        (await Ok("rollout restart deployment/web")).ShouldContain("deployment.apps/web restarted");
        await Ok("rollout status deployment/web --timeout=60s");

        var described = await Ok("describe deployment web");
        described.ShouldMatch(@"Available +True +MinimumReplicasAvailable\n");
        described.ShouldMatch(@"Progressing +True +NewReplicaSetAvailable\n");
        described.ShouldMatch(@"NewReplicaSet: +web-\S+ \(5/5 replicas created\)");
        described.ShouldMatch(@"Normal +ScalingReplicaSet +.*deployment-controller +Scaled (up|down) replica set web-\S+ from \d to \d");
        await Ok("delete deployment web --cascade=foreground --timeout=60s");
        (await Ok("get rs,pods -o name")).Trim().ShouldBe("");
        await _cluster.Ok($"delete namespace {space}", program: kubectl);
    }

    [Fact]
    public async Task A_rollout_that_can_not_go_on_is_late_and_says_so()
    {
        await _cluster.Ok("create namespace late");
        await _cluster.Ok("-n late apply -f -", Deployment());
        await _cluster.Ok("-n late rollout status deployment/web --timeout=60s");
        await _cluster.Ok("-n late patch deployment web -p {\"spec\":{\"progressDeadlineSeconds\":2,\"template\":{\"spec\":{\"nodeSelector\":{\"no\":\"where\"}}}}}");
        var status = await _cluster.Kubectl("-n late rollout status deployment/web --timeout=60s");
        status.Code.ShouldBe(1);
        status.Errors.ShouldContain("error: deployment \"web\" exceeded its progress deadline");
        (await _cluster.Ok("-n late get deployment web -o jsonpath={.status.conditions[?(@.type==\"Progressing\")].reason}")).ShouldBe("ProgressDeadlineExceeded");
        (await _cluster.Ok("-n late get deployment web -o jsonpath={.status.availableReplicas}")).ShouldBe("3", "the old pods stay until the new ones serve");
        await _cluster.Ok("-n late rollout undo deployment/web");
        (await _cluster.Ok("-n late rollout status deployment/web --timeout=60s")).ShouldContain("successfully rolled out");
        await _cluster.Ok("delete namespace late");
    }

    [Fact]
    public async Task Recreate_starts_anew_and_the_older_controller_keeps_its_number()
    {
        await _cluster.Ok("create namespace anew");
        await _cluster.Ok("-n anew apply -f -", Deployment("{type: Recreate}"));
        await _cluster.Ok("-n anew rollout status deployment/web --timeout=60s");
        await _cluster.Ok("-n anew set image deployment/web main=busybox:2");
        await _cluster.Ok("-n anew rollout status deployment/web --timeout=60s");
        (await _cluster.Ok("-n anew get pods -o jsonpath={.items[*].spec.containers[0].image}")).ShouldBe("busybox:2 busybox:2 busybox:2");
        await _cluster.Ok("-n anew apply -f -", """
            apiVersion: v1
            kind: ReplicationController
            metadata: {name: older}
            spec: {replicas: 2, selector: {app: older}, template: {metadata: {labels: {app: older}}, spec: {containers: [{name: main, image: "busybox:1"}]}}}
            """);
        await _cluster.Ok("-n anew wait --for=jsonpath={.status.readyReplicas}=2 rc/older --timeout=60s");
        await _cluster.Ok("-n anew scale rc/older --replicas=1");
        await _cluster.Ok("-n anew wait --for=jsonpath={.status.replicas}=1 rc/older --timeout=60s");
        (await _cluster.Ok("-n anew describe rc older")).ShouldMatch(@"Normal +SuccessfulDelete +.*replication-controller +Deleted pod: older-");
        await _cluster.Ok("delete namespace anew");
    }

    /// <summary>What <c>--cascade</c> asks for: nothing of it leaves pods behind, but orphan, whose pods a new set takes over.</summary>
    [Theory]
    [Trait("Behaviour", "SS-602")]
    [Trait("Behaviour", "SS-603")]
    [MemberData(nameof(KubectlVersions.All), MemberType = typeof(KubectlVersions))]
    public async Task A_set_is_deleted_with_or_without_its_pods_as_kubectl_asks(string kubectl)
    {
        var space = "cascade-" + Guid.NewGuid().ToString("N")[..8];
        Task<string> Ok(string command, string? input = null) => _cluster.Ok($"-n {space} {command}", input, kubectl);
        await _cluster.Ok($"create namespace {space}", program: kubectl);
        await Ok("apply -f -", Set("web"));
        await Ok("rollout status sts/web --timeout=60s");
        var pods = await Ok("get pods -o jsonpath={.items[*].metadata.uid}");
        (await Ok("delete sts web --cascade=orphan --timeout=60s")).ShouldContain("statefulset.apps \"web\" deleted");
        (await Ok("get pods -o jsonpath={.items[*].metadata.uid}")).ShouldBe(pods);
        (await Ok("get pods -o jsonpath={.items[*].metadata.ownerReferences}")).ShouldBe("");
        await Ok("apply -f -", Set("web"));
        await Ok("wait --for=jsonpath={.metadata.ownerReferences[0].kind}=StatefulSet pod/web-0 pod/web-1 pod/web-2 --timeout=60s");
        (await Ok("get pods -o jsonpath={.items[*].metadata.uid}")).ShouldBe(pods, "the new set takes them over");

        await Ok("delete sts web --cascade=foreground --timeout=60s");
        (await Ok("get pods -o name")).Trim().ShouldBe("", "the set goes last");

        await Ok("apply -f -", Set("other"));
        await Ok("rollout status sts/other --timeout=60s");
        await Ok("delete sts other --timeout=60s");
        await Ok("wait --for=delete pod --all --timeout=60s");
        await _cluster.Ok($"delete namespace {space}", program: kubectl);
    }

    [Fact]
    [Trait("Behaviour", "SS-617")]
    public async Task A_namespace_that_something_holds_says_what()
    {
        await _cluster.Ok("create namespace held");
        await _cluster.Ok("-n held apply -f -", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, finalizers: [example.com/hold]}\n");
        await _cluster.Ok("-n held apply -f -", Set("web"));
        await _cluster.Ok("-n held rollout status sts/web --timeout=60s");
        await _cluster.Ok("delete namespace held --wait=false");
        await _cluster.Ok("wait --for=condition=NamespaceFinalizersRemaining namespace/held --timeout=60s");
        var described = await _cluster.Ok("describe namespace held");
        described.ShouldMatch(@"NamespaceContentRemaining +True .* SomeResourcesRemain +Some resources are remaining: configmaps. has 1 resource instances");
        described.ShouldMatch(@"NamespaceFinalizersRemaining +True .* SomeFinalizersRemain +Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances");
        await _cluster.Ok("-n held patch configmap c -p {\"metadata\":{\"finalizers\":null}}");
        await _cluster.Ok("wait --for=delete namespace/held --timeout=60s");
    }

    static string Set(string name) => """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: NAME}
        spec: {replicas: 3, serviceName: NAME, selector: {matchLabels: {app: NAME}}, template: {metadata: {labels: {app: NAME}}, spec: {containers: [{name: main, image: "busybox:1"}]}}}
        """.Replace("NAME", name);

    static string Deployment(string strategy = "{}") => $$$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          replicas: 3
          strategy: {{{strategy}}}
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec: {containers: [{name: main, image: "busybox:1"}]}
        """;
}
