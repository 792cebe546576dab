using System.Text.Json.Nodes;
using Kennel.Objects.Kinds.Core;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Kinds.Policy;

sealed class PodDisruptionBudgetRules(ResourceType type) : KindRules(type)
{
    protected override JsonObject FirstStatus(JsonObject o, Occasion when) =>
        new() { ["currentHealthy"] = 0L, ["desiredHealthy"] = 0L, ["disruptionsAllowed"] = 0L, ["expectedPods"] = 0L };

    protected override void Check(JsonObject o, Errors errors)
    {
        At at = "spec";
        var spec = o.Obj("spec");
        if (spec.Has("minAvailable") && spec.Has("maxUnavailable")) errors.Invalid(at, spec, "minAvailable and maxUnavailable cannot be both set");
        foreach (var field in (ReadOnlySpan<string>)["minAvailable", "maxUnavailable"])
        {
            if (spec.Node(field) is not { } value) continue;
            IntOrPercent.Check(value, at[field], errors);
            IntOrPercent.AtMostAll(value, at[field], errors);
        }
        if (spec.Text("unhealthyPodEvictionPolicy") is { } policy and not ("IfHealthyBudget" or "AlwaysAllow"))
            errors.NotSupported(at["unhealthyPodEvictionPolicy"], policy, "AlwaysAllow", "IfHealthyBudget");
        Labels.CheckSelector(spec.Obj("selector"), at["selector"], errors);
    }
}
