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
        async Task<string> Run(string? input, params string[] args)
        {
            var (code, output) = await server.Kubectl(version, input, args);
            log.WriteLine($"kubectl {string.Join(' ', args)}\n{output}");
            code.ShouldBe(0, output);
            return output;
        }

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
        async Task<string> Fail(string? input, params string[] args)
        {
            var (code, output) = await server.Kubectl(version, input, args);
            log.WriteLine($"kubectl {string.Join(' ', args)}\n{output}");
            code.ShouldBe(1, output);
            return output;
        }

        (await Fail(null, "get", "sts", "web")).ShouldBe("Error from server (NotFound): statefulsets.apps \"web\" not found\n");
        (await Fail(Set().Replace("\"serviceName\"", "\"serviceNam\""), "apply", "-f", "-")).ShouldContain("unknown field \"spec.serviceNam\"");
        (await Fail(Set().Replace("\"replicas\":3", "\"replicas\":\"three\""), "apply", "-f", "-")).ShouldContain("spec.replicas");
        (await Fail(Set("Web"), "apply", "-f", "-")).ShouldContain("The StatefulSet \"Web\" is invalid: metadata.name: Invalid value: \"Web\"");
    }
}
