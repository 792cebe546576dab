using System.Collections.Immutable;
using System.Globalization;
using Kennel.Network.Filters;

namespace Kennel.Network.Services;

/// <summary>A port of a service as a packet filter's rules.</summary>
static class ServiceRules
{
    public static Part Of(Routed service, RulesetOptions options)
    {
        var containers = ImmutableArray.CreateBuilder<Container>();
        var chains = ImmutableArray.CreateBuilder<Chain>();
        var elements = ImmutableArray.CreateBuilder<Element>();
        var (all, local) = (service.To.All, service.To.Local);
        // Callers from outside who keep to this machine's endpoints may still be callers from inside: those get any.
        var needsAll = !all.IsEmpty && (!service.InsideLocal || service.IsOutside);
        var needsLocal = !local.IsEmpty && (service.InsideLocal || service.OutsideLocal && service.IsOutside);
        if (service.AffinitySeconds > 0) Ends(service, containers, chains);
        if (needsAll) chains.Add(new($"svc.{service.Id}", Lead(service, all, options)));
        if (needsLocal) chains.Add(new($"loc.{service.Id}", Lead(service, local, options)));
        if (service.IsOutside && !all.IsEmpty) chains.Add(new($"ext.{service.Id}", Outside(service, options)));
        Fronts(service, elements);
        foreach (var target in all.Concat(local)) elements.Add(new("hairpin", $"{target.Address} . {target.Address}"));
        if (service.Guarded.IsEmpty) return new(containers.ToImmutable(), chains.ToImmutable(), elements.ToImmutable());
        chains.Add(new($"fw.{service.Id}", string.Concat(service.Sources.Select(s => $"ip saddr {s} return\n")) + "fib saddr type local return\ndrop"));
        foreach (var address in service.Guarded) elements.Add(new("guarded", Key(address, service), $"goto fw.{service.Id}"));
        return new(containers.ToImmutable(), chains.ToImmutable(), elements.ToImmutable());
    }

    /// <summary>
    /// The addresses and ports by which it is reached. One that leads nowhere refuses at once instead of letting callers wait; one that leads to other
    /// machines only, where it may not, says nothing: a balancer in front then takes another machine.
    /// </summary>
    static void Fronts(Routed service, ImmutableArray<Element>.Builder elements)
    {
        void Front(string live, string dead, string key, bool keepsLocal, string chain)
        {
            if (service.To.All.IsEmpty && service.To.Local.IsEmpty) elements.Add(new(dead, key, "goto refused"));
            else if (keepsLocal && service.To.Local.IsEmpty) elements.Add(new(dead, key, "drop"));
            else elements.Add(new(live, key, $"goto {chain}.{service.Id}"));
            // Callers from inside are let through to the others.
            if (chain == "ext" && keepsLocal && service.To.Local.IsEmpty && !service.To.All.IsEmpty) elements.Add(new(live, key, $"goto ext.{service.Id}"));
        }

        Front("addresses", "dead-addresses", Key(service.ClusterAddress, service), service.InsideLocal, service.InsideLocal ? "loc" : "svc");
        foreach (var address in service.Addresses) Front("addresses", "dead-addresses", Key(address, service), service.OutsideLocal, "ext");
        if (service.NodePort > 0) Front("nodeports", "dead-nodeports", Invariant($"{service.Protocol} . {service.NodePort}"), service.OutsideLocal, "ext");
    }

    static string Outside(Routed service, RulesetOptions options)
    {
        var mark = $"meta mark set meta mark | {Ruleset.Mark}";
        if (!service.OutsideLocal) return $"{mark}\ngoto svc.{service.Id}";
        // What comes from the machine itself can't be answered by a pod under a loopback address, so it never keeps its source.
        return $"fib saddr type local {mark}\nfib saddr type local goto svc.{service.Id}\nip saddr {options.PodCidr} goto svc.{service.Id}{(service.To.Local.IsEmpty ? "" : $"\ngoto loc.{service.Id}")}";
    }

    static string Lead(Routed service, ImmutableArray<Target> targets, RulesetOptions options)
    {
        var from = options.MasqueradePods ? $"ip saddr {options.PodCidr} meta mark set meta mark | {Ruleset.Mark}\n" : "";
        if (service.AffinitySeconds == 0) return $"{from}meta l4proto {service.Protocol} {Dnat(targets)}";
        var known = string.Concat(targets.Select(t => $"ip saddr @aff.{End(service, t)} goto ep.{End(service, t)}\n"));
        return Invariant($"{from}{known}numgen random mod {targets.Length} vmap {{ {string.Join(", ", targets.Select((t, i) => Invariant($"{i} : goto ep.{End(service, t)}")))} }}");
    }

    /// <summary>A client that was here lately goes to the endpoint that it had: each endpoint knows its clients, and goes together with them.</summary>
    static void Ends(Routed service, ImmutableArray<Container>.Builder containers, ImmutableArray<Chain>.Builder chains)
    {
        foreach (var target in service.To.All.Union(service.To.Local))
        {
            var id = End(service, target);
            containers.Add(new("set", $"aff.{id}", Invariant($"type ipv4_addr; size 65535; flags dynamic,timeout; timeout {service.AffinitySeconds}s;")));
            chains.Add(new($"ep.{id}", $"update @aff.{id} {{ ip saddr }}\nmeta l4proto {service.Protocol} {Dnat([target])}"));
        }
    }

    static string End(Routed service, Target target) => Invariant($"{service.Id}/{target.Address}/{target.Port}");

    static string Dnat(ImmutableArray<Target> targets) => targets is [var one]
        ? Invariant($"dnat to {one.Address}:{one.Port}")
        : Invariant($"dnat ip to numgen random mod {targets.Length} map {{ {string.Join(", ", targets.Select((t, i) => Invariant($"{i} : {t.Address} . {t.Port}")))} }}");

    static string Key(string address, Routed service) => Invariant($"{address} . {service.Protocol} . {service.Port}");

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
