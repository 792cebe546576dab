using System.Net.Sockets;
using System.Text;
using Kennel.Network.Filters;
using Kennel.Network.Hosts;
using Kennel.Network.Services;

namespace Kennel.Network.Tests.Services;

/// <summary>Applies a ruleset to this machine, with two pods made of network namespaces. Needs root, nft, ip and python3.</summary>
public sealed class RealServicesTests : IAsyncLifetime
{
    const string Bridge = "knt-br0";
    const string Table = "kennel-selftest";

    readonly SystemHost _host = new();
    bool _able;

    public async Task InitializeAsync()
    {
        _able = Environment.UserName == "root" && (await Sh("command -v nft && command -v ip && command -v python3")).Exit == 0
            && (await Sh($"ip link add {Bridge} type bridge && ip addr add 10.239.0.1/24 dev {Bridge} && ip link set {Bridge} up")).Exit == 0;
        if (!_able) return;
        foreach (var i in new[] { 2, 3 }) await Pod(i);
    }

    [SkippableFact]
    public async Task A_service_answers_by_its_address_by_a_node_port_and_from_pods_and_refuses_without_endpoints()
    {
        Skip.IfNot(_able, "needs root, nft, ip and python3");
        var settings = new Settings(_host, Bridge);
        await settings.Make(CancellationToken.None);
        settings.BridgeReady.ShouldBeTrue();
        var options = new RulesetOptions(Table, "10.239.0.0/24", MasqueradePods: settings.BridgeFiltered != true);
        var services = new[] { Sample.Service("web", "10.238.0.50", 80, 31932), Sample.Service("sticky", "10.238.0.51", affinity: "ClientIP"), Sample.Service("dead", "10.238.0.52", 80, 31933) };
        var slices = new[] { "web", "sticky" }.Select(s => Sample.Slice(s, 8080, ("10.239.0.2", true), ("10.239.0.3", true))).ToArray();
        var filter = new PacketFilter(_host, Table);
        (await filter.Apply(Ruleset.Of(Sample.Routed(services, slices), options), CancellationToken.None)).ShouldBeNull();
        (await filter.Check(Ruleset.Entry, CancellationToken.None)).ShouldBeNull();

        var answers = new List<string>();
        for (var i = 0; i < 20; i++) answers.Add(await Ask("10.238.0.50", 80));
        answers.Distinct().Order().ShouldBe(["pod2", "pod3"]);

        (await Ask("127.0.0.1", 31932)).ShouldStartWith("pod");
        (await Ask("10.239.0.1", 31932)).ShouldStartWith("pod");

        // From a pod, often enough that it meets itself as well.
        for (var i = 0; i < 8; i++) (await Sh($"ip netns exec knt-2 python3 -c \"{Client("10.238.0.50", 80)}\"")).Output.ShouldStartWith("pod");

        var first = await Ask("10.238.0.51", 80);
        for (var i = 0; i < 8; i++) (await Ask("10.238.0.51", 80)).ShouldBe(first);

        (await Should.ThrowAsync<SocketException>(() => Ask("10.238.0.52", 80))).SocketErrorCode.ShouldBe(SocketError.ConnectionRefused);
        (await Should.ThrowAsync<SocketException>(() => Ask("127.0.0.1", 31933))).SocketErrorCode.ShouldBe(SocketError.ConnectionRefused);

        (await filter.Remove(CancellationToken.None)).ShouldBeNull();
        (await Sh($"nft list table ip {Table}")).Exit.ShouldNotBe(0);
        (await filter.Remove(CancellationToken.None)).ShouldBeNull("gone already is fine");
    }

    [SkippableFact]
    public async Task A_ruleset_that_the_kernel_refuses_changes_nothing_and_says_why()
    {
        Skip.IfNot(_able, "needs root, nft, ip and python3");
        var filter = new PacketFilter(_host, Table);
        var table = Ruleset.Of(Array.Empty<Part>(), new(Table, "10.239.0.0/24"));
        (await filter.Apply(table, CancellationToken.None)).ShouldBeNull();
        var wrong = Ruleset.Of([Part.Empty with { Chains = [new("x", "nonsense")] }], new(Table, "10.239.0.0/24"));
        (await filter.Apply(wrong, CancellationToken.None)).ShouldNotBeNull().ShouldContain("nonsense");
        filter.Applied.ShouldBe(table);
        (await filter.Check(Ruleset.Entry, CancellationToken.None)).ShouldBeNull();
    }

    [SkippableFact]
    public async Task A_client_stays_with_its_endpoint_while_others_come_and_go()
    {
        Skip.IfNot(_able, "needs root, nft, ip and python3");
        var filter = await Ready();
        var sticky = new[] { Sample.Service("sticky", "10.238.0.51", affinity: "ClientIP") };
        async Task Lead(params int[] pods) => (await filter.Apply(Ruleset.Of(
            Sample.Routed(sticky, [Sample.Slice("sticky", 8080, [.. pods.Select(p => ($"10.239.0.{p}", true))])]), new(Table, "10.239.0.0/24")), CancellationToken.None)).ShouldBeNull();
        foreach (var mine in new[] { 2, 3 })
        {
            await Lead(mine);
            (await Ask("10.238.0.51", 80)).ShouldBe($"pod{mine}");
            await Lead(2, 3);
            for (var i = 0; i < 5; i++) (await Ask("10.238.0.51", 80)).ShouldBe($"pod{mine}");
        }
    }

    [SkippableFact]
    public async Task Datagrams_go_to_another_endpoint_as_soon_as_theirs_has_left()
    {
        Skip.IfNot(_able, "needs root, nft, ip and python3");
        var filter = await Ready();
        var service = new[] { Sample.Service("dns", "10.238.0.53", 53, protocol: "UDP") };
        Routed[] To(int pod) => [.. Sample.Routed(service, [Sample.Slice("dns", 5353, ($"10.239.0.{pod}", true)) is var s ? s with { Ports = [s.Ports[0] with { Protocol = "UDP" }] } : null!])];
        using var sender = new UdpClient();
        sender.Connect("10.238.0.53", 53);
        foreach (var pod in new[] { 2, 3, 2 })
        {
            (await filter.Apply(Ruleset.Of(To(pod), new(Table, "10.239.0.0/24")), CancellationToken.None)).ShouldBeNull();
            (await new ForgetStale(_host, [.. To(pod)]).Apply(null!, CancellationToken.None)).ShouldBeNull();
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            await sender.SendAsync(new byte[] { 1 }, limit.Token);
            Encoding.ASCII.GetString((await sender.ReceiveAsync(limit.Token)).Buffer).ShouldBe($"pod{pod}");
        }
    }

    /// <summary>Whatever services come, change and go: what was changed piece by piece is what the whole table would have made.</summary>
    [SkippableFact]
    public async Task Changes_lead_the_kernel_where_the_whole_table_would()
    {
        Skip.IfNot(_able, "needs root, nft, ip and python3");
        var filter = new PacketFilter(_host, Table);
        var random = new Random(7);
        for (var round = 0; round < 25; round++)
        {
            var services = Enumerable.Range(0, 6).Where(_ => random.Next(3) > 0).Select(i => Sample.Service(
                $"s{i}", $"10.238.0.{i + 1}", nodePort: random.Next(2) * (31900 + i), protocol: i == 4 ? "UDP" : "TCP", affinity: random.Next(3) == 0 ? "ClientIP" : "None", policy: random.Next(2) == 0 ? "Local" : "Cluster")).ToArray();
            var slices = services.Select(s => Sample.Slice(s.Metadata.Name!, 8080, [.. Enumerable.Range(2, 4).Where(_ => random.Next(2) == 0).Select(p => ($"10.239.0.{p}", true))])).ToArray();
            var table = Ruleset.Of(Sample.Routed(services, slices), new(Table, "10.239.0.0/24"));
            var change = filter.Needed(table);
            (await _host.Run("nft", ["-c", "-f", "-"], change, CancellationToken.None)).ShouldBe(new(0, "", ""), change);
            (await filter.Apply(table, CancellationToken.None)).ShouldBeNull();
            var changed = await Listed();
            (await new PacketFilter(_host, Table).Apply(table, CancellationToken.None)).ShouldBeNull();
            changed.ShouldBe(await Listed(), $"round {round}: {change}");
        }
    }

    public async Task DisposeAsync()
    {
        if (!_able) return;
        await Sh($"for n in 2 3; do for p in $(ip netns pids knt-$n); do kill $p; done; ip netns del knt-$n; done; ip link del {Bridge}; nft delete table ip {Table}");
    }

    /// <summary>The words of the table as the kernel has it, without their order, which is that of hashes.</summary>
    async Task<string> Listed() =>
        string.Join(' ', (await Sh($"nft -s list table ip {Table}")).Output.Split((char[])[' ', '\n', '\t', ','], StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));

    async Task<PacketFilter> Ready()
    {
        await new Settings(_host, Bridge).Make(CancellationToken.None);
        return new(_host, Table);
    }

    async Task Pod(int i)
    {
        await Sh($"ip netns add knt-{i} && ip link add kntv{i} type veth peer name eth0 netns knt-{i} && ip link set kntv{i} master {Bridge} up && "
            + $"bridge link set dev kntv{i} hairpin on; ip -n knt-{i} addr add 10.239.0.{i}/24 dev eth0 && ip -n knt-{i} link set eth0 up && ip -n knt-{i} link set lo up && "
            + $"ip -n knt-{i} route add default via 10.239.0.1");
        var server = "import socket\ns=socket.create_server(('',8080))\nwhile True:\n c,_=s.accept()\n c.sendall(b'pod" + i + "')\n c.close()";
        var datagrams = "import socket\ns=socket.socket(socket.AF_INET,socket.SOCK_DGRAM)\ns.bind(('',5353))\nwhile True:\n _,a=s.recvfrom(99)\n s.sendto(b'pod" + i + "',a)";
        await Sh($"ip netns exec knt-{i} setsid python3 -c \"{datagrams}\" >/dev/null 2>&1 </dev/null &");
        await Sh($"ip netns exec knt-{i} setsid python3 -c \"{server}\" >/dev/null 2>&1 </dev/null & "
            + $"for n in $(seq 200); do ip netns exec knt-{i} python3 -c \"{Client("127.0.0.1", 8080)}\" && exit 0; sleep 0.05; done; exit 1");
    }

    static string Client(string address, int port) => $"import socket;print(socket.create_connection(('{address}',{port}),5).recv(9).decode())";

    static async Task<string> Ask(string address, int port)
    {
        using var client = new TcpClient();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await client.ConnectAsync(address, port, limit.Token);
        var buffer = new byte[16];
        var count = await client.GetStream().ReadAsync(buffer, limit.Token);
        return Encoding.ASCII.GetString(buffer, 0, count);
    }

    ValueTask<CommandResult> Sh(string script) => _host.Run("bash", ["-c", script], "", CancellationToken.None);
}
