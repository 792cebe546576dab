using System.Text.Json.Nodes;

namespace Kennel.Objects.Kinds.Core.Pods;

/// <summary>Taints of nodes and what pods tolerate of them.</summary>
static class TolerationRules
{
    static readonly string[] s_effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

    public static void Check(JsonArray? tolerations, At at, Errors errors)
    {
        for (var i = 0; i < tolerations?.Count; i++)
            if (tolerations[i] is JsonObject toleration) Check(toleration, at[i], errors);
    }

    static void Check(JsonObject toleration, At at, Errors errors)
    {
        var key = toleration.Text("key") ?? "";
        var how = toleration.Text("operator") ?? "";
        var effect = toleration.Text("effect") ?? "";
        var value = toleration.Text("value") ?? "";
        if (key.Length > 0) errors.Unless(Labels.KeyProblem(key), at["key"], key);
        else if (how != "Exists") errors.Invalid(at["operator"], how, "operator must be Exists when `key` is empty, which means \"match all values and all keys\"");
        if (toleration.Has("tolerationSeconds") && effect != "NoExecute") errors.Invalid(at["effect"], effect, "effect must be 'NoExecute' when `tolerationSeconds` is set");
        if (how is "" or "Equal") errors.Unless(Labels.ValueProblem(value), at["operator"], value);
        else if (how == "Exists")
        {
            if (value.Length > 0) errors.Invalid(at["operator"], toleration, "value must be empty when `operator` is 'Exists'");
        }
        else errors.NotSupported(at["operator"], how, "Equal", "Exists");
        if (effect.Length > 0) errors.OneOf(at["effect"], effect, s_effects);
    }

    public static void CheckTaints(JsonArray? taints, At at, Errors errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < taints?.Count; i++)
        {
            var taint = taints[i];
            errors.Unless(Labels.KeyProblem(taint.Text("key") ?? ""), at[i]["key"], taint.Text("key") ?? "");
            errors.Unless(Labels.ValueProblem(taint.Text("value") ?? ""), at[i]["value"], taint.Text("value") ?? "");
            errors.OneOf(at[i]["effect"], taint.Text("effect"), s_effects);
            if (!seen.Add($"{taint.Text("key")}:{taint.Text("effect")}")) errors.Duplicate(at[i], taint);
        }
    }

    /// <summary>Tolerations may be added to a pod; of those it has only the seconds may change.</summary>
    public static void CheckOnlyAdded(JsonArray? now, JsonArray? was, At at, Errors errors)
    {
        for (var i = 0; i < was?.Count; i++)
        {
            if (now is not null && now.Any(t => Same.Fields(t as JsonObject, was[i] as JsonObject, "tolerationSeconds"))) continue;
            errors.Forbidden(at, "existing toleration can not be modified except its tolerationSeconds");
            return;
        }
    }
}
