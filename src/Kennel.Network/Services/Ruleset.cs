using Kennel.Network.Filters;

namespace Kennel.Network.Services;

/// <param name="Table">The table's name: everything lives in it, and nothing else does.</param>
/// <param name="PodCidr">The addresses of pods on this machine.</param>
/// <param name="MasqueradePods">Pods that call a service are seen with the machine's address: needed where the bridge doesn't hand packets to the filter.</param>
public sealed record RulesetOptions(string Table, string PodCidr, bool MasqueradePods = false);

/// <summary>Services as a table of the packet filter.</summary>
public static class Ruleset
{
    /// <summary>The chain that is looked for to see whether the table is there.</summary>
    public const string Entry = "services";

    // The bit that says "give it the machine's address on its way out", the one that others use for this too.
    internal const string Mark = "0x4000";

    /// <summary>The whole table: parts of services in the order of their keys between what all of them share.</summary>
    public static Table Of(IEnumerable<Routed> services, RulesetOptions options) => Of(services.Select(s => PartOf(s, options)), options);

    public static Table Of(IEnumerable<Part> services, RulesetOptions options) => new(options.Table, [Shared, .. services, Hooks(options)]);

    /// <summary>What one port of a service adds.</summary>
    public static Part PartOf(Routed service, RulesetOptions options) => ServiceRules.Of(service, options);

    static readonly Part Shared = Part.Empty with
    {
        Containers =
        [
            new("map", "addresses", "type ipv4_addr . inet_proto . inet_service : verdict;"),
            new("map", "nodeports", "type inet_proto . inet_service : verdict;"),
            new("map", "dead-addresses", "type ipv4_addr . inet_proto . inet_service : verdict;"),
            new("map", "dead-nodeports", "type inet_proto . inet_service : verdict;"),
            new("map", "guarded", "type ipv4_addr . inet_proto . inet_service : verdict;"),
            // A pod that reaches itself through a service must not see its own address as the caller's.
            new("set", "hairpin", "type ipv4_addr . ipv4_addr;"),
        ],
        Chains = [new("refused", "reject")],
    };

    static Part Hooks(RulesetOptions options) => Part.Empty with
    {
        Chains =
        [
            new(Entry, "ip daddr . meta l4proto . th dport vmap @addresses\nfib daddr type local meta l4proto . th dport vmap @nodeports"),
            new("dead", "ip daddr . meta l4proto . th dport vmap @dead-addresses\nfib daddr type local meta l4proto . th dport vmap @dead-nodeports"),
            new("guard", "ct state new ip daddr . meta l4proto . th dport vmap @guarded", "type filter hook prerouting priority dstnat - 10;"),
            new("prerouting", $"jump {Entry}", "type nat hook prerouting priority dstnat;"),
            new("output", $"jump {Entry}", "type nat hook output priority -100;"),
            new("postrouting", $"meta mark & {Mark} != 0 masquerade\nip saddr . ip daddr @hairpin masquerade\nip saddr {options.PodCidr} ip daddr != {options.PodCidr} masquerade",
                "type nat hook postrouting priority srcnat;"),
            new("dead-input", "ct state new jump dead", "type filter hook input priority filter;"),
            new("dead-forward", "ct state new jump dead", "type filter hook forward priority filter;"),
            new("dead-output", "ct state new jump dead", "type filter hook output priority filter;"),
        ],
    };
}
