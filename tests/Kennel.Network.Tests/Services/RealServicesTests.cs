using System.Net.Sockets;
using System.Text;
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
        (await filter.Apply(Ruleset.Text(Routed.Of(services, slices), options), CancellationToken.None)).ShouldBeNull();
        (await filter.Check(CancellationToken.None)).ShouldBeNull();

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
        var text = Ruleset.Text([], new(Table, "10.239.0.0/24"));
        (await filter.Apply(text, CancellationToken.None)).ShouldBeNull();
        (await filter.Apply(text.Replace("drop", "") + "nonsense\n", CancellationToken.None)).ShouldNotBeNull().ShouldContain("nonsense");
        filter.Applied.ShouldBe(text);
        (await filter.Check(CancellationToken.None)).ShouldBeNull();
    }

    public async Task DisposeAsync()
    {
        if (!_able) return;
        await Sh($"for n in 2 3; do for p in $(ip netns pids knt-$n); do kill $p; done; ip netns del knt-$n; done; ip link del {Bridge}; nft delete table ip {Table}");
    }

    async Task Pod(int i)
    {
        await Sh($"ip netns add knt-{i} && ip link add kntv{i} type veth peer name eth0 netns knt-{i} && ip link set kntv{i} master {Bridge} up && "
            + $"bridge link set dev kntv{i} hairpin on; ip -n knt-{i} addr add 10.239.0.{i}/24 dev eth0 && ip -n knt-{i} link set eth0 up && ip -n knt-{i} link set lo up && "
            + $"ip -n knt-{i} route add default via 10.239.0.1");
        var server = "import socket\ns=socket.create_server(('',8080))\nwhile True:\n c,_=s.accept()\n c.sendall(b'pod" + i + "')\n c.close()";
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
