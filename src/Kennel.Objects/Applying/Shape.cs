using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Applying;

/// <summary>What a value is for ownership: one field (scalars and atomic lists and objects), fields by name, or items by key.</summary>
enum Shape { Leaf, Fields, Items }

static class Shapes
{
    public static Shape Of(JsonNode? value, Schema? schema) => value switch
    {
        JsonObject => schema?.Atomic == true || schema is { IsScalar: true } ? Shape.Leaf : Shape.Fields,
        JsonArray => schema is { Type: SchemaType.List, ListType: not ListType.Atomic } ? Shape.Items : Shape.Leaf,
        _ => Shape.Leaf,
    };

    public static bool IsEmpty(JsonNode? value) => value switch
    {
        null => true,
        JsonObject o => o.Count == 0,
        JsonArray a => a.Count == 0,
        _ => false,
    };

    /// <summary>The step to an item of a list; items without any of their keys go by position.</summary>
    public static PathElement Item(JsonNode? item, Schema list, int at)
    {
        if (list.ListType == ListType.Set) return item is null or JsonValue ? PathElement.Value(item) : PathElement.Index(at);
        if (item is not JsonObject fields) return PathElement.Index(at);
        var keys = list.ListMapKeys;
        var parts = new (string, Scalar)[keys.Count];
        var count = 0;
        for (var i = 0; i < keys.Count; i++)
        {
            if (fields.TryGetPropertyValue(keys[i], out var value) && value is not null) parts[count++] = (keys[i], Scalar.Of(value));
            else if (DefaultKey(keys[i], list.Items) is { } text) parts[count++] = (keys[i], Scalar.Of(text));
        }
        if (count == 0) return PathElement.Index(at);
        if (count < parts.Length) Array.Resize(ref parts, count);
        if (count > 1) Array.Sort(parts, static (a, b) => string.CompareOrdinal(a.Item1, b.Item1));
        return PathElement.Key(parts);
    }

    /// <summary>Keys that may be left out: the protocol of a port and the name of a referred object have a default in the schema.</summary>
    static string? DefaultKey(string key, Schema? item) => key switch
    {
        "protocol" when item?["protocol"] is not null => "TCP",
        "name" when item?.Id?.EndsWith(".LocalObjectReference", StringComparison.Ordinal) == true => "",
        _ => null,
    };

    /// <summary>
    /// Whether a field is always there in upstream's Go type (a struct that isn't a pointer, or a required list or map), so that it is never "added" by itself.
    /// Types and names of the optional ones are from upstream's types; the facts don't tell pointers from structs.
    /// </summary>
    public static bool AlwaysThere(Schema? parent, string field, Schema? schema)
    {
        if (parent is null || schema is null || schema.IsScalar || schema.Type == SchemaType.Any) return false;
        if (parent.Required.Contains(field)) return true;
        if (schema.Type != SchemaType.Object) return false;
        return field switch
        {
            "metadata" or "spec" or "status" or "strategy" or "updateStrategy" or "state" or "lastState" or "daemonEndpoints" or "kubeletEndpoint" or "nodeInfo" or "loadBalancer" => true,
            "resources" => parent["image"] is not null || parent["accessModes"] is not null, // containers and claims; a pod's own is a pointer
            "template" => parent.Id?.EndsWith(".ReplicationControllerSpec", StringComparison.Ordinal) != true,
            "source" => parent["involvedObject"] is not null,
            "conditions" => parent["addresses"] is not null,
            _ => false,
        };
    }

    public static bool Same(JsonNode? a, JsonNode? b)
    {
        if (a is JsonValue x && b is JsonValue y && x.GetValueKind() == JsonValueKind.String && y.GetValueKind() == JsonValueKind.String)
            return x.GetValue<string>() == y.GetValue<string>();
        return JsonNode.DeepEquals(a, b);
    }
}
