using System.Text.Json.Nodes;
using Kennel.Objects.Kinds.Core.Pods;

namespace Kennel.Objects.Kinds.Core;

/// <summary>
/// A service's own addresses: <c>clusterIP</c> and <c>clusterIPs</c> say the same, families follow, and what was allocated stays when an
/// update doesn't mention it. Allocating is the server's.
/// </summary>
static class ServiceAddresses
{
    public static bool IsHeadless(JsonObject? spec) => spec.Text("clusterIP") == "None" || (spec.List("clusterIPs") is { Count: 1 } ips && ips[0].AsText() == "None");

    static bool NeedsIp(JsonObject? spec) => spec.Text("type") is "ClusterIP" or "NodePort" or "LoadBalancer";

    static bool NeedsNodePorts(JsonObject? spec) =>
        spec.Text("type") == "NodePort" || (spec.Text("type") == "LoadBalancer" && spec.Bool("allocateLoadBalancerNodePorts") != false);

    public static void Prepare(JsonObject spec, JsonObject? was)
    {
        if (was is not null)
        {
            DropOfOldType(spec, was);
            TakeOver(spec, was);
        }
        Agree(spec);
        Families(spec);
    }

    /// <summary>What only the old type had goes, unless the update changes it (then it is wrong, and validation says so).</summary>
    static void DropOfOldType(JsonObject spec, JsonObject was)
    {
        if (NeedsIp(was) && !NeedsIp(spec))
            foreach (var field in (ReadOnlySpan<string>)["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"])
                if (Same.Values(spec.Node(field), was.Node(field))) spec.Remove(field);
        if (NeedsNodePorts(was) && !NeedsNodePorts(spec)) DropNodePorts(spec.List("ports"), was.List("ports"));
        if (ServiceDefaults.ExternallyAccessible(was) && !ServiceDefaults.ExternallyAccessible(spec) && Same.Values(spec.Node("externalTrafficPolicy"), was.Node("externalTrafficPolicy")))
            spec.Remove("externalTrafficPolicy");
        if (was.Text("type") == "LoadBalancer" && spec.Text("type") != "LoadBalancer" && Same.Values(spec.Node("allocateLoadBalancerNodePorts"), was.Node("allocateLoadBalancerNodePorts")))
            spec.Remove("allocateLoadBalancerNodePorts");
    }

    static void DropNodePorts(JsonArray? ports, JsonArray? was)
    {
        for (var i = 0; i < ports?.Count; i++)
            if (ports[i] is JsonObject port && was is not null && was.Any(p => p.Int("nodePort") == port.Int("nodePort"))) port.Remove("nodePort");
    }

    static void TakeOver(JsonObject spec, JsonObject was)
    {
        if (NeedsIp(was) && NeedsIp(spec) && spec.Text("clusterIP") is null or "" && spec.List("clusterIPs") is not { Count: > 0 })
        {
            if (was.Node("clusterIP") is { } ip) spec["clusterIP"] = ip.DeepClone();
            if (was.Node("clusterIPs") is { } ips) spec["clusterIPs"] = ips.DeepClone();
        }
        if (NeedsIp(was) && NeedsIp(spec))
            foreach (var field in (ReadOnlySpan<string>)["ipFamilies", "ipFamilyPolicy"])
                if (!spec.Has(field) && was.Node(field) is { } kept) spec[field] = kept.DeepClone();
        if (NeedsNodePorts(was) && NeedsNodePorts(spec)) TakeOverNodePorts(spec.List("ports"), was.List("ports"));
    }

    static void TakeOverNodePorts(JsonArray? ports, JsonArray? was)
    {
        for (var i = 0; i < ports?.Count; i++)
        {
            if (ports[i] is not JsonObject port || (port.Int("nodePort") ?? 0) != 0) continue;
            var before = was?.FirstOrDefault(p => p.Int("port") == port.Int("port") && p.Text("protocol") == port.Text("protocol"));
            if (before.Int("nodePort") is { } number and not 0 && !ports.Any(p => p.Int("nodePort") == number && p.Text("protocol") == port.Text("protocol"))) port["nodePort"] = number;
        }
    }

    static void Agree(JsonObject spec)
    {
        var (ip, ips) = (spec.Text("clusterIP") ?? "", spec.List("clusterIPs"));
        if (ip.Length > 0 && ips is not { Count: > 0 }) spec["clusterIPs"] = new JsonArray(ip);
        else if (ip.Length == 0 && ips is { Count: > 0 }) spec["clusterIP"] = ips[0].AsText();
    }

    /// <summary>One family, IPv4, unless said otherwise; a headless service without selector may have endpoints of both.</summary>
    static void Families(JsonObject spec)
    {
        if (!NeedsIp(spec)) return;
        var both = IsHeadless(spec) && spec.Obj("selector") is not { Count: > 0 };
        if (!spec.Has("ipFamilies"))
            spec["ipFamilies"] = both && spec.Text("ipFamilyPolicy") is null or "RequireDualStack" && both ? new JsonArray("IPv4", "IPv6")
                : new JsonArray(spec.Text("clusterIP") is { } ip && ip.Contains(':') ? "IPv6" : "IPv4");
        spec.LackText("ipFamilyPolicy", both ? "RequireDualStack" : "SingleStack");
    }

    public static void Check(JsonObject? spec, At at, Errors errors)
    {
        var ips = spec.List("clusterIPs");
        for (var i = 0; i < ips?.Count; i++)
            if (ips[i].AsText() is var ip && ip is not ("None" or "")) DnsRules.CheckIp(ip, at["clusterIPs"][i], errors);
        if (ips is { Count: > 0 } && ips[0].AsText() != spec.Text("clusterIP")) errors.Invalid(at["clusterIPs"], ips, "first value must match `clusterIP`");
        if (ips is { Count: > 1 } && ips.Any(ip => ip.AsText() == "None")) errors.Invalid(at["clusterIPs"], ips, "'None' must be the first and only value");
        if (spec.Text("ipFamilyPolicy") is { } policy) errors.OneOf(at["ipFamilyPolicy"], policy, "PreferDualStack", "RequireDualStack", "SingleStack");
        var families = spec.List("ipFamilies");
        for (var i = 0; i < families?.Count; i++) errors.OneOf(at["ipFamilies"][i], families[i].AsText(), "IPv4", "IPv6");
    }

    public static void CheckUpdate(JsonObject? spec, JsonObject? was, At at, Errors errors)
    {
        if (!NeedsIp(spec) || !NeedsIp(was) || was.Text("clusterIP") is not { Length: > 0 } before) return;
        var now = spec.Text("clusterIP") ?? "";
        if (now.Length == 0) errors.Required(at["clusterIPs"][0], "primary clusterIP can not be unset");
        else if (now != before) errors.Invalid(at["clusterIPs"][0], spec.Node("clusterIPs")?.DeepClone() ?? now, "may not change once set");
    }
}
