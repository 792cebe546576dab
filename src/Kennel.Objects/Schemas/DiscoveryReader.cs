using System.Text.Json;

namespace Kennel.Objects.Schemas;

/// <summary>Kinds from the discovery facts. Only versions without alpha or beta are served.</summary>
static class DiscoveryReader
{
    /// <summary>Has had nothing but a beta for ever; <c>kubectl top</c> asks for it.</summary>
    const string Metrics = "metrics.k8s.io";

    public static IEnumerable<ResourceType> Read(JsonElement discovery, SchemaReader schemas)
    {
        foreach (var group in discovery.GetProperty("items").EnumerateArray())
        {
            var name = group.GetProperty("metadata").TryGetProperty("name", out var n) ? n.GetString()! : "";
            foreach (var version in group.GetProperty("versions").EnumerateArray())
            {
                var v = version.GetProperty("version").GetString()!;
                if ((v.Contains("alpha") || v.Contains("beta")) && name != Metrics) continue;
                foreach (var resource in version.GetProperty("resources").EnumerateArray())
                    if (Resource(name, v, resource, schemas) is { } type) yield return type;
            }
        }
    }

    static ResourceType? Resource(string group, string version, JsonElement e, SchemaReader schemas)
    {
        var kind = e.GetProperty("responseKind").GetProperty("kind").GetString()!;
        return schemas.OfKind(group, version, kind) is not { } schema ? null : new ResourceType(
            group, version, e.GetProperty("resource").GetString()!, Text(e, "singularResource"), kind, e.GetProperty("scope").GetString() == "Namespaced",
            Texts(e, "shortNames"), Texts(e, "categories"), Texts(e, "verbs"), Subresources(e), schema);
    }

    static List<Subresource> Subresources(JsonElement e) => !e.TryGetProperty("subresources", out var list) ? [] :
        [.. list.EnumerateArray().Select(s => new Subresource(
            s.GetProperty("subresource").GetString()!, Text(s, "responseKind", "group"), Text(s, "responseKind", "version"), Text(s, "responseKind", "kind"), Texts(s, "verbs")))];

    static string Text(JsonElement e, params ReadOnlySpan<string> path)
    {
        foreach (var step in path) if (!e.TryGetProperty(step, out e)) return "";
        return e.GetString() ?? "";
    }

    static List<string> Texts(JsonElement e, string name) =>
        e.TryGetProperty(name, out var list) ? [.. list.EnumerateArray().Select(i => i.GetString()!)] : [];
}
