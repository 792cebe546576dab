using Xunit.Abstractions;
using static Kennel.Server.Tests.Samples;

namespace Kennel.Server.Tests;

/// <summary>Unmodified kubectl of every version that we promise, as far as the machine has it.</summary>
public sealed class KubectlTests(ITestOutputHelper log)
{
    public static TheoryData<string> Kubectls => [.. Tools.Versions];

    [SkippableTheory, MemberData(nameof(Kubectls))]
    public async Task A_set_is_applied_shown_patched_and_deleted(string version)
    {
        Skip.If(Tools.Kubectl(version) is null, "this kubectl isn't on the machine");
        await using var server = await TestServer.Start();
        await server.Listen();
        Task<string> Run(string? input, params string[] args) => Told(server, version, 0, input, args);

        (await Run(Set(), "apply", "-f", "-")).ShouldBe("statefulset.apps/web created\n");
        (await Run(Set(), "apply", "-f", "-")).ShouldBe("statefulset.apps/web unchanged\n");
        (await Run(Set(replicas: 4), "apply", "-f", "-")).ShouldBe("statefulset.apps/web configured\n");
        (await Run(null, "get", "sts")).ShouldMatch(@"NAME\s+READY\s+AGE\nweb\s+0/4\s+\d+s\n");
        (await Run(null, "get", "sts", "-o", "wide")).ShouldContain("busybox:1");
        (await Run(null, "get", "all")).ShouldContain("service/kubernetes");
        (await Run(null, "get", "sts", "web", "-o", "yaml")).ShouldContain("replicas: 4");
        (await Run(null, "describe", "sts", "web")).ShouldContain("Name:               web");
        (await Run(null, "scale", "sts", "web", "--replicas=2")).ShouldBe("statefulset.apps/web scaled\n");
        (await Run(null, "patch", "sts", "web", "-p", """{"spec":{"replicas":1}}""")).ShouldBe("statefulset.apps/web patched\n");
        (await Run(null, "label", "sts", "web", "a=b")).ShouldBe("statefulset.apps/web labeled\n");
        (await Run(null, "explain", "sts.spec.replicas")).ShouldContain("replicas");
        (await Run(null, "create", "configmap", "c", "--from-literal=a=1")).ShouldBe("configmap/c created\n");
        (await Run(null, "create", "namespace", "notes")).ShouldBe("namespace/notes created\n");
        (await Run(null, "auth", "can-i", "create", "pods")).ShouldBe("yes\n");
        (await Run(null, "api-resources")).ShouldContain("statefulsets");
        (await Run(null, "version")).ShouldContain("Server Version");
        (await Run(null, "delete", "sts", "web")).ShouldBe("statefulset.apps \"web\" deleted\n");
        (await Run(Set(), "apply", "--server-side", "-f", "-")).ShouldBe("statefulset.apps/web serverside-applied\n");
        (await Run(Set(), "diff", "-f", "-")).ShouldBe("");
        (await Run(Set(), "delete", "-f", "-")).ShouldBe("statefulset.apps \"web\" deleted\n");
    }

    [SkippableTheory, MemberData(nameof(Kubectls))]
    public async Task Mistakes_are_told_in_upstreams_words(string version)
    {
        Skip.If(Tools.Kubectl(version) is null, "this kubectl isn't on the machine");
        await using var server = await TestServer.Start();
        await server.Listen();
        Task<string> Fail(string? input, params string[] args) => Told(server, version, 1, input, args);

        (await Fail(null, "get", "sts", "web")).ShouldBe("Error from server (NotFound): statefulsets.apps \"web\" not found\n");
        (await Fail(Set().Replace("\"serviceName\"", "\"serviceNam\""), "apply", "-f", "-")).ShouldContain("unknown field \"spec.serviceNam\"");
        (await Fail(Set().Replace("\"replicas\":3", "\"replicas\":\"three\""), "apply", "-f", "-")).ShouldContain("spec.replicas");
        (await Fail(Set("Web"), "apply", "-f", "-")).ShouldContain("The StatefulSet \"Web\" is invalid: metadata.name: Invalid value: \"Web\"");
    }

    [SkippableTheory, MemberData(nameof(Kubectls)), Trait("Behaviour", "SS-802")]
    public async Task An_invalid_set_is_printed_cause_by_cause(string version)
    {
        Skip.If(Tools.Kubectl(version) is null, "this kubectl isn't on the machine");
        await using var server = await TestServer.Start();
        await server.Listen();
        Task<string> Fail(string input, params string[] args) => Told(server, version, 1, input, args);

        (await Fail(Set(replicas: -1), "create", "-f", "-")).ShouldBe("The StatefulSet \"web\" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0\n");
        (await Fail(Set(replicas: -1).Replace("\"image\":\"busybox:1\"", "\"image\":\"\""), "create", "-f", "-")).ShouldBe(
            "The StatefulSet \"web\" is invalid: \n* spec.replicas: Invalid value: -1: must be greater than or equal to 0\n* spec.template.spec.containers[0].image: Required value\n");
        await server.Kubectl(version, Set(), "create", "-f", "-");
        (await Fail(Set().Replace("\"serviceName\":\"web\"", "\"serviceName\":\"other\""), "replace", "-f", "-")).ShouldBe(
            "The StatefulSet \"web\" is invalid: spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden\n");
    }

    [SkippableTheory, MemberData(nameof(Kubectls)), Trait("Behaviour", "SS-1031"), Trait("Behaviour", "SS-602"), Trait("Behaviour", "SS-1032")]
    public async Task Sets_are_looked_at_and_let_go(string version)
    {
        Skip.If(Tools.Kubectl(version) is null, "this kubectl isn't on the machine");
        await using var server = await TestServer.Start();
        await server.Listen();
        Task<string> Run(string? input, params string[] args) => Told(server, version, 0, input, args);

        (await Run(null, "get", "sts")).ShouldBe("No resources found in default namespace.\n");
        (await Run(null, "get", "pv")).ShouldBe("No resources found\n");
        var set = Set().Replace("\"replicas\":3", "\"replicas\":3,\"volumeClaimTemplates\":[{\"metadata\":{\"name\":\"d\"},\"spec\":{\"accessModes\":[\"ReadWriteOnce\"],\"resources\":{\"requests\":{\"storage\":\"1Gi\"}}}}]");
        (await Run(set, "apply", "-f", "-")).ShouldBe("statefulset.apps/web created\n");
        (await Run(set, "apply", "-f", "-")).ShouldBe("statefulset.apps/web unchanged\n");
        (await Run(null, "get", "sts", "web", "--subresource=scale")).ShouldMatch(@"NAME\s+DESIRED\s+AVAILABLE\s+AGE\nweb\s+3\s+0\s+\d+s\n");
        await server.Made("/api/v1/namespaces/default/events",
            $$$"""{"metadata":{"name":"e"},"involvedObject":{"kind":"StatefulSet","namespace":"default","name":"web","uid":"{{{(await server.Get($"{Sets}/web")).Metadata["uid"]}}}"},"reason":"SuccessfulCreate","message":"so it was","type":"Normal","source":{"component":"statefulset-controller"},"firstTimestamp":"2026-01-01T00:00:00Z","lastTimestamp":"2026-01-01T00:00:00Z","count":1}""");
        var described = await Run(null, "describe", "sts", "web");
        described.ShouldContain("Pods Status:        0 Running / 0 Waiting / 0 Succeeded / 0 Failed");
        described.ShouldMatch(@"Normal\s+SuccessfulCreate\s+.*statefulset-controller\s+so it was");
        await Run(null, "delete", "sts", "web", "--cascade=orphan", "--wait=false");
        (await server.Get($"{Sets}/web")).Metadata["finalizers"]!.ToJsonString().ShouldBe("[\"orphan\"]");
        await server.Merge($"{Sets}/web", """{"metadata":{"finalizers":null}}""");
        await Run(set, "apply", "-f", "-");
        await Run(null, "delete", "sts", "web", "--cascade=foreground", "--wait=false");
        (await server.Get($"{Sets}/web")).Metadata["finalizers"]!.ToJsonString().ShouldBe("[\"foregroundDeletion\"]");
        await server.Merge($"{Sets}/web", """{"metadata":{"finalizers":null}}""");
        await Run(set, "apply", "-f", "-");
        await Run(null, "delete", "sts", "web");
        (await server.Get($"{Sets}/web")).Status.ShouldBe(404);
    }

    /// <summary>What a kubectl prints, which must end with a certain code.</summary>
    async Task<string> Told(TestServer server, string version, int wanted, string? input, string[] args)
    {
        var (code, output) = await server.Kubectl(version, input, args);
        log.WriteLine($"kubectl {string.Join(' ', args)}\n{output}");
        code.ShouldBe(wanted, output);
        return output;
    }
}
