using System.Text.Json.Nodes;
using Kennel.Objects.Kinds.Core.Pods;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Kinds.Core;

sealed class EndpointsRules(ResourceType type) : KindRules(type)
{
    protected override void Check(JsonObject o, Errors errors)
    {
        var subsets = o.List("subsets");
        for (var i = 0; i < subsets?.Count; i++)
        {
            var at = ((At)"subsets")[i];
            var (ready, waiting) = (subsets[i].List("addresses"), subsets[i].List("notReadyAddresses"));
            if (ready is not { Count: > 0 } && waiting is not { Count: > 0 }) errors.Required(at, "must specify `addresses` or `notReadyAddresses`");
            Addresses(ready, at["addresses"], errors);
            Addresses(waiting, at["notReadyAddresses"], errors);
            Ports(subsets[i].List("ports"), at["ports"], errors);
        }
    }

    static void Addresses(JsonArray? addresses, At at, Errors errors)
    {
        for (var i = 0; i < addresses?.Count; i++)
        {
            DnsRules.CheckIp(addresses[i].Text("ip"), at[i]["ip"], errors);
            if (addresses[i].Text("hostname") is { Length: > 0 } host) errors.Unless(Names.Label(host), at[i]["hostname"], host);
        }
    }

    static void Ports(JsonArray? ports, At at, Errors errors)
    {
        for (var i = 0; i < ports?.Count; i++)
        {
            if (ports[i].Text("name") is { Length: > 0 } name) errors.Unless(Names.Label(name), at[i]["name"], name);
            else if (ports.Count > 1) errors.Required(at[i]["name"]);
            errors.Unless(Names.Port(ports[i].Int("port") ?? 0), at[i]["port"], ports[i].Int("port") ?? 0);
            errors.OneOf(at[i]["protocol"], ports[i].Text("protocol"), "SCTP", "TCP", "UDP");
        }
    }
}
