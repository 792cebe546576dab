using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kennel.Objects.Kinds;

/// <summary>Reading a document tree without exceptions: absent and wrongly typed values read as null.</summary>
public static class Walk
{
    public static JsonObject? Obj(this JsonNode? node, string field) => node is JsonObject o && o.TryGetPropertyValue(field, out var value) ? value as JsonObject : null;

    public static JsonArray? List(this JsonNode? node, string field) => node is JsonObject o && o.TryGetPropertyValue(field, out var value) ? value as JsonArray : null;

    public static JsonNode? Node(this JsonNode? node, string field) => node is JsonObject o && o.TryGetPropertyValue(field, out var value) ? value : null;

    public static string? Text(this JsonNode? node, string field) => AsText(Node(node, field));

    public static string? AsText(this JsonNode? node) => node is JsonValue v && v.TryGetValue<string>(out var text) ? text : null;

    public static long? Int(this JsonNode? node, string field) => AsInt(Node(node, field));

    public static long? AsInt(this JsonNode? node)
    {
        if (node is not JsonValue v) return null;
        if (v.TryGetValue<long>(out var l)) return l;
        if (v.TryGetValue<int>(out var i)) return i;
        return v.TryGetValue<double>(out var d) && d == Math.Floor(d) && Math.Abs(d) < 1L << 53 ? (long)d : null;
    }

    public static bool? Bool(this JsonNode? node, string field) => Node(node, field) is JsonValue v && v.TryGetValue<bool>(out var b) ? b : null;

    /// <summary>Whether the field is there, whatever its value.</summary>
    public static bool Has(this JsonNode? node, string field) => Node(node, field) is not null;

    /// <summary>The object at <paramref name="field"/>, made when it isn't there.</summary>
    public static JsonObject Make(this JsonObject o, string field)
    {
        if (o[field] is JsonObject found) return found;
        var made = new JsonObject();
        o[field] = made;
        return made;
    }

    /// <summary>Sets a field that is absent.</summary>
    public static void Lack(this JsonObject o, string field, JsonNode value)
    {
        if (!o.Has(field)) o[field] = value;
    }

    /// <summary>Sets a field that is absent or empty text.</summary>
    public static void LackText(this JsonObject o, string field, string value)
    {
        if (o.Text(field) is null or "") o[field] = value;
    }

    /// <summary>A scalar at a dotted path as text, or null when there is none.</summary>
    public static string? Text(JsonElement o, string path)
    {
        foreach (var range in path.AsSpan().Split('.'))
            if (o.ValueKind != JsonValueKind.Object || !o.TryGetProperty(path.AsSpan(range), out o)) return null;
        return o.ValueKind switch
        {
            JsonValueKind.String => o.GetString(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            JsonValueKind.Number => o.TryGetInt64(out var n) ? n.ToString(CultureInfo.InvariantCulture) : o.GetRawText(),
            _ => null,
        };
    }
}
