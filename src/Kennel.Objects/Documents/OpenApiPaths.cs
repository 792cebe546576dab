using System.Text.Json;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Documents;

/// <summary>
/// The paths of a kind in OpenAPI v3: which verbs, of which kind, with which query. kubectl reads from them whether PATCH takes <c>fieldValidation</c>,
/// and which kind is behind a resource name.
/// </summary>
static class OpenApiPaths
{
    static readonly string[] s_patchTypes =
        ["application/apply-patch+yaml", "application/json-patch+json", "application/merge-patch+json", "application/strategic-merge-patch+json"];

    public static void Write(Utf8JsonWriter w, ResourceType type)
    {
        var root = type.Group.Length == 0 ? $"/api/{type.Version}" : $"/apis/{type.Group}/{type.Version}";
        var within = type.Namespaced ? "/namespaces/{namespace}" : "";
        Path(w, $"{root}{within}/{type.Plural}", type, type.Id, [("get", "list"), ("post", "create"), ("delete", "deletecollection")], type.Verbs);
        Path(w, $"{root}{within}/{type.Plural}/{{name}}", type, type.Id, [("get", "get"), ("put", "update"), ("patch", "patch"), ("delete", "delete")], type.Verbs);
        foreach (var sub in type.Subresources)
        {
            var kind = sub.Version.Length == 0 ? type.Id with { Kind = sub.Kind } : type.Id with { Group = sub.Group, Version = sub.Version, Kind = sub.Kind };
            Path(w, $"{root}{within}/{type.Plural}/{{name}}/{sub.Name}", type, kind, [("get", "get"), ("post", "create"), ("put", "update"), ("patch", "patch"), ("delete", "delete")], sub.Verbs);
        }
    }

    static void Path(Utf8JsonWriter w, string path, ResourceType type, ResourceId kind, ReadOnlySpan<(string Method, string Verb)> operations, IReadOnlyList<string> verbs)
    {
        w.WriteStartObject(path);
        foreach (var (method, verb) in operations)
            if (verbs.Contains(verb)) Operation(w, method, verb, type, kind);
        w.WriteEndObject();
    }

    static void Operation(Utf8JsonWriter w, string method, string verb, ResourceType type, ResourceId kind)
    {
        w.WriteStartObject(method);
        w.WriteString("x-kubernetes-action"u8, verb switch { "create" => "post", "update" => "put", _ => verb });
        w.WriteStartObject("x-kubernetes-group-version-kind"u8);
        w.WriteString("group"u8, kind.Group);
        w.WriteString("kind"u8, kind.Kind);
        w.WriteString("version"u8, kind.Version);
        w.WriteEndObject();
        if (verb is "create" or "update" or "patch")
        {
            w.WriteStartArray("parameters"u8);
            foreach (var name in (ReadOnlySpan<string>)["dryRun", "fieldManager", "fieldValidation"]) Parameter(w, name, "string");
            if (verb == "patch") Parameter(w, "force", "boolean");
            w.WriteEndArray();
            Body(w, verb == "patch" ? s_patchTypes : ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"], verb == "patch" ? null : type.Schema.Id);
        }
        w.WriteStartObject("responses"u8);
        w.WriteStartObject("200"u8);
        w.WriteString("description"u8, "OK"u8);
        w.WriteEndObject();
        w.WriteEndObject();
        w.WriteEndObject();
    }

    static void Parameter(Utf8JsonWriter w, string name, string type)
    {
        w.WriteStartObject();
        w.WriteString("in"u8, "query"u8);
        w.WriteString("name"u8, name);
        w.WriteStartObject("schema"u8);
        w.WriteString("type"u8, type);
        w.WriteEndObject();
        w.WriteEndObject();
    }

    static void Body(Utf8JsonWriter w, ReadOnlySpan<string> types, string? schema)
    {
        w.WriteStartObject("requestBody"u8);
        w.WriteStartObject("content"u8);
        foreach (var type in types)
        {
            w.WriteStartObject(type);
            w.WriteStartObject("schema"u8);
            if (schema is not null) w.WriteString("$ref"u8, "#/components/schemas/" + schema);
            else w.WriteString("type"u8, "object"u8);
            w.WriteEndObject();
            w.WriteEndObject();
        }
        w.WriteEndObject();
        w.WriteEndObject();
    }
}
