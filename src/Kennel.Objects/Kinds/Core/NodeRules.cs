using System.Net;
using System.Text.Json.Nodes;
using Kennel.Objects.Kinds.Core.Pods;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Kinds.Core;

sealed class NodeRules(ResourceType type) : KindRules(type)
{
    const string FromNothing = "except from \"\" to valid";

    protected override IReadOnlyList<(string Path, string Absent)> Selectable { get; } = [("spec.unschedulable", "false")];

    public override bool HasGeneration => false;

    /// <summary>A node may bring its status along when it registers.</summary>
    public override void PrepareForCreate(JsonObject o, Occasion when) => o.Make("status");

    protected override void Check(JsonObject o, Errors errors)
    {
        var spec = o.Obj("spec");
        TolerationRules.CheckTaints(spec.List("taints"), "metadata.taints", errors);
        CheckAmounts(o.Obj("status"), errors);
        if (spec.List("podCIDRs") is not { } ranges) return;
        for (var i = 0; i < ranges.Count; i++)
            if (!IPNetwork.TryParse(ranges[i].AsText() ?? "", out _)) errors.Invalid(((At)"spec")["podCIDRs"][i], ranges[i], "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
    }

    static void CheckAmounts(JsonObject? status, Errors errors)
    {
        foreach (var list in (ReadOnlySpan<string>)["capacity", "allocatable"])
            foreach (var (name, amount) in status.Obj(list) ?? [])
                if (Amounts.Sign(amount.AsText()) < 0) errors.Invalid(((At)"status")[list][name], amount, "must be greater than or equal to 0");
    }

    protected override void CheckUpdate(JsonObject o, JsonObject old, string? subresource, Errors errors)
    {
        CheckAmounts(o.Obj("status"), errors);
        CheckAddresses(o.Obj("status").List("addresses"), errors);
        if (subresource == "status") return;
        var (spec, was) = (o.Obj("spec"), old.Obj("spec"));
        TolerationRules.CheckTaints(spec.List("taints"), "metadata.taints", errors);
        if (was.List("podCIDRs") is { Count: > 0 } ranges && !Same.Values(spec.Node("podCIDRs"), ranges)) errors.Forbidden("spec.podCIDRs", $"node updates may not change podCIDR {FromNothing}");
        if (was.Text("providerID") is { Length: > 0 } id && spec.Text("providerID") != id) errors.Forbidden("spec.providerID", $"node updates may not change providerID {FromNothing}");
    }

    static void CheckAddresses(JsonArray? addresses, Errors errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < addresses?.Count; i++)
            if (!seen.Add($"{addresses[i].Text("type")} {addresses[i].Text("address")}")) errors.Duplicate(((At)"status")["addresses"][i], addresses[i]);
    }
}
