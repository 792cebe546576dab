using System.Text;
using Kennel.Node.Pods;
using Kennel.Node.Probes;
using Kennel.Node.Runtime;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Node.Tests.Pods;

public sealed class NameTests
{
    static Pod Pod(string spec, string name = "web-0") =>
        Json.Read<Pod>(Encoding.UTF8.GetBytes($$$"""{"metadata":{"name":"{{{name}}}","namespace":"default","uid":"u1"},"spec":{{{spec}}}}"""));

    [Fact]
    [Trait("Behaviour", "SS-114")]
    public void A_hostname_is_cut_to_63_without_a_dash_at_its_end()
    {
        NetworkNames.Hostname(Pod("{}", new string('a', 62) + "-b")).ShouldBe(new string('a', 62));
        NetworkNames.Hostname(Pod("""{"hostname":"h"}""")).ShouldBe("h");
    }

    [Fact]
    [Trait("Behaviour", "SS-113")]
    public void The_hosts_file_has_the_full_name_first()
    {
        NetworkNames.Hosts(Pod("""{"hostname":"web-0","subdomain":"nginx","hostAliases":[{"ip":"1.2.3.4","hostnames":["a","b"]}]}"""), ["10.0.0.5"], "cluster.local")
            .ShouldEndWith("10.0.0.5\tweb-0.nginx.default.svc.cluster.local\tweb-0\n\n# Entries added by HostAliases.\n1.2.3.4\ta\tb\n");
        NetworkNames.Hosts(Pod("{}"), ["10.0.0.5"], "cluster.local").ShouldEndWith("10.0.0.5\tweb-0\n");
    }

    [Theory]
    [Trait("Behaviour", "SS-1216")]
    [InlineData("{}", "10.96.0.10", "10.96.0.10 | default.svc.cluster.local svc.cluster.local cluster.local example.com | ndots:5")]
    [InlineData("{}", null, "1.1.1.1 | example.com | edns0")]
    [InlineData("""{"hostNetwork":true}""", "10.96.0.10", "1.1.1.1 | example.com | edns0")]
    [InlineData("""{"dnsPolicy":"Default"}""", "10.96.0.10", "1.1.1.1 | example.com | edns0")]
    [InlineData("""{"dnsPolicy":"None","dnsConfig":{"nameservers":["9.9.9.9"],"searches":["x"],"options":[{"name":"ndots","value":"2"}]}}""", "10.96.0.10", "9.9.9.9 | x | ndots:2")]
    public void The_dns_policy_says_who_is_asked(string spec, string? cluster, string expected)
    {
        var dns = NetworkNames.Dns(Pod(spec), cluster, "cluster.local", NetworkNames.ReadResolvConf("# x\nsearch example.com\nnameserver 1.1.1.1\noptions edns0\n"));
        $"{string.Join(' ', dns.Servers)} | {string.Join(' ', dns.Searches)} | {string.Join(' ', dns.Options)}".ShouldBe(expected);
    }

    [Theory]
    [InlineData("$(A)-$(B)", "1-$(B)")]
    [InlineData("$$(A) $A $", "$(A) $A $")]
    [InlineData("$(A", "$(A")]
    public void Variables_are_expanded(string text, string expected) => Expand.Text(text, name => name == "A" ? "1" : null).ShouldBe(expected);

    [Fact]
    public void Services_are_told_in_variables()
    {
        var service = Json.Read<Service>("""{"metadata":{"name":"my-db"},"spec":{"clusterIP":"10.96.0.7","ports":[{"name":"sql","port":5432}]}}"""u8);
        var headless = Json.Read<Service>("""{"metadata":{"name":"none"},"spec":{"clusterIP":"None","ports":[{"port":1}]}}"""u8);
        var all = ServiceVariables.Of([service, headless], null, links: true);
        all["MY_DB_SERVICE_HOST"].ShouldBe("10.96.0.7");
        all["MY_DB_SERVICE_PORT_SQL"].ShouldBe("5432");
        all["MY_DB_PORT_5432_TCP"].ShouldBe("tcp://10.96.0.7:5432");
        all.Keys.ShouldAllBe(k => k.StartsWith("MY_DB_"));
    }

    [Theory]
    [InlineData("{}", "BestEffort", "/kubepods/besteffort/podu1", 2, 0, 0, 1000)]
    [InlineData("""{"requests":{"cpu":"500m","memory":"1Gi"},"limits":{"cpu":"2"}}""", "Burstable", "/kubepods/burstable/podu1", 512, 200_000, 0, 875)]
    [InlineData("""{"limits":{"cpu":"1","memory":"256Mi"}}""", "Guaranteed", "/kubepods/podu1", 1024, 100_000, 268_435_456, -997)]
    public void Requests_and_limits_become_the_kernels_numbers(string resources, string qos, string cgroup, long shares, long quota, long memory, long score)
    {
        var pod = Pod($$$"""{"containers":[{"name":"main","resources":{{{resources}}}}]}""");
        Qos.Class(pod).ShouldBe(qos);
        Qos.Cgroup("/kubepods", pod).ShouldBe(cgroup);
        Qos.Of(pod, pod.Spec!.Containers[0], 8L << 30).ShouldBe(new ResourceSpec(shares, quota, memory, score));
    }

    [Theory]
    [InlineData("Always", "a:1", true, ImageChoice.Pull)]
    [InlineData("IfNotPresent", "a:1", true, ImageChoice.UsePresent)]
    [InlineData("IfNotPresent", "a:1", false, ImageChoice.Pull)]
    [InlineData("Never", "a:1", false, ImageChoice.Refuse)]
    [InlineData(null, "a:latest", true, ImageChoice.Pull)]
    [InlineData(null, "reg:5000/a", true, ImageChoice.Pull)]
    [InlineData(null, "a:1", true, ImageChoice.UsePresent)]
    public void The_image_policy_is_followed(string? policy, string image, bool present, ImageChoice choice) => ImagePolicy.Of(policy, image, present).ShouldBe(choice);

    [Fact]
    public void Only_a_registry_that_does_not_answer_is_away()
    {
        ImagePolicy.RegistryIsAway("failed to do request: Head \"https://registry-1.docker.io/v2/x\": dial tcp: lookup registry-1.docker.io: no such host").ShouldBeTrue();
        ImagePolicy.RegistryIsAway("failed to resolve reference \"docker.io/library/x:1\": docker.io/library/x:1: not found").ShouldBeFalse();
        ImagePolicy.RegistryIsAway("pull access denied, repository does not exist or may require authorization").ShouldBeFalse();
    }

    [Fact]
    public void Crashes_wait_longer_and_longer_up_to_five_minutes()
    {
        var now = DateTimeOffset.UnixEpoch;
        CrashBackoff? state = null;
        var waits = new List<string>();
        for (var i = 0; i < 8; i++)
        {
            state = CrashBackoff.Next(state, now);
            waits.Add(state.Text);
            now += state.Delay;
        }
        waits.ShouldBe(["10s", "20s", "40s", "1m20s", "2m40s", "5m0s", "5m0s", "5m0s"]);
        CrashBackoff.Until(state, now.AddMinutes(11), now.AddMinutes(11)).ShouldBeNull();
        CrashBackoff.Next(state, now.AddMinutes(11)).Text.ShouldBe("10s");
    }

    [Fact]
    public void A_probe_counts_only_results_in_a_row()
    {
        var probe = new Probe { FailureThreshold = 3, SuccessThreshold = 2 };
        var count = new ProbeCount(Passing: true);
        foreach (var passed in (bool[])[false, false, true, false, false]) count = count.After(passed, probe);
        count.Passing.ShouldBeTrue();
        count = count.After(false, probe);
        count.Passing.ShouldBeFalse();
        count.HasFailed(probe).ShouldBeTrue();
        count.After(true, probe).Passing.ShouldBeFalse();
        count.After(true, probe).After(true, probe).Passing.ShouldBeTrue();
    }
}
