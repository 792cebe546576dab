using System.Text.Json.Nodes;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Kinds.Autoscaling;

/// <summary>Autoscalers as autoscaling/v2 has them; those of v1 are turned into these before they are looked at.</summary>
sealed class AutoscalerRules(ResourceType type) : KindRules(type)
{
    static readonly string[] s_policies = ["Max", "Min", "Disabled"];

    public override bool HasGeneration => false;

    protected override void DefaultMore(JsonObject o)
    {
        if (o.Obj("spec") is not { } spec) return;
        if (spec.List("metrics") is not { Count: > 0 })
            spec["metrics"] = new JsonArray(new JsonObject
            {
                ["type"] = "Resource",
                ["resource"] = new JsonObject { ["name"] = "cpu", ["target"] = new JsonObject { ["type"] = "Utilization", ["averageUtilization"] = 80 } },
            });
        if (spec.Obj("behavior") is not { } behavior) return;
        var (up, down) = (behavior.Make("scaleUp"), behavior.Make("scaleDown"));
        up.Lack("stabilizationWindowSeconds", 0);
        up.LackText("selectPolicy", "Max");
        down.LackText("selectPolicy", "Max");
        if (!up.Has("policies")) up["policies"] = new JsonArray(Policy("Pods", 4), Policy("Percent", 100));
        if (!down.Has("policies")) down["policies"] = new JsonArray(Policy("Percent", 100));
    }

    static JsonObject Policy(string type, int value) => new() { ["type"] = type, ["value"] = value, ["periodSeconds"] = 15 };

    protected override void Check(JsonObject o, Errors errors)
    {
        At at = "spec";
        var spec = o.Obj("spec");
        CheckTarget(spec.Obj("scaleTargetRef"), at["scaleTargetRef"], errors);
        var (least, most) = (spec.Int("minReplicas"), spec.Int("maxReplicas") ?? 0);
        if (least < 1) errors.Invalid(at["minReplicas"], least, "must be greater than or equal to 1");
        if (most < 1) errors.Invalid(at["maxReplicas"], most, "must be greater than 0");
        if (most < least) errors.Invalid(at["maxReplicas"], most, "must be greater than or equal to `minReplicas`");
        var metrics = spec.List("metrics");
        for (var i = 0; i < metrics?.Count; i++) MetricRules.Check(metrics[i] as JsonObject, at["metrics"][i], errors);
        if (spec.Obj("behavior") is not { } behavior) return;
        CheckRules(behavior.Obj("scaleUp"), at["behavior"]["scaleUp"], errors);
        CheckRules(behavior.Obj("scaleDown"), at["behavior"]["scaleDown"], errors);
    }

    internal static void CheckTarget(JsonObject? target, At at, Errors errors)
    {
        foreach (var field in (ReadOnlySpan<string>)["kind", "name"])
            if (target.Text(field) is not { Length: > 0 } text) errors.Required(at[field]);
            else errors.Unless(Names.PathSegment(text), at[field], text);
    }

    static void CheckRules(JsonObject? rules, At at, Errors errors)
    {
        if (rules is null) return;
        if (rules.Int("stabilizationWindowSeconds") is { } window)
        {
            if (window < 0) errors.Invalid(at["stabilizationWindowSeconds"], window, "must be greater than or equal to zero");
            if (window > 3600) errors.Invalid(at["stabilizationWindowSeconds"], window, "must be less than or equal to 3600");
        }
        if (rules.Text("selectPolicy") is { } select && !s_policies.Contains(select)) errors.NotSupported(at["selectPolicy"], select, "Disabled", "Max", "Min");
        if (Amounts.Sign(rules.Text("tolerance")) < 0) errors.Invalid(at["tolerance"], rules.Text("tolerance"), "must be greater than or equal to 0");
        var policies = rules.List("policies");
        if (policies is not { Count: > 0 }) errors.Required(at["policies"], "must specify at least one Policy");
        for (var i = 0; i < policies?.Count; i++) CheckPolicy(policies[i] as JsonObject, at["policies"][i], errors);
    }

    static void CheckPolicy(JsonObject? policy, At at, Errors errors)
    {
        if (policy.Text("type") is not ("Pods" or "Percent")) errors.NotSupported(at["type"], policy.Text("type") ?? "", "Percent", "Pods");
        if (policy.Int("value") is null or <= 0) errors.Invalid(at["value"], policy.Int("value") ?? 0, "must be greater than zero");
        var period = policy.Int("periodSeconds") ?? 0;
        if (period <= 0) errors.Invalid(at["periodSeconds"], period, "must be greater than zero");
        if (period > 1800) errors.Invalid(at["periodSeconds"], period, "must be less than or equal to 1800");
    }
}
