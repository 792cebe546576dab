using System.Text.Json.Nodes;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Kinds.Rbac;

sealed class RoleBindingRules(ResourceType type) : KindRules(type)
{
    public override string? NameProblem(string name, bool prefix) => Names.PathSegment(name, prefix);

    protected override void Check(JsonObject o, Errors errors)
    {
        var role = o.Obj("roleRef");
        if (role.Text("kind") is not ("Role" or "ClusterRole")) errors.NotSupported("roleRef.kind", role.Text("kind") ?? "", Type.Namespaced ? ["Role", "ClusterRole"] : ["ClusterRole"]);
        if (role.Text("name") is null or "") errors.Required("roleRef.name");
        var subjects = o.List("subjects");
        for (var i = 0; i < subjects?.Count; i++)
        {
            var at = ((At)"subjects")[i];
            if (subjects[i].Text("name") is null or "") errors.Required(at["name"]);
            if (subjects[i].Text("kind") is not ("ServiceAccount" or "User" or "Group")) errors.NotSupported(at["kind"], subjects[i].Text("kind") ?? "", "ServiceAccount", "User", "Group");
            if (subjects[i].Text("kind") == "ServiceAccount" && !Type.Namespaced && subjects[i].Text("namespace") is null or "") errors.Required(at["namespace"]);
        }
    }

    protected override void CheckUpdate(JsonObject o, JsonObject old, string? subresource, Errors errors)
    {
        Check(o, errors);
        if (!Same.Values(o.Node("roleRef"), old.Node("roleRef"))) errors.Invalid("roleRef", o.Node("roleRef"), "cannot change roleRef");
    }
}
