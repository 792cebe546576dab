using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Kennel.Network.Services;

/// <param name="Table">The table's name: everything lives in it, and nothing else does.</param>
/// <param name="PodCidr">The addresses of pods on this machine.</param>
/// <param name="MasqueradePods">Pods that call a service are seen with the machine's address: needed where the bridge doesn't hand packets to the filter.</param>
public sealed record RulesetOptions(string Table, string PodCidr, bool MasqueradePods = false);

/// <summary>Services as a packet filter's rules: the whole table as the text of one transaction.</summary>
public static class Ruleset
{
    // The bit that says "give it the machine's address on its way out", the one that others use for this too.
    const string Mark = "0x4000";

    /// <summary>What <c>nft -f -</c> takes: the table is made if it isn't there, thrown away, and made anew, all at once or not at all.</summary>
    public static string Text(ImmutableArray<Routed> services, RulesetOptions options)
    {
        var text = new StringBuilder();
        text.Append(Remove(options.Table));
        text.Append($"table ip {options.Table} {{\n");
        var live = services.Where(s => !s.Targets.IsEmpty).ToImmutableArray();
        Maps(text, live);
        Dead(text, [.. services.Where(s => s.Targets.IsEmpty)]);
        Hairpin(text, live);
        foreach (var service in live) Chains(text, service, options);
        Hooks(text, options);
        return text.Append("}\n").ToString();
    }

    /// <summary>Removes the table, there or not.</summary>
    public static string Remove(string table) => $"table ip {table}\ndelete table ip {table}\n";

    static void Maps(StringBuilder text, ImmutableArray<Routed> live)
    {
        var inside = live.Select(s => Invariant($"{s.ClusterAddress} . {s.Protocol} . {s.Port} : goto svc.{s.Id}"));
        var outside = live.SelectMany(s => s.Addresses.Select(a => Invariant($"{a} . {s.Protocol} . {s.Port} : goto ext.{s.Id}")));
        Map(text, "addresses", "ipv4_addr . inet_proto . inet_service : verdict", First([.. inside, .. outside]));
        Map(text, "nodeports", "inet_proto . inet_service : verdict",
            First([.. live.Where(s => s.NodePort > 0).Select(s => Invariant($"{s.Protocol} . {s.NodePort} : goto ext.{s.Id}"))]));
    }

    /// <summary>Two services may claim one outside address: the first has it, since a map with a key twice would be refused as a whole.</summary>
    static ImmutableArray<string> First(ImmutableArray<string> elements) => [.. elements.DistinctBy(e => e[..e.IndexOf(" : ", StringComparison.Ordinal)], StringComparer.Ordinal)];

    /// <summary>Services that lead nowhere refuse at once instead of letting callers wait.</summary>
    static void Dead(StringBuilder text, ImmutableArray<Routed> dead)
    {
        var addresses = dead.SelectMany(s => s.Addresses.Prepend(s.ClusterAddress!).Select(a => Invariant($"{a} . {s.Protocol} . {s.Port}")));
        Set(text, "dead-addresses", "ipv4_addr . inet_proto . inet_service", [.. addresses]);
        Set(text, "dead-nodeports", "inet_proto . inet_service", [.. dead.Where(s => s.NodePort > 0).Select(s => Invariant($"{s.Protocol} . {s.NodePort}"))]);
    }

    /// <summary>A pod that reaches itself through a service must not see its own address as the caller's.</summary>
    static void Hairpin(StringBuilder text, ImmutableArray<Routed> live) =>
        Set(text, "hairpin", "ipv4_addr . ipv4_addr", [.. live.SelectMany(s => s.Targets).Select(t => t.Address).Distinct(StringComparer.Ordinal).Select(a => $"{a} . {a}")]);

    static void Chains(StringBuilder text, Routed service, RulesetOptions options)
    {
        if (service.AffinitySeconds > 0) Sticky(text, service, options);
        else text.Append($"  chain svc.{service.Id} {{ {FromPods(options)}meta l4proto {service.Protocol} {Dnat(service.Targets)}; }}\n");
        if (service.NodePort == 0 && service.Addresses.IsEmpty) return;
        var mark = $"meta mark set meta mark | {Mark};";
        // What comes from the loopback address can't be answered by a pod, so it never keeps its source.
        text.Append($"  chain ext.{service.Id} {{ {(service.KeepSource ? "ip saddr 127.0.0.0/8 " : "")}{mark} goto svc.{service.Id}; }}\n");
    }

    /// <summary>A client that was here lately goes to the endpoint that it had.</summary>
    static void Sticky(StringBuilder text, Routed service, RulesetOptions options)
    {
        var known = new StringBuilder();
        var ends = new List<string>();
        for (var i = 0; i < service.Targets.Length; i++)
        {
            var target = service.Targets[i];
            var id = Invariant($"{service.Id}/{target.Address}/{target.Port}");
            text.Append(Invariant($"  set aff.{id} {{ type ipv4_addr; flags dynamic,timeout; timeout {service.AffinitySeconds}s; size 65535; }}\n"));
            text.Append($"  chain ep.{id} {{ update @aff.{id} {{ ip saddr }}; meta l4proto {service.Protocol} {Dnat([target])}; }}\n");
            known.Append($"ip saddr @aff.{id} goto ep.{id}; ");
            ends.Add(Invariant($"{i} : goto ep.{id}"));
        }
        text.Append(Invariant($"  chain svc.{service.Id} {{ {FromPods(options)}{known}numgen random mod {ends.Count} vmap {{ {string.Join(", ", ends)} }}; }}\n"));
    }

    static string FromPods(RulesetOptions options) =>
        options.MasqueradePods ? $"ip saddr {options.PodCidr} meta mark set meta mark | {Mark}; " : "";

    static string Dnat(ImmutableArray<Target> targets) => targets is [var one]
        ? Invariant($"dnat to {one.Address}:{one.Port}")
        : Invariant($"dnat ip to numgen random mod {targets.Length} map {{ {string.Join(", ", targets.Select((t, i) => Invariant($"{i} : {t.Address} . {t.Port}")))} }}");

    static void Hooks(StringBuilder text, RulesetOptions options) => text.Append(
        $$"""
          chain services { ip daddr . meta l4proto . th dport vmap @addresses; fib daddr type local meta l4proto . th dport vmap @nodeports; }
          chain refuse { ip daddr . meta l4proto . th dport @dead-addresses reject; fib daddr type local meta l4proto . th dport @dead-nodeports reject; }
          chain prerouting { type nat hook prerouting priority dstnat; jump services; }
          chain output { type nat hook output priority -100; jump services; }
          chain postrouting { type nat hook postrouting priority srcnat; meta mark & {{Mark}} != 0 masquerade; ip saddr . ip daddr @hairpin masquerade; ip saddr {{options.PodCidr}} ip daddr != {{options.PodCidr}} masquerade; }
          chain refuse-input { type filter hook input priority filter; ct state new jump refuse; }
          chain refuse-forward { type filter hook forward priority filter; ct state new jump refuse; }
          chain refuse-output { type filter hook output priority filter; ct state new jump refuse; }

        """);

    static void Map(StringBuilder text, string name, string type, ImmutableArray<string> elements) => Elements(text, "map", name, type, elements);

    static void Set(StringBuilder text, string name, string type, ImmutableArray<string> elements) => Elements(text, "set", name, type, elements);

    static void Elements(StringBuilder text, string what, string name, string type, ImmutableArray<string> elements)
    {
        text.Append($"  {what} {name} {{ type {type};");
        if (!elements.IsEmpty) text.Append($" elements = {{\n    {string.Join(",\n    ", elements)} }};");
        text.Append(" }\n");
    }

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
