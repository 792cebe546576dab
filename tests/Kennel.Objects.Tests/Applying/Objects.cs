using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Objects.Applying;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Tests.Applying;

/// <summary>Objects for the tests of ownership.</summary>
static class Objects
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    public static readonly ResourceType Deployments = Catalog.BuiltIn.Find("apps", "v1", "deployments")!;

    public static readonly ResourceType Pods = Catalog.BuiltIn.Find("", "v1", "pods")!;

    public static readonly ResourceType ConfigMaps = Catalog.BuiltIn.Find("", "v1", "configmaps")!;

    static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonObject Json(string json) => (JsonObject)JsonNode.Parse(json)!;

    public static string Text(JsonNode? node) => node?.ToJsonString(s_plain) ?? "null";

    /// <summary>Manager, operation, subresource and fields of every entry, one a line.</summary>
    public static string Managers(JsonObject o)
    {
        var lines = new List<string>();
        foreach (var entry in o["metadata"]?["managedFields"] as JsonArray ?? [])
            lines.Add($"{entry!["manager"]} {entry["operation"]}{(entry["subresource"] is { } s ? "/" + s : "")} {entry["time"]} {Text(entry["fieldsV1"])}");
        return string.Join('\n', lines);
    }

    public static JsonObject Created(string json, ResourceType type, string manager = "kubectl-create")
    {
        var o = Json(json);
        ManagedFields.Update(null, o, type, manager, null, Noon);
        return o;
    }

    public static JsonObject Changed(JsonObject live, ResourceType type, string manager, Action<JsonObject> change, string? subresource = null, int minutes = 1)
    {
        var next = (JsonObject)live.DeepClone();
        change(next);
        ManagedFields.Update(live, next, type, manager, subresource, Noon.AddMinutes(minutes));
        return next;
    }

    public static JsonObject Applied(JsonObject? live, string json, ResourceType type, string manager = "kubectl", bool force = false, int minutes = 1)
    {
        var (made, refusal) = ServerSideApply.Apply(live, Json(json), type, type.Schema, manager, force, null, Noon.AddMinutes(minutes));
        refusal.ShouldBeNull();
        return made!;
    }
}
