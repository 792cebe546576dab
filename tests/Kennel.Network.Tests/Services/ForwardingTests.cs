using Kennel.Network.Hosts;
using Kennel.Network.Services;

namespace Kennel.Network.Tests.Services;

public sealed class ForwardingTests
{
    const string Out = "-s 10.201.0.0/16 -m comment --comment kennel-test -j ACCEPT";
    const string In = "-d 10.201.0.0/16 -m conntrack --ctstate RELATED,ESTABLISHED,DNAT -m comment --comment kennel-test -j ACCEPT";

    readonly RecordingHost _host = new();
    readonly Forwarding _forwarding;

    public ForwardingTests() => _forwarding = new(_host, "kennel-test", "10.201.0.0/16");

    [Fact]
    public async Task Where_nobody_forbids_forwarding_nothing_is_added()
    {
        Says("-P FORWARD ACCEPT");
        (await _forwarding.Keep(default)).ShouldBeNull();
        _host.Done.ShouldBe(["iptables -w -S FORWARD"]);
    }

    [Theory]
    [InlineData("-P FORWARD DROP")] // Docker's, ufw's
    [InlineData("-P FORWARD ACCEPT\n-A FORWARD -j REJECT --reject-with icmp-host-prohibited")]
    [InlineData("-P FORWARD DROP\n-A FORWARD -s 10.202.0.0/16 -m comment --comment kennel-other -j ACCEPT")]
    public async Task Where_a_packet_may_be_dropped_pods_get_rules_at_the_top(string listing)
    {
        Says(listing);
        (await _forwarding.Keep(default)).ShouldBeNull();
        _host.Done.Skip(1).ShouldBe([$"iptables -w -I FORWARD {Out}", $"iptables -w -I FORWARD {In}"]);
    }

    [Fact]
    public async Task Rules_that_are_there_are_not_made_again()
    {
        Says($"-P FORWARD DROP\n-A FORWARD {In}\n-A FORWARD {Out}");
        (await _forwarding.Keep(default)).ShouldBeNull();
        _host.Done.ShouldBe(["iptables -w -S FORWARD"]);
    }

    [Fact]
    public async Task Only_our_own_rules_are_taken_away()
    {
        Says($"-P FORWARD DROP\n-A FORWARD {In}\n-A FORWARD {Out}\n-A FORWARD -j DOCKER-USER\n-A FORWARD -s 10.202.0.0/16 -m comment --comment kennel-other -j ACCEPT");
        (await _forwarding.Remove(default)).ShouldBeNull();
        _host.Done.Skip(1).ShouldBe([$"iptables -w -D FORWARD {In}", $"iptables -w -D FORWARD {Out}"]);
    }

    [Fact]
    public async Task A_refusal_is_told()
    {
        _host.Answer = said => said.Contains("-S", StringComparison.Ordinal) ? new(0, "-P FORWARD DROP", "") : new(4, "", "Permission denied\n");
        (await _forwarding.Keep(default)).ShouldBe($"iptables refused -I FORWARD {Out}: Permission denied");
    }

    void Says(string listing) => _host.Answer = said => new(0, said.EndsWith("-S FORWARD", StringComparison.Ordinal) ? listing : "", "");
}
