using System.Text.Json.Nodes;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Kinds.Networking;

sealed class NetworkPolicyRules(ResourceType type) : KindRules(type)
{
    public override bool HasGeneration => true;

    /// <summary>A policy is about what comes in, and about what goes out when it says something of that.</summary>
    protected override void DefaultMore(JsonObject o)
    {
        var spec = o.Make("spec");
        spec.Lack("podSelector", new JsonObject());
        if (spec.List("policyTypes") is not { Count: > 0 })
            spec["policyTypes"] = spec.List("egress") is { Count: > 0 } ? new JsonArray("Ingress", "Egress") : new JsonArray("Ingress");
    }

    protected override void Check(JsonObject o, Errors errors)
    {
        At at = "spec";
        var spec = o.Obj("spec");
        Labels.CheckSelector(spec.Obj("podSelector"), at["podSelector"], errors);
        Directions(spec.List("ingress"), "from", at["ingress"], errors);
        Directions(spec.List("egress"), "to", at["egress"], errors);
        var types = spec.List("policyTypes");
        if (types?.Count > 2) errors.Invalid(at["policyTypes"], types, "may not specify more than two policyTypes");
        else
        {
            for (var i = 0; i < types?.Count; i++) errors.OneOf(at["policyTypes"], types[i].AsText(), "Egress", "Ingress");
        }
    }

    static void Directions(JsonArray? rules, string peers, At at, Errors errors)
    {
        for (var i = 0; i < rules?.Count; i++)
        {
            for (var j = 0; j < rules[i].List("ports")?.Count; j++) PolicyPortRules.Check(rules[i].List("ports")![j], at[i]["ports"][j], errors);
            for (var j = 0; j < rules[i].List(peers)?.Count; j++) PolicyPeerRules.Check(rules[i].List(peers)![j], at[i][peers][j], errors);
        }
    }
}
