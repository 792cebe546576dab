using Kennel.Walkthrough.Tests.Running;

namespace Kennel.Walkthrough.Tests;

/// <summary>Images from a registry that can be reached: pulled, refused, behind a password, at another address.</summary>
public sealed class RegistryTests(RegistryTests.Fixture fixture) : IClassFixture<RegistryTests.Fixture>
{
    readonly Cluster _cluster = fixture.Cluster;

    [Theory]
    [InlineData("plain", "team/x:1", "IfNotPresent")]
    [InlineData("always", "team/x:1", "Always")]
    [InlineData("digest", "team/x@DIGEST", "Always")]
    [InlineData("both", "team/x:1@DIGEST", "Always")]
    public async Task A_local_registry_is_asked_over_plain_HTTP(string pod, string image, string policy)
    {
        var full = $"127.0.0.1:{fixture.Open.Port}/{image.Replace("DIGEST", fixture.Open.Digest)}";
        await Run(pod, full, policy);
        await _cluster.Ok($"wait --for=condition=Ready pod/{pod} --timeout=60s");
        (await _cluster.Ok($"get pod {pod} -o jsonpath={{.status.containerStatuses[0].imageID}}")).ShouldEndWith(fixture.Open.Digest);
        if (policy == "Always") (await _cluster.Ok($"describe pod {pod}")).ShouldContain($"Successfully pulled image \"{full}\"");
        await _cluster.Ok($"delete pod {pod}");
    }

    [Theory]
    [InlineData("tag", "team/x:none", "IfNotPresent", "ImagePullBackOff", "rpc error: code = NotFound desc = failed to pull and unpack image")]
    [InlineData("repository", "nothing:1", "Always", "ImagePullBackOff", "not found")]
    [InlineData("never", "team/y:1", "Never", "ErrImageNeverPull", "is not present with pull policy of Never")]
    public async Task What_a_registry_hasnt_got_is_told_in_its_words(string pod, string image, string policy, string reason, string words)
    {
        await Run(pod, $"127.0.0.1:{fixture.Open.Port}/{image}", policy);
        await _cluster.Ok($"wait --for=jsonpath={{.status.containerStatuses[0].state.waiting.reason}}={reason} pod/{pod} --timeout=60s");
        (await _cluster.Ok($"get pod {pod} -o jsonpath={{.status.containerStatuses[0].state.waiting.message}}")).ShouldContain(words);
        await _cluster.Ok($"delete pod {pod}");
    }

    [Fact]
    public async Task A_pull_secret_opens_a_registry_and_a_wrong_one_doesnt()
    {
        var server = $"127.0.0.1:{fixture.Closed.Port}";
        await _cluster.Ok($"create secret docker-registry wrong --docker-server={server} --docker-username=bob --docker-password=guess");
        await _cluster.Ok($"create secret docker-registry right --docker-server={server} --docker-username=bob --docker-password=secret");
        await Run("shut", $"{server}/team/x:1", "Always", "imagePullSecrets: [{name: wrong}]");
        await _cluster.Ok("wait --for=jsonpath={.status.containerStatuses[0].state.waiting.reason}=ImagePullBackOff pod/shut --timeout=60s");
        (await _cluster.Ok("describe pod shut")).ShouldContain("401 Unauthorized");
        await Run("opened", $"{server}/team/x:1", "Always", "imagePullSecrets: [{name: right}]");
        await _cluster.Ok("wait --for=condition=Ready pod/opened --timeout=60s");
        await _cluster.Ok("delete pod shut opened");
    }

    [Fact]
    public async Task A_hosts_file_says_where_a_registry_is_and_counts_at_the_next_pull()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_cluster.DataFolder, "certs.d", "registry.test"));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "hosts.toml"), $"server = \"https://registry.test\"\n\n[host.\"http://127.0.0.1:{fixture.Open.Port}\"]\n  capabilities = [\"pull\", \"resolve\"]\n");
        await Run("mirrored", "registry.test/team/x:1", "Always");
        await _cluster.Ok("wait --for=condition=Ready pod/mirrored --timeout=60s");
        await _cluster.Ok("delete pod mirrored");
    }

    Task<string> Run(string pod, string image, string policy, string more = "") => _cluster.Ok("apply -f -", $$"""
        apiVersion: v1
        kind: Pod
        metadata: {name: {{pod}}}
        spec:
          terminationGracePeriodSeconds: 0
          containers: [{name: main, image: "{{image}}", imagePullPolicy: {{policy}} }]
          {{more}}
        """);

    /// <summary>A cluster, a registry for everybody, and one behind a password, with the same image.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        public Cluster Cluster { get; } = new("containerd");

        internal Registry Open { get; private set; } = null!;

        internal Registry Closed { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            var archive = await Busybox.Pack(Cluster.DataFolder);
            Open = await Registry.Serve(archive, "team/x", "1");
            Closed = await Registry.Serve(archive, "team/x", "1", "bob:secret");
            await Cluster.Start();
        }

        public async Task DisposeAsync()
        {
            await Cluster.DisposeAsync();
            Open.Dispose();
            Closed.Dispose();
        }
    }
}
