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

    public ServiceProxyTests() => _proxy = new(_caches, _host, new(_host, "kn-test"), new("kennel-test", "10.201.0.0/16", "here"));

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
    public async Task Only_what_has_changed_is_told_to_the_kernel()
    {
        await Round();
        foreach (var (name, address) in ((string, string)[])[("a", "10.96.0.51"), ("b", "10.96.0.52")])
        {
            _caches.Cache<Kennel.Objects.Core.Service>().Put(Sample.Service(name, address));
            _caches.Cache<Kennel.Objects.Discovery.EndpointSlice>().Put(Sample.Slice(name, 8080, ("10.201.0.2", true)));
        }
        await Round();
        _caches.Cache<Kennel.Objects.Discovery.EndpointSlice>().Put(Sample.Slice("b", 8080, ("10.201.0.2", true), ("10.201.0.3", true)));
        await Round();
        _host.Done[^1].ShouldBe("""
            nft -f -
            flush chain ip kennel-test svc.default/b/tcp/80
            add rule ip kennel-test svc.default/b/tcp/80 meta l4proto tcp dnat ip to numgen random mod 2 map { 0 : 10.201.0.2 . 8080, 1 : 10.201.0.3 . 8080 }
            add element ip kennel-test hairpin { 10.201.0.3 . 10.201.0.3 }

            """);
    }

    [Fact]
    public async Task A_change_that_the_kernel_refuses_is_made_by_replacing_the_table()
    {
        await Round();
        await Round();
        _caches.Cache<Kennel.Objects.Core.Service>().Put(Sample.Service("web", "10.96.0.50"));
        _host.Answer = said => said.StartsWith("nft -f -\nadd", StringComparison.Ordinal) ? new(1, "", "Device or resource busy") : new(0, "", "");
        (await Round()).ShouldBeNull();
        _host.Done[^1].ShouldStartWith("nft -f -\ntable ip kennel-test\ndelete table ip kennel-test\n");
    }

    [Fact]
    public async Task Datagrams_on_their_way_to_an_endpoint_that_left_are_decided_anew()
    {
        Flow kept = new("10.201.0.9", 4000, "10.96.0.50", 53, "10.201.0.2", 5353), stale = kept with { SourcePort = 4001, Answerer = "10.201.0.3" };
        _host.Remembered = [kept, stale];
        await Round();
        _caches.Cache<Kennel.Objects.Core.Service>().Put(Sample.Service("dns", "10.96.0.50", 53, protocol: "UDP"));
        _caches.Cache<Kennel.Objects.Discovery.EndpointSlice>().Put(Sample.Slice("dns", 5353, ("10.201.0.2", true)) is var s ? s with { Ports = [s.Ports[0] with { Protocol = "UDP" }] } : null!);
        await Round();
        _host.Remembered.ShouldBe([kept]);
        _host.Remembered = [stale];
        _caches.Cache<Kennel.Objects.Core.Service>().Put(Sample.Service("web", "10.96.0.51"));
        await Round();
        _host.Remembered.ShouldBe([stale], "no datagram service has changed: nobody looks");
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
