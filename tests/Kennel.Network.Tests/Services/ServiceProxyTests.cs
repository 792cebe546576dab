using Kennel.Client.Caching;
using Kennel.Client.Running;
using Kennel.Network.Hosts;
using Kennel.Network.Services;

namespace Kennel.Network.Tests.Services;

public sealed class ServiceProxyTests
{
    readonly Caches _caches = new();
    readonly RecordingHost _host = new();
    readonly ServiceProxy _proxy;

    public ServiceProxyTests() => _proxy = new(_caches, _host, new("kennel-test", "kn-test", "10.201.0.0/16"));

    [Fact]
    public async Task Settings_come_first_and_a_ruleset_is_applied_once_until_it_changes()
    {
        await Round();
        _host.Done.ShouldBe(["net/ipv4/ip_forward = 1", "net/bridge/bridge-nf-call-iptables = 1", "net/bridge/bridge-nf-call-iptables = 1", "net/ipv4/conf/kn-test/route_localnet = 1", "iptables -w -S FORWARD"]);
        _caches.Cache<Kennel.Objects.Core.Service>().Put(Sample.Service("web", "10.96.0.50"));
        await Round();
        _host.Done.Count(d => d.StartsWith("nft -f -\n", StringComparison.Ordinal)).ShouldBe(1);
        await Round();
        _host.Done.TakeLast(2).ShouldBe(["nft list chain ip kennel-test services", "iptables -w -S FORWARD"]);
        _caches.Cache<Kennel.Objects.Discovery.EndpointSlice>().Put(Sample.Slice("web", 8080, ("10.201.0.2", true)));
        await Round();
        _host.Done[^1].ShouldContain("dnat to 10.201.0.2:8080");
    }

    [Fact]
    public async Task A_table_that_somebody_took_away_is_made_again()
    {
        await Round();
        await Round();
        _host.Answer = said => said.Contains("list chain") ? new(1, "", "No such file or directory") : new(0, "", "");
        (await Round()).ShouldNotBeNull().ShouldContain("gone from the packet filter");
        await Round();
        _host.Done[^1].ShouldStartWith("nft -f -\n");
    }

    [Fact]
    public async Task Where_the_bridge_is_not_filtered_pods_are_masqueraded()
    {
        _host.Missing = _host.Missing.Add("net/bridge/bridge-nf-call-iptables");
        await Round();
        _host.Done.ShouldContain("modprobe br_netfilter");
        _caches.Cache<Kennel.Objects.Core.Service>().Put(Sample.Service("web", "10.96.0.50"));
        _caches.Cache<Kennel.Objects.Discovery.EndpointSlice>().Put(Sample.Slice("web", 8080, ("10.201.0.2", true)));
        await Round();
        _host.Done[^1].ShouldContain("ip saddr 10.201.0.0/16 meta mark set");
    }

    [Fact]
    public async Task Without_nft_it_says_what_is_missing()
    {
        await Round();
        _host.Answer = _ => new(-1, "", "nft could not be started: No such file or directory");
        (await Round()).ShouldBe("the packet filter refused table kennel-test: nft could not be started: No such file or directory");
    }

    /// <summary>One round of the runner; what the failed step said, or null.</summary>
    async Task<string?> Round()
    {
        foreach (var step in _proxy.Reconcile(new("", "ruleset"), new(DateTimeOffset.UnixEpoch, new Random(1))).Steps)
            if (await ((Step.Own)step).Apply(null!, CancellationToken.None) is { } why) return why;
        return null;
    }
}
