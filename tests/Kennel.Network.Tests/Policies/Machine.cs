using System.Globalization;
using Kennel.Network.Filters;
using Kennel.Network.Hosts;
using Kennel.Network.Services;

namespace Kennel.Network.Tests.Policies;

/// <summary>
/// A machine of network namespaces: a bridge with the pods of <see cref="Shop"/> on it, and a client outside behind a router. In each end a program listens on two
/// ports. Needs root, nft, ip and python3.
/// </summary>
public sealed class Machine : IHost, IAsyncLifetime
{
    static readonly (string Name, string Address)[] s_ends = [("db", Shop.Db), ("web", Shop.Web), ("cache", Shop.Cache), ("spy", Shop.Spy)];
    static readonly string s_id = string.Create(CultureInfo.InvariantCulture, $"knp{Environment.ProcessId}");

    const string Listening = """
        import selectors, socket, sys
        s = selectors.DefaultSelector()
        for p in (8080, 9090):
            l = socket.create_server(('', p), backlog=64); l.setblocking(False); s.register(l, selectors.EVENT_READ, True)
        print('listening', flush=True)
        while True:
            for k, _ in s.select():
                if k.data:
                    c, _ = k.fileobj.accept(); s.register(c, selectors.EVENT_READ, False)
                else:
                    d = k.fileobj.recv(99)
                    if d: k.fileobj.sendall(d)
                    else: s.unregister(k.fileobj); k.fileobj.close()
        """;

    const string Calling = """
        import select, socket, sys, time
        end, open, calls = time.monotonic() + float(sys.argv[1]), [], {}
        for a in sys.argv[2:]:
            h, p = a.split(':'); c = socket.socket(); c.setblocking(False); c.connect_ex((h, int(p))); calls[c] = a
        while calls and time.monotonic() < end:
            for c in select.select([], list(calls), [], max(0, end - time.monotonic()))[1]:
                if c.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0: open.append(calls[c])
                del calls[c]
        print(' '.join(open))
        """;

    readonly SystemHost _host = new();

    /// <summary>Whether this machine can make others.</summary>
    public bool IsAble { get; private set; }

    /// <summary>Everybody who calls and is called, by name.</summary>
    public static IEnumerable<(string Name, string Address)> Ends => [.. s_ends, ("node", Shop.Node), ("outside", Shop.Outside)];

    public async Task InitializeAsync()
    {
        IsAble = Environment.UserName == "root" && (await _host.Run("bash", ["-c", "command -v nft && command -v ip && command -v python3"], "", default)).Exit == 0
            && (await _host.Run("ip", ["netns", "add", s_id], "", default)).Exit == 0;
        if (!IsAble) return;
        await Must(s_id, "ip link set lo up; ip link add br0 type bridge; ip addr add 10.240.0.1/24 dev br0; ip link set br0 up; sysctl -qw net.ipv4.ip_forward=1 net.bridge.bridge-nf-call-iptables=1");
        foreach (var (name, address) in s_ends)
        {
            await Must(null, $"ip netns add {s_id}-{name}; ip -n {s_id} link add v-{name} type veth peer name eth0 netns {s_id}-{name}; ip -n {s_id} link set v-{name} master br0 up");
            await Must($"{s_id}-{name}", $"ip link set lo up; ip addr add {address}/24 dev eth0; ip link set eth0 up; ip route add default via 10.240.0.1");
        }
        await Must(null, $"ip netns add {s_id}-outside; ip -n {s_id} link add v-out type veth peer name eth0 netns {s_id}-outside; ip -n {s_id} addr add 192.0.2.1/24 dev v-out; ip -n {s_id} link set v-out up");
        await Must($"{s_id}-outside", $"ip link set lo up; ip addr add {Shop.Outside}/24 dev eth0; ip link set eth0 up; ip route add default via 192.0.2.1");
        // As on every machine of ours: without services' rules the kernel wouldn't keep track of connections.
        (await new PacketFilter(this, "knp-services").Apply(Ruleset.Of(Array.Empty<Part>(), new("knp-services", "10.240.0.0/24")), default)).ShouldBeNull();
        foreach (var (name, _) in Ends)
        {
            // It says a line when it listens; the rest of its life nobody hears it.
            await Must(NetworkOf(name), $"coproc P {{ exec setsid python3 -c \"{Listening}\" 2>/dev/null; }}; read -r _ <&${{P[0]}}; disown");
        }
    }

    /// <summary>To which of the addresses <c>10.240.0.2:8080</c> a connection can be made.</summary>
    public async Task<string[]> Reached(string from, double seconds, IEnumerable<string> to)
    {
        var said = await _host.Run("ip", ["netns", "exec", NetworkOf(from), "python3", "-c", Calling, seconds.ToString(CultureInfo.InvariantCulture), .. to], "", default);
        said.Error.ShouldBeEmpty();
        return said.Output.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
    }

    public static string NetworkOf(string name) => name == "node" ? s_id : $"{s_id}-{name}";

    public ValueTask<CommandResult> Run(string program, IReadOnlyList<string> arguments, string input, CancellationToken cancel) =>
        _host.Run("ip", ["netns", "exec", s_id, program, .. arguments], input, cancel);

    public bool Set(string setting, string value) => true;

    public IReadOnlyList<Flow> Flows() => [];

    public void Forget(Flow flow)
    {
    }

    public async Task DisposeAsync()
    {
        if (!IsAble) return;
        foreach (var (name, _) in Ends.Reverse())
            await _host.Run("bash", ["-c", $"for p in $(ip netns pids {NetworkOf(name)}); do kill $p; done; ip netns del {NetworkOf(name)}"], "", default);
        await _host.Run("ip", ["netns", "del", s_id], "", default);
    }

    async Task Must(string? network, string command)
    {
        IReadOnlyList<string> arguments = network is null ? ["-ec", command] : ["netns", "exec", network, "bash", "-ec", command];
        var said = await _host.Run(network is null ? "bash" : "ip", arguments, "", default);
        said.Exit.ShouldBe(0, $"{command}: {said.Error}");
    }
}
