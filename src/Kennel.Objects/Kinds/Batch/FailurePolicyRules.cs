using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;

namespace Kennel.Objects.Kinds.Batch;

/// <summary>What a Job does about a failed pod, by exit code or condition.</summary>
static class FailurePolicyRules
{
    const int MostRules = 20;
    const int MostCodes = 255;
    const int MostPatterns = 20;

    public static void Check(JsonObject policy, JsonObject spec, At at, Errors errors)
    {
        var (rules, path) = (policy.List("rules") ?? [], at["rules"]);
        if (rules.Count > MostRules) errors.Add(FieldError.TooMany(path.ToString(), rules.Count, MostRules));
        var containers = ContainerNames(spec.Obj("template").Obj("spec"));
        for (var i = 0; i < rules.Count; i++) Rule(rules[i] as JsonObject ?? [], spec, path[i], containers, errors);
    }

    static HashSet<string> ContainerNames(JsonObject? pod) =>
        [.. (pod.List("containers") ?? []).Concat(pod.List("initContainers") ?? []).Select(c => c.Text("name") ?? "")];

    static void Rule(JsonObject rule, JsonObject spec, At at, HashSet<string> containers, Errors errors)
    {
        Action(rule.Text("action") ?? "", spec, at["action"], errors);
        var (codes, conditions) = (rule.Obj("onExitCodes"), rule.List("onPodConditions") ?? []);
        if (codes is not null) Codes(codes, at["onExitCodes"], containers, errors);
        if (conditions.Count > 0) Conditions(conditions, at["onPodConditions"], errors);
        if (codes is not null == conditions.Count > 0)
            errors.Add(new("FieldValueInvalid", at.ToString(), $"Invalid value: specifying {(codes is null ? "one of OnExitCodes and OnPodConditions is required" : "both OnExitCodes and OnPodConditions is not supported")}"));
    }

    static void Action(string action, JsonObject spec, At at, Errors errors)
    {
        if (action.Length == 0) errors.Required(at, """valid values: ["Count" "FailIndex" "FailJob" "Ignore"]""");
        else if (action == "FailIndex")
        {
            if (!spec.Has("backoffLimitPerIndex")) errors.Invalid(at, action, "requires the backoffLimitPerIndex to be set");
        }
        else if (action is not ("Count" or "FailJob" or "Ignore")) errors.NotSupported(at, action, "Count", "FailIndex", "FailJob", "Ignore");
    }

    static void Conditions(JsonArray patterns, At at, Errors errors)
    {
        if (patterns.Count > MostPatterns) errors.Add(FieldError.TooMany(at.ToString(), patterns.Count, MostPatterns));
        for (var i = 0; i < patterns.Count; i++)
        {
            var (type, status) = (patterns[i].Text("type") ?? "", patterns[i].Text("status") ?? "");
            errors.Unless(Labels.KeyProblem(type), at[i]["type"], type);
            if (status.Length == 0) errors.Required(at[i]["status"], """valid values: ["False" "True" "Unknown"]""");
            else if (status is not ("True" or "False" or "Unknown")) errors.NotSupported(at[i]["status"], status, "False", "True", "Unknown");
        }
    }

    static void Codes(JsonObject codes, At at, HashSet<string> containers, Errors errors)
    {
        var op = codes.Text("operator") ?? "";
        if (op.Length == 0) errors.Required(at["operator"], """valid values: ["In" "NotIn"]""");
        else if (op is not ("In" or "NotIn")) errors.NotSupported(at["operator"], op, "In", "NotIn");
        if (codes.Text("containerName") is { } name && !containers.Contains(name))
            errors.Invalid(at["containerName"], name, "must be one of the container or initContainer names in the pod template");
        Values(codes.List("values") ?? [], op, at["values"], errors);
    }

    static void Values(JsonArray values, string op, At at, Errors errors)
    {
        if (values.Count == 0) errors.Invalid(at, values, "at least one value is required");
        else if (values.Count > MostCodes) errors.Add(FieldError.TooMany(at.ToString(), values.Count, MostCodes));
        var (seen, ordered) = (new HashSet<long>(), true);
        for (var i = 0; i < values.Count; i++)
        {
            var code = values[i].AsInt() ?? 0;
            if (op == "In" && code == 0) errors.Invalid(at[i], code, "must not be 0 for the In operator");
            if (!seen.Add(code)) errors.Duplicate(at[i], code);
            ordered &= i == 0 || values[i - 1].AsInt() <= code;
        }
        if (!ordered) errors.Invalid(at, values, "must be ordered");
    }
}
