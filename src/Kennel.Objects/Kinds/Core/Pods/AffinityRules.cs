using System.Text.Json.Nodes;

namespace Kennel.Objects.Kinds.Core.Pods;

/// <summary>Which nodes and which neighbours a pod wants.</summary>
static class AffinityRules
{
    const string Required = "requiredDuringSchedulingIgnoredDuringExecution";
    const string Preferred = "preferredDuringSchedulingIgnoredDuringExecution";

    public static void Check(JsonObject? affinity, At at, Errors errors)
    {
        if (affinity is null) return;
        if (affinity.Obj("nodeAffinity") is { } node)
        {
            if (node.Obj(Required) is { } required) CheckNodeSelector(required, at["nodeAffinity"][Required], errors);
            if (node.List(Preferred) is { } preferred)
            {
                for (var i = 0; i < preferred.Count; i++)
                {
                    Weight(preferred[i], at["nodeAffinity"][Preferred][i], errors);
                    CheckTerm(preferred[i].Obj("preference"), at["nodeAffinity"][Preferred][i]["preference"], errors);
                }
            }
        }
        CheckPods(affinity.Obj("podAffinity"), at["podAffinity"], errors);
        CheckPods(affinity.Obj("podAntiAffinity"), at["podAntiAffinity"], errors);
    }

    public static void CheckNodeSelector(JsonObject selector, At at, Errors errors)
    {
        if (selector.List("nodeSelectorTerms") is not { Count: > 0 } terms)
        {
            errors.Required(at["nodeSelectorTerms"], "must have at least one node selector term");
            return;
        }
        for (var i = 0; i < terms.Count; i++) CheckTerm(terms[i] as JsonObject, at["nodeSelectorTerms"][i], errors);
    }

    static void CheckTerm(JsonObject? term, At at, Errors errors)
    {
        if (term.List("matchExpressions") is { } expressions)
        {
            for (var i = 0; i < expressions.Count; i++)
            {
                var key = expressions[i].Text("key") ?? "";
                Operator(expressions[i] as JsonObject, at["matchExpressions"][i], errors);
                errors.Unless(Labels.KeyProblem(key), at["matchExpressions"][i]["key"], key);
            }
        }
        if (term.List("matchFields") is not { } fields) return;
        for (var i = 0; i < fields.Count; i++)
            if (fields[i].Text("key") is not "metadata.name") errors.Invalid(at["matchFields"][i]["key"], fields[i].Text("key") ?? "", "not a valid field selector key");
    }

    static void Operator(JsonObject? e, At at, Errors errors)
    {
        var count = e.List("values")?.Count ?? 0;
        switch (e.Text("operator"))
        {
            case "In" or "NotIn":
                if (count == 0) errors.Required(at["values"], "must be specified when `operator` is 'In' or 'NotIn'");
                break;
            case "Exists" or "DoesNotExist":
                if (count > 0) errors.Forbidden(at["values"], "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                break;
            case "Gt" or "Lt":
                if (count != 1) errors.Required(at["values"], "must be specified single value when `operator` is 'Lt' or 'Gt'");
                break;
            default:
                errors.Invalid(at["operator"], e.Text("operator") ?? "", "not a valid selector operator");
                break;
        }
    }

    static void CheckPods(JsonObject? affinity, At at, Errors errors)
    {
        if (affinity.List(Required) is { } required)
        {
            for (var i = 0; i < required.Count; i++) PodTerm(required[i] as JsonObject, at[Required][i], errors);
        }
        if (affinity.List(Preferred) is not { } preferred) return;
        for (var i = 0; i < preferred.Count; i++)
        {
            Weight(preferred[i], at[Preferred][i], errors);
            PodTerm(preferred[i].Obj("podAffinityTerm"), at[Preferred][i]["podAffinityTerm"], errors);
        }
    }

    static void PodTerm(JsonObject? term, At at, Errors errors)
    {
        Labels.CheckSelector(term.Obj("labelSelector"), at["labelSelector"], errors);
        Labels.CheckSelector(term.Obj("namespaceSelector"), at["namespaceSelector"], errors);
        var key = term.Text("topologyKey") ?? "";
        if (key.Length == 0) errors.Required(at["topologyKey"], "can not be empty");
        errors.Unless(Labels.KeyProblem(key), at["topologyKey"], key);
    }

    static void Weight(JsonNode? term, At at, Errors errors)
    {
        if ((term.Int("weight") ?? 0) is var weight and (<= 0 or > 100)) errors.Invalid(at["weight"], weight, "must be in the range 1-100");
    }
}
