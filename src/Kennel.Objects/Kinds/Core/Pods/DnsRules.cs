using System.Net;
using System.Text.Json.Nodes;

namespace Kennel.Objects.Kinds.Core.Pods;

/// <summary>A pod's own name resolution.</summary>
static class DnsRules
{
    const string NotAnIp = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";

    public static void Check(JsonObject? spec, At at, Errors errors)
    {
        var config = spec.Obj("dnsConfig");
        var servers = config.List("nameservers");
        if (spec.Text("dnsPolicy") == "None")
        {
            if (config is null) errors.Required(at, "must provide `dnsConfig` when `dnsPolicy` is None");
            else if (servers is not { Count: > 0 }) errors.Required(at["nameservers"], "must provide at least one DNS nameserver when `dnsPolicy` is None");
        }
        if (config is null) return;
        if (servers?.Count > 3) errors.Invalid(at["nameservers"], servers, "must not have more than 3 nameservers");
        for (var i = 0; i < servers?.Count; i++) CheckIp(servers[i].AsText(), at["nameservers"][i], errors);
        if (config.List("searches") is not { } searches) return;
        if (searches.Count > 32) errors.Invalid(at["searches"], searches, "must not have more than 32 search paths");
        for (var i = 0; i < searches.Count; i++)
            if ((searches[i].AsText() ?? "").TrimEnd('.') is var search) errors.Unless(Names.Subdomain(search), at["searches"][i], search);
    }

    public static void CheckIp(string? ip, At at, Errors errors)
    {
        if (!IsIp(ip)) errors.Invalid(at, ip ?? "", NotAnIp);
    }

    public static bool IsIp(string? text) => text is { Length: > 0 } && IPAddress.TryParse(text, out _) && (text.Contains(':') || text.AsSpan().Count('.') == 3);

    public static void CheckAliases(JsonArray? aliases, At at, Errors errors)
    {
        for (var i = 0; i < aliases?.Count; i++)
        {
            CheckIp(aliases[i].Text("ip"), at[i]["ip"], errors);
            if (aliases[i].List("hostnames") is not { } names) continue;
            for (var j = 0; j < names.Count; j++) errors.Unless(Names.Subdomain(names[j].AsText() ?? ""), at[i]["hostnames"][j], names[j]);
        }
    }
}
