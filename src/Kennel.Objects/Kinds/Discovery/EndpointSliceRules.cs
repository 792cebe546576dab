using System.Text.Json.Nodes;
using Kennel.Objects.Kinds.Core.Pods;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Kinds.Discovery;

sealed class EndpointSliceRules(ResourceType type) : KindRules(type)
{
    const int MostEndpoints = 1000;
    const int MostPorts = 100;

    public override bool HasGeneration => true;

    protected override void Check(JsonObject o, Errors errors)
    {
        errors.OneOf("addressType", o.Text("addressType"), "FQDN", "IPv4", "IPv6");
        Endpoints(o.List("endpoints"), o.Text("addressType"), "endpoints", errors);
        Ports(o.List("ports"), "ports", errors);
    }

    static void Endpoints(JsonArray? endpoints, string? kind, At at, Errors errors)
    {
        if (endpoints?.Count > MostEndpoints) errors.Add(Refusals.FieldError.TooMany(at.ToString(), endpoints.Count, MostEndpoints));
        for (var i = 0; i < endpoints?.Count; i++)
        {
            if (endpoints[i].List("addresses") is not { Count: > 0 } addresses) errors.Required(at[i]["addresses"], "must contain at least 1 address");
            else
            {
                for (var j = 0; j < addresses.Count; j++) Address(addresses[j].AsText() ?? "", kind, at[i]["addresses"][j], errors);
            }
            if (endpoints[i].Text("hostname") is { Length: > 0 } host) errors.Unless(Names.Label(host), at[i]["hostname"], host);
        }
    }

    static void Address(string address, string? kind, At at, Errors errors)
    {
        if (kind == "FQDN") errors.Unless(Names.Subdomain(address), at, address);
        else if (!DnsRules.IsIp(address) || address.Contains(':') != (kind == "IPv6"))
            errors.Invalid(at, address, $"must be an {kind} address");
    }

    static void Ports(JsonArray? ports, At at, Errors errors)
    {
        if (ports?.Count > MostPorts) errors.Add(Refusals.FieldError.TooMany(at.ToString(), ports.Count, MostPorts));
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < ports?.Count; i++)
        {
            var name = ports[i].Text("name") ?? "";
            if (name.Length > 0) errors.Unless(Names.Label(name), at[i]["name"], name);
            if (!names.Add(name)) errors.Duplicate(at[i]["name"], name);
            errors.OneOf(at[i]["protocol"], ports[i].Text("protocol"), "SCTP", "TCP", "UDP");
        }
    }

    protected override void CheckUpdate(JsonObject o, JsonObject old, string? subresource, Errors errors)
    {
        Check(o, errors);
        errors.Unchanged("addressType", o.Node("addressType"), old.Node("addressType"));
    }
}
