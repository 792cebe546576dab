using System.Text.Json.Nodes;
using Kennel.Objects.Kinds.Core.Pods;

namespace Kennel.Objects.Kinds.Core;

/// <summary>The ports of a service. Whether a node port is free and in range is the allocator's to say.</summary>
static class ServicePortRules
{
    public static void Check(JsonArray? ports, At at, Errors errors)
    {
        if (ports is null) return;
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < ports.Count; i++) Port(ports[i], ports.Count > 1, names, at[i], errors);
        Duplicates(ports, "nodePort", i => at[i]["nodePort"], p => p.Int("nodePort"), errors);
        Duplicates(ports, "port", i => at[i], p => new JsonObject { ["port"] = p.Int("port"), ["protocol"] = p.Text("protocol") }, errors);
    }

    static void Port(JsonNode? port, bool needsName, HashSet<string> names, At at, Errors errors)
    {
        if (port.Text("name") is { Length: > 0 } name)
        {
            errors.Unless(Names.Label(name), at["name"], name);
            if (!names.Add(name)) errors.Duplicate(at["name"], name);
        }
        else if (needsName) errors.Required(at["name"]);
        errors.Unless(Names.Port(port.Int("port") ?? 0), at["port"], port.Int("port") ?? 0);
        errors.OneOf(at["protocol"], port.Text("protocol"), "SCTP", "TCP", "UDP");
        PortRules.CheckNumberOrName(port.Node("targetPort"), at["targetPort"], errors);
        if (port.Text("appProtocol") is { } app) errors.Unless(Labels.KeyProblem(app), at["appProtocol"], app);
    }

    static void Duplicates(JsonArray ports, string field, Func<int, At> at, Func<JsonNode?, JsonNode?> shown, Errors errors)
    {
        var seen = new HashSet<(string?, long)>();
        for (var i = 0; i < ports.Count; i++)
            if ((ports[i].Int(field) ?? 0) is var number and not 0 && !seen.Add((ports[i].Text("protocol"), number))) errors.Duplicate(at(i), shown(ports[i]));
    }
}
