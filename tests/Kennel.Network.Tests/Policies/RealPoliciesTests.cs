using System.Diagnostics;
using Kennel.Network.Filters;
using Kennel.Network.Policies;
using Kennel.Objects.Networking;

namespace Kennel.Network.Tests.Policies;

/// <summary>Applies policies to a machine and tries every way between its ends.</summary>
public sealed class RealPoliciesTests(Machine machine) : IClassFixture<Machine>
{
    /// <summary>Whether <c>from</c> may call a port of <c>to</c>, where not everybody may.</summary>
    delegate bool Open(string from, string to, int port);

    static readonly (string Name, NetworkPolicy[] Policies, Open Open)[] s_cases =
    [
        ("nobody comes in", [Db("""{"policyTypes":["Ingress"]}""")], (_, to, _) => to != "db"),
        ("everybody comes in", [Db("""{"ingress":[{}]}""")], (_, _, _) => true),
        ("pods of the own namespace by their labels", [Db("""{"ingress":[{"from":[{"podSelector":{"matchLabels":{"app":"web"}}}],"ports":[{"port":8080}]}]}""")],
            (from, to, port) => to != "db" || (from == "web" && port == 8080)),
        ("all pods of a namespace", [Db("""{"ingress":[{"from":[{"namespaceSelector":{"matchLabels":{"team":"b"}}}]}]}""")], (from, to, _) => to != "db" || from == "spy"),
        ("pods by their labels and their namespace's", [Db("""{"ingress":[{"from":[{"namespaceSelector":{},"podSelector":{"matchLabels":{"app":"web"}}}]}]}""")],
            (from, to, _) => to != "db" || from is "web" or "spy"),
        ("addresses", [Db("""{"ingress":[{"from":[{"ipBlock":{"cidr":"192.0.2.0/24"}}]}]}""")], (from, to, _) => to != "db" || from == "outside"),
        ("everything", [Db("""{"ingress":[{"from":[{"ipBlock":{"cidr":"0.0.0.0/0"}}]}]}""")], (_, _, _) => true),
        ("addresses but for some", [Db("""{"ingress":[{"from":[{"ipBlock":{"cidr":"0.0.0.0/0","except":["192.0.2.0/28","10.240.0.4/32"]}}]}]}""")], (from, to, _) => to != "db" || from is "web" or "spy"),
        ("a range of ports", [Db("""{"ingress":[{"ports":[{"port":9000,"endPort":9999}]}]}""")], (_, to, port) => to != "db" || port == 9090),
        ("another protocol", [Db("""{"ingress":[{"ports":[{"protocol":"UDP"}]}]}""")], (_, to, _) => to != "db"),
        ("a port by its name, another number in each pod", [Shop.Policy("all", """{"podSelector":{},"ingress":[{"ports":[{"port":"http"}]}]}""")],
            (_, to, port) => to is not ("db" or "web" or "cache") || port == (to == "cache" ? 9090 : 8080)),
        ("policies add up", [Db("""{"ingress":[{"from":[{"podSelector":{"matchLabels":{"app":"web"}}}]}]}"""), Shop.Policy("more", """{"podSelector":{},"ingress":[{"from":[{"podSelector":{"matchLabels":{"app":"cache"}}}]}]}""")],
            (from, to, _) => to is not ("db" or "web" or "cache") || from == "cache" || (to == "db" && from == "web")),
        ("nothing goes out", [Shop.Policy("web", """{"podSelector":{"matchLabels":{"app":"web"}},"policyTypes":["Egress"]}""")], (from, _, _) => from != "web"),
        ("some goes out, to ports by name", [Shop.Policy("web", """{"podSelector":{"matchLabels":{"app":"web"}},"egress":[{"to":[{"podSelector":{}}],"ports":[{"port":"http"}]}],"policyTypes":["Egress"]}""")],
            (from, to, port) => from != "web" || to is "db" or "cache" && port == (to == "cache" ? 9090 : 8080)),
        ("both ends must agree", [Db("""{"ingress":[{"from":[{"podSelector":{"matchLabels":{"app":"web"}}}]}]}"""), Shop.Policy("web", """{"podSelector":{"matchLabels":{"app":"web"}},"policyTypes":["Egress"],"egress":[{"ports":[{"port":9090}]}]}""")],
            (from, to, port) => (to != "db" || from == "web") && (from != "web" || port == 9090)),
    ];

    public static IEnumerable<object[]> Cases => s_cases.Select(c => (object[])[c.Name]);

    [SkippableTheory, MemberData(nameof(Cases))]
    public async Task Who_may_call_whom(string name)
    {
        Skip.IfNot(machine.IsAble, "needs root, nft, ip and python3");
        var (_, policies, open) = s_cases.Single(c => c.Name == name);
        await using var _ = await Enforced(policies);
        foreach (var (from, own) in Machine.Ends)
        {
            var others = Machine.Ends.Where(e => e.Name != from && !(from == "outside" && e.Name == "node")).SelectMany(e => (int[])[8080, 9090], (e, port) => (e.Name, Port: port, Text: $"{e.Address}:{port}")).ToList();
            // What a machine and its pods say to each other isn't asked for, and nobody is kept from himself.
            string[] wanted = [$"{own}:8080", .. others.Where(o => from == "node" || o.Name == "node" || open(from, o.Name, o.Port)).Select(o => o.Text)];
            string[] asked = [$"{own}:8080", .. others.Select(o => o.Text)];
            var reached = await machine.Reached(from, 0.4, asked);
            // A busy machine needs longer, a closed way stays closed.
            if (reached.Length < wanted.Length) reached = await machine.Reached(from, 3, asked);
            reached.Order().ShouldBe(wanted.Order(), $"from {from}");
        }
    }

    [SkippableFact]
    public async Task A_connection_goes_on_when_a_policy_comes_that_would_not_have_let_it_begin()
    {
        Skip.IfNot(machine.IsAble, "needs root, nft, ip and python3");
        using var client = Process.Start(new ProcessStartInfo("ip",
        [
            "netns", "exec", Machine.NetworkOf("web"), "python3", "-uc",
            $"import socket\nc=socket.create_connection(('{Shop.Db}',8080),5)\nprint('open')\ninput()\nc.sendall(b'still here')\nprint(c.recv(99).decode())",
        ]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true })!;
        (await client.StandardOutput.ReadLineAsync()).ShouldBe("open");
        await using var _ = await Enforced(Db("""{"policyTypes":["Ingress"]}"""));
        (await machine.Reached("web", 0.4, [$"{Shop.Db}:8080"])).ShouldBeEmpty();
        await client.StandardInput.WriteLineAsync("go on");
        (await client.StandardOutput.ReadLineAsync()).ShouldBe("still here");
        await client.WaitForExitAsync();
    }

    /// <summary>A policy for the database.</summary>
    static NetworkPolicy Db(string rules) => Shop.Policy("db", """{"podSelector":{"matchLabels":{"app":"db"}},""" + rules[1..]);

    async Task<Applied> Enforced(params NetworkPolicy[] policies)
    {
        var filter = new PacketFilter(machine, "knp-policies");
        (await filter.Apply(PolicyTable.Of(Shop.With(policies), "knp-policies"), default)).ShouldBeNull();
        return new(filter);
    }

    sealed record Applied(PacketFilter Filter) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => (await Filter.Remove(default)).ShouldBeNull();
    }
}
