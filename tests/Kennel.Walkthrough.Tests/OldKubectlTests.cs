using Kennel.Walkthrough.Tests.Running;

namespace Kennel.Walkthrough.Tests;

/// <summary>`make demo` installs Debian's kubectl where there is none, and that is 1.20: older than what we support, so at least the notes must go through.</summary>
public sealed class OldKubectlTests(SimulatedCluster fixture) : IClassFixture<SimulatedCluster>
{
    readonly Cluster _cluster = fixture.Cluster;

    [Fact]
    public async Task Debians_kubectl_does_what_the_notes_type()
    {
        var root = Path.Combine(_cluster.DataFolder, "kubectl-root");
        (await Program.Run(Path.Combine(Repository.Root, "scripts", "debian-rootfs.sh"), [root, "kubernetes-client"])).Succeeded();
        var manifest = new Manifests(_cluster.DataFolder).StatefulSet;
        var kubectl = Path.Combine(root, "usr", "bin", "kubectl");
        Task<string> Ok(string command) => _cluster.Ok(command, program: kubectl);

        (await Ok($"apply -f {manifest}")).ShouldContain("statefulset.apps/nodejs-stateful created");
        await Ok("rollout status sts/nodejs-stateful --timeout=60s");
        (await Ok($"apply -f {manifest}")).Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldAllBe(l => l.EndsWith(" unchanged", StringComparison.Ordinal));
        (await Ok("get all")).ShouldContain("statefulset.apps/nodejs-stateful   3/3");
        (await Ok($"get -f {manifest}")).ShouldContain("persistentvolume/nodejs-statefulset-volume-1");
        (await Ok("get pvc")).ShouldContain("VOLUMEATTRIBUTESCLASS");
        (await Ok("get pv")).ShouldContain("default/nodejs-stateful-volume-claim-nodejs-stateful-0");
        (await Ok("get sts -o wide")).ShouldContain("kennel/visits:1");
        (await Ok("get sts nodejs-stateful -o yaml")).ShouldContain("kind: StatefulSet");
        (await Ok("describe pod nodejs-stateful-0")).ShouldContain("Controlled By:  StatefulSet/nodejs-stateful");
        (await Ok("describe sts nodejs-stateful")).ShouldContain("Create Pod nodejs-stateful-2 in StatefulSet nodejs-stateful successful");
        (await Ok("describe pvc nodejs-stateful-volume-claim-nodejs-stateful-0")).ShouldContain("Used By:");
        await Ok("scale sts nodejs-stateful --replicas=5");
        await Ok("rollout status sts nodejs-stateful --timeout=60s");
        await Ok("scale sts nodejs-stateful --replicas=2");
        (await _cluster.Kubectl("wait --for=delete pod/nodejs-stateful-2 --timeout=60s", program: kubectl)).Errors.Trim().ShouldBeOneOf("", "error: no matching resources found"); // it may be gone before this kubectl looks, which that calls an error
        await Ok("rollout restart sts nodejs-stateful");
        await Ok("rollout status sts nodejs-stateful --timeout=60s");
        (await Ok("delete pod nodejs-stateful-0")).ShouldContain("pod \"nodejs-stateful-0\" deleted");
        (await Ok($"delete -f {manifest} --wait=false")).ShouldContain("statefulset.apps \"nodejs-stateful\" deleted");
    }
}
