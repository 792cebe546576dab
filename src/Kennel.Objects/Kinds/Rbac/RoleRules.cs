using System.Text.Json.Nodes;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Kinds.Rbac;

/// <summary>A rule of a role is about resources of groups, or, in a ClusterRole, about paths.</summary>
sealed class RoleRules(ResourceType type) : KindRules(type)
{
    public override string? NameProblem(string name, bool prefix) => Names.PathSegment(name, prefix);

    protected override void Check(JsonObject o, Errors errors)
    {
        var rules = o.List("rules");
        for (var i = 0; i < rules?.Count; i++) CheckRule(rules[i] as JsonObject, ((At)"rules")[i], errors);
        if (o.Obj("aggregationRule") is { } aggregation && aggregation.List("clusterRoleSelectors") is not { Count: > 0 })
            errors.Required(((At)"aggregationRule")["clusterRoleSelectors"], "at least one clusterRoleSelector required if aggregationRule is non-nil");
    }

    void CheckRule(JsonObject? rule, At at, Errors errors)
    {
        var paths = rule.List("nonResourceURLs") is { Count: > 0 } list ? list : null;
        if (rule.List("verbs") is not { Count: > 0 }) errors.Required(at["verbs"], "verbs must contain at least one value");
        if (paths is not null)
        {
            if (Type.Namespaced) errors.Invalid(at["nonResourceURLs"], paths, "namespaced rules cannot apply to non-resource URLs");
            foreach (var other in (string[])["apiGroups", "resources", "resourceNames"])
                if (rule.List(other) is { Count: > 0 })
                {
                    errors.Invalid(at["nonResourceURLs"], paths, "rules cannot apply to both regular resources and non-resource URLs");
                    break;
                }
            return;
        }
        if (rule.List("apiGroups") is not { Count: > 0 }) errors.Required(at["apiGroups"], "resource rules must supply at least one api group");
        if (rule.List("resources") is not { Count: > 0 }) errors.Required(at["resources"], "resource rules must supply at least one resource");
    }
}
