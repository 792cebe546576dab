using FsCheck;
using FsCheck.Fluent;
using Kennel.Network.Filters;

namespace Kennel.Network.Tests.Filters;

public sealed class TransactionTests
{
    static readonly Part s_base = Part.Empty with { Containers = [new("map", "m", "type ipv4_addr : verdict;")] };

    [Fact]
    public void The_same_table_needs_nothing() => Transaction.Change(Of(Web("1", "accept")), Of(Web("1", "accept"))).ShouldBeEmpty();

    [Fact]
    public void Nothing_is_named_before_it_is_there_and_nothing_goes_while_it_is_named() =>
        Transaction.Change(Of(Web("1", "accept"), Web("2", "drop")), Of(Web("2", "accept"), Web("3", "drop"))).ShouldBe("""
            add set ip t s3 { type ipv4_addr; }
            flush chain ip t c2
            add chain ip t c3
            delete element ip t m { 10.0.0.1 }
            add rule ip t c2 ip saddr @s2 accept
            add rule ip t c3 ip saddr @s3 drop
            add element ip t m { 10.0.0.3 : goto c3 }
            flush chain ip t c1
            delete set ip t s1
            delete chain ip t c1

            """);

    [Fact]
    public void A_key_that_two_parts_claim_goes_to_the_other_when_the_first_leaves()
    {
        Part Claim(string chain) => new([], [new(chain, "accept")], [new("m", "10.0.0.9", $"goto {chain}")]);
        var (a, b) = (Claim("a"), Claim("b"));
        var text = Transaction.Change(Of(a, b), Of(b));
        text.ShouldContain("delete element ip t m { 10.0.0.9 }\nadd element ip t m { 10.0.0.9 : goto b }\n");
        Transaction.Change(Of(b), Of(a, b)).ShouldContain("add element ip t m { 10.0.0.9 : goto a }\n");
        Transaction.Change(Of(a), Of(a, b)).ShouldBe("add chain ip t b\nadd rule ip t b accept\n");
    }

    [Fact]
    public void A_set_that_is_declared_otherwise_makes_the_whole_table_anew()
    {
        var other = Web("1", "accept") with { Containers = [new("set", "s1", "type ipv4_addr; timeout 5s;")] };
        Transaction.Change(Of(Web("1", "accept")), Of(other)).ShouldStartWith("table ip t\ndelete table ip t\n");
    }

    /// <summary>Followed by hand, the lines of a change make one table out of the other.</summary>
    [Fact]
    public void A_change_makes_one_table_of_the_other() => Prop.ForAll<int, int>((one, two) =>
    {
        var (before, after) = (Random(one), Random(two));
        var kernel = new Kernel(before);
        kernel.Take(Transaction.Change(before, after));
        kernel.Says().ShouldBe(new Kernel(after).Says());
    }).QuickCheckThrowOnFailure();

    static Table Random(int seed)
    {
        var random = new Random(seed);
        return Of([.. Enumerable.Range(0, 5).Where(_ => random.Next(2) == 0).Select(i => Web($"{i}", random.Next(2) == 0 ? "accept" : "drop", random.Next(3)))]);
    }

    static Table Of(params Part[] parts) => new("t", [s_base, .. parts]);

    static Part Web(string name, string verdict, int also = -1) => new(
        [new("set", "s" + name, "type ipv4_addr;")], [new("c" + name, $"ip saddr @s{name} {verdict}")],
        [new("m", $"10.0.0.{name}", $"goto c{name}"), .. also < 0 ? (Element[])[] : [new("m", $"10.0.1.{also}", $"goto c{name}"), new("s" + name, $"10.0.2.{also}")]]);

    /// <summary>What a kernel would have: names, rules and elements.</summary>
    sealed class Kernel
    {
        readonly SortedSet<string> _has = new(StringComparer.Ordinal);

        public Kernel(Table table)
        {
            foreach (var set in table.Containers) _has.Add($"set {set.Name}");
            foreach (var chain in table.Chains) _has.UnionWith([$"chain {chain.Name}", $"rule {chain.Name} {chain.Rules}"]);
            foreach (var e in table.Elements) _has.Add(e.Value is null ? $"element {e.Container} {e.Key}" : $"element {e.Container} {e.Key} : {e.Value}");
        }

        public string Says() => string.Join('\n', _has);

        public void Take(string text)
        {
            foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                var words = line.Split(' ', 6);
                var (verb, what, name, rest) = (words[0], words[1], words[4], words.Length > 5 ? words[5] : "");
                if (what is "set" or "map" or "chain" && verb == "add") _has.Add($"{(what == "chain" ? "chain" : "set")} {name}").ShouldBeTrue(line);
                else if (what == "rule") _has.Add($"rule {name} {rest}").ShouldBeTrue(line);
                else if (verb == "flush") _has.RemoveWhere(h => h.StartsWith($"rule {name} ", StringComparison.Ordinal));
                else if (what == "element") Elements(verb, name, rest, line);
                else if (what == "chain") { _has.Remove($"chain {name}").ShouldBeTrue(line); Unnamed($"goto {name}", line); }
                else { _has.Remove($"set {name}").ShouldBeTrue(line); Unnamed($"@{name}", line); _has.RemoveWhere(h => h.StartsWith($"element {name} ", StringComparison.Ordinal)); }
            }
        }

        void Elements(string verb, string name, string list, string line)
        {
            _has.ShouldContain($"set {name}", line);
            foreach (var element in list.Trim('{', '}', ' ').Split(", "))
            {
                if (verb == "add") _has.Add($"element {name} {element}").ShouldBeTrue(line);
                else _has.RemoveWhere(h => h == $"element {name} {element}" || h.StartsWith($"element {name} {element} : ", StringComparison.Ordinal)).ShouldBe(1, line);
            }
        }

        void Unnamed(string use, string line) => _has.ShouldNotContain(h => h.EndsWith(use, StringComparison.Ordinal) || h.Contains(use + " ", StringComparison.Ordinal), line);
    }
}
