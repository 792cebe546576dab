using System.Text.Json.Nodes;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Kinds.Core;

sealed class ResourceQuotaRules(ResourceType type) : KindRules(type)
{
    static readonly HashSet<string> s_standard =
    [
        "cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory", "requests.storage", "requests.ephemeral-storage", "limits.cpu", "limits.memory", "limits.ephemeral-storage",
        "pods", "resourcequotas", "services", "replicationcontrollers", "secrets", "persistentvolumeclaims", "configmaps", "services.nodeports", "services.loadbalancers",
    ];

    static readonly HashSet<string> s_counted = ["pods", "resourcequotas", "services", "replicationcontrollers", "secrets", "configmaps", "persistentvolumeclaims", "services.nodeports", "services.loadbalancers"];

    static readonly HashSet<string> s_scopes = ["Terminating", "NotTerminating", "BestEffort", "NotBestEffort", "PriorityClass", "CrossNamespacePodAffinity", "VolumeAttributesClass"];

    public override bool HasGeneration => false;

    protected override void Check(JsonObject o, Errors errors)
    {
        var spec = o.Obj("spec");
        CheckAmounts(spec.Obj("hard"), ((At)"spec")["hard"], errors);
        CheckScopes(spec, errors);
        CheckSelector(spec, errors);
    }

    protected override void CheckUpdate(JsonObject o, JsonObject old, string? subresource, Errors errors)
    {
        if (subresource == "status")
        {
            foreach (var field in (ReadOnlySpan<string>)["hard", "used"]) CheckAmounts(o.Obj("status").Obj(field), ((At)"status")[field], errors);
            return;
        }
        Check(o, errors);
        var (now, was) = (o.Obj("spec").List("scopes"), old.Obj("spec").List("scopes"));
        if (!Set(now).SetEquals(Set(was))) errors.Invalid("spec.scopes", now?.DeepClone() ?? new JsonArray(), "field is immutable");
    }

    static HashSet<string> Set(JsonArray? list) => [.. (list ?? []).Select(s => s.AsText() ?? "")];

    static void CheckAmounts(JsonObject? amounts, At at, Errors errors)
    {
        foreach (var (name, value) in amounts ?? [])
        {
            if (Labels.KeyProblem(name) is { } problem) errors.Unless(problem, at.Key(name), name);
            else if (!name.Contains('/') && !s_standard.Contains(name) && !IsPages(name)) errors.Invalid(at.Key(name), name, "must be a standard resource for quota");
            if (Amounts.Sign(value.AsText()) < 0) errors.Invalid(at.Key(name), value, "must be greater than or equal to 0");
            if ((s_counted.Contains(name) || name.StartsWith("count/", StringComparison.Ordinal)) && !Amounts.IsWhole(value.AsText())) errors.Invalid(at.Key(name), value, "must be an integer");
        }
    }

    static bool IsPages(string name) => name.StartsWith("hugepages-", StringComparison.Ordinal) || name.StartsWith("requests.hugepages-", StringComparison.Ordinal);

    static void CheckScopes(JsonObject? spec, Errors errors)
    {
        if (spec.List("scopes") is not { Count: > 0 } list) return;
        var scopes = Set(list);
        foreach (var scope in scopes)
        {
            if (!s_scopes.Contains(scope)) errors.Invalid("spec.scopes", list, "unsupported scope");
            if ((spec.Obj("hard") ?? []).Any(h => s_standard.Contains(h.Key) && !Fits(scope, h.Key))) errors.Invalid("spec.scopes", list, "unsupported scope applied to resource");
        }
        if (scopes.IsSupersetOf(["BestEffort", "NotBestEffort"]) || scopes.IsSupersetOf(["Terminating", "NotTerminating"])) errors.Invalid("spec.scopes", list, "conflicting scopes");
    }

    /// <summary>Scopes choose among pods; best effort pods ask for nothing that could be limited.</summary>
    static bool Fits(string scope, string resource) => scope switch
    {
        "BestEffort" => resource == "pods",
        "VolumeAttributesClass" => resource is "persistentvolumeclaims" or "requests.storage",
        _ => resource is "pods" or "cpu" or "memory" or "requests.cpu" or "requests.memory" or "limits.cpu" or "limits.memory",
    };

    static void CheckSelector(JsonObject? spec, Errors errors)
    {
        var expressions = spec.Obj("scopeSelector").List("matchExpressions");
        for (var i = 0; i < expressions?.Count; i++)
        {
            var (one, at) = (expressions[i], ((At)"spec")["scopeSelector"]["matchExpressions"]);
            var (scope, op, values) = (one.Text("scopeName") ?? "", one.Text("operator") ?? "", one.List("values"));
            if (!s_scopes.Contains(scope)) errors.Invalid(at["scopeName"], scope, "unsupported scope");
            if (scope is not ("PriorityClass" or "VolumeAttributesClass") && s_scopes.Contains(scope) && op != "Exists")
                errors.Invalid(at["operator"], op, "must be 'Exist' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity");
            if (op is "In" or "NotIn" && values is not { Count: > 0 }) errors.Required(at["values"], "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector");
            else if (op is "Exists" or "DoesNotExist" && values is { Count: > 0 }) errors.Invalid(at["values"], values, "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector");
            else if (op is not ("In" or "NotIn" or "Exists" or "DoesNotExist")) errors.Invalid(at["operator"], op, "not a valid selector operator");
        }
    }
}
