using Kennel.Walkthrough.Tests.Running;

namespace Kennel.Walkthrough.Tests.Charts;

/// <summary>A cluster with a small image, and what a chart makes in it.</summary>
public sealed class ChartCluster : IAsyncLifetime
{
    public Cluster Cluster { get; } = new("containerd");

    public async Task InitializeAsync()
    {
        await Cluster.Start();
        await Busybox.Load(Cluster);
        await Cluster.Ok($"apply -f {Path.Combine(Repository.Root, "tests", "Kennel.Walkthrough.Tests", "Charts", "chart.yaml")}");
        await Cluster.Ok("rollout status sts/app --timeout=90s");
    }

    public async Task DisposeAsync() => await Cluster.DisposeAsync();
}

/// <summary>What the manifests of charts rely on, seen from inside of the container.</summary>
public sealed class ChartTests(ChartCluster fixture) : IClassFixture<ChartCluster>
{
    [Theory]
    [InlineData("id -u", "1001")]
    [InlineData("id -g", "0")]
    [InlineData("id -G", "0 1001 2002")]
    [InlineData("grep -E '^(CapEff|CapBnd|NoNewPrivs|Seccomp):' /proc/1/status | tr -s '\\t ' ' '", "CapEff: 0000000000000000\nCapBnd: 0000000000000400\nNoNewPrivs: 1\nSeccomp: 2")]
    [InlineData("touch /root/x 2>&1; touch /x 2>&1", "touch: /root/x: Read-only file system\ntouch: /x: Read-only file system")]
    [InlineData("cat /proc/sys/net/ipv4/ip_unprivileged_port_start", "80")]
    public async Task A_process_has_the_rights_that_its_security_context_says(string question, string answer) => (await Ask(question)).ShouldBe(answer);

    [Theory]
    [InlineData("echo $APP_ADVERTISED", "app-0.app-headless.default.svc.cluster.local:8080 $(literal) $(UNKNOWN)")]
    [InlineData("echo $APP_MODE $APP_LOG_LEVEL $APP_ZONE", "cluster info a")]
    [InlineData("tr '\\0' '\\n' < /proc/1/environ | grep SECRET_", "SECRET_app-password=pass word")] // a shell drops such names
    [InlineData("echo $APP_MEMORY_MB $APP_CPUS", "64 2")]
    [InlineData("env | grep -E '^(KUBERNETES_SERVICE_HOST|APP_SERVICE_HOST|APP_LICENSE)=' | cut -d = -f 1", "KUBERNETES_SERVICE_HOST")]
    [InlineData("[ \"$APP_POD_IP\" = \"$(hostname -i)\" ] && echo same", "same")]
    public async Task Variables_come_from_fields_resources_and_objects(string question, string answer) => (await Ask(question)).ShouldBe(answer);

    [Theory]
    [InlineData("[ -w /data ] && stat -c '%u' /data", "1001")]
    [InlineData("stat -L -c '%a %u:%g' /opt/app/secrets/app-password", "440 0:1001")]
    [InlineData("cat /opt/app/only-password; echo; cat /opt/app/conf/app.conf", "pass word\npassword=pass word")]
    [InlineData("stat -L -c '%a %g' /scripts/setup.sh", "755 1001")]
    [InlineData("touch /own/mine /tmp/x /dev/shm/y && ls /data/pods/app-0", "mine")]
    [InlineData("grep ' /dev/shm ' /proc/mounts | cut -d ' ' -f 3; df -k /dev/shm | awk 'END { print $2 }'", "tmpfs\n16384")]
    [InlineData("cat /etc/about/memory; echo; cat /etc/about/settings/mode; echo; grep zone /etc/about/labels", "32\ncluster\nzone=\"a\"")]
    [InlineData("ls /var/run/secrets 2>&1", "ls: /var/run/secrets: No such file or directory")]
    public async Task Volumes_have_the_content_the_owner_and_the_mode_that_was_asked_for(string question, string answer) => (await Ask(question)).ShouldBe(answer);

    [Theory]
    [InlineData("grep elsewhere /etc/hosts | tr -s '\\t ' ' '", "192.0.2.7 elsewhere.example")]
    [InlineData("grep ndots /etc/resolv.conf", "options ndots:2")]
    [InlineData("hostname -f", "app-0.app-headless.default.svc.cluster.local")]
    [InlineData("wget -q -O - http://127.0.0.1:9090/up && echo sidecar", "sidecar")]
    public async Task The_pods_network_is_as_it_says(string question, string answer) => (await Ask(question)).ShouldBe(answer);

    [Fact]
    public async Task Hooks_run_when_a_container_comes_and_before_it_leaves()
    {
        await fixture.Cluster.Ok("delete pod app-1");
        await fixture.Cluster.Ok("rollout status sts/app --timeout=90s");
        await fixture.Cluster.Ok("wait --for=condition=Ready pod/app-1 --timeout=60s");
        (await Ask("cat /data/history", "app-1")).ShouldBe("app-1 came\napp-1 left\napp-1 came");
    }

    async Task<string> Ask(string question, string pod = "app-0") =>
        (await fixture.Cluster.Kubectl(["exec", pod, "-c", "app", "--", "sh", "-c", question])).Output.TrimEnd('\n');
}
