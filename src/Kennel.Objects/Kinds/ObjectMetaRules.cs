using System.Text.Json.Nodes;

namespace Kennel.Objects.Kinds;

/// <summary>What holds for the metadata of every kind.</summary>
static class ObjectMetaRules
{
    public static void Check(JsonObject o, KindRules kind, Errors errors)
    {
        At at = "metadata";
        var meta = o.Obj("metadata");
        var name = meta.Text("name") ?? "";
        var prefix = meta.Text("generateName") ?? "";
        if (prefix.Length > 0) errors.Unless(kind.NameProblem(prefix, prefix: true), at["generateName"], prefix);
        if (name.Length == 0)
        {
            errors.Required(at["name"], "name or generateName is required");
        }
        else errors.Unless(kind.NameProblem(name, prefix: false), at["name"], name);
        if (kind.Type.Namespaced && meta.Text("namespace") is null or "") errors.Required(at["namespace"]);
    }

    public static void CheckUpdate(JsonObject o, JsonObject old, Errors errors)
    {
    }
}
