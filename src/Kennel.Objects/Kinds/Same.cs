using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Kinds;

/// <summary>Equality in meaning: absent and empty are equal, quantities compare by value, the order of fields doesn't count.</summary>
public static class Same
{
    /// <summary>Whether all fields but those in <paramref name="except"/> mean the same.</summary>
    public static bool Fields(JsonObject? a, JsonObject? b, Schema? schema, params ReadOnlySpan<string> except) =>
        Covered(a, b, schema, except) && Covered(b, a, schema, except, onlyAbsent: true);

    static bool Covered(JsonObject? a, JsonObject? b, Schema? schema, ReadOnlySpan<string> except, bool onlyAbsent = false)
    {
        if (a is null) return true;
        foreach (var (name, value) in a)
        {
            if (except.Contains(name)) continue;
            var other = b.Node(name);
            if (onlyAbsent && other is not null) continue;
            if (!Values(value, other, schema?[name])) return false;
        }
        return true;
    }

    public static bool Values(JsonNode? a, JsonNode? b, Schema? schema = null)
    {
        if (ReferenceEquals(a, b)) return true;
        if (a is null || b is null) return IsEmpty(a ?? b);
        return (a, b) switch
        {
            (JsonObject x, JsonObject y) => Fields(x, y, schema),
            (JsonArray x, JsonArray y) => Lists(x, y, schema?.Items),
            (JsonValue x, JsonValue y) => Scalars(x, y, schema),
            _ => false,
        };
    }

    /// <summary>A line for messages that names the fields that differ: <c>differs: nodeName, volumes</c>.</summary>
    public static string Differences(JsonObject? a, JsonObject? b)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (name, value) in a ?? []) if (!Values(value, b.Node(name))) names.Add(name);
        foreach (var (name, value) in b ?? []) if (!Values(value, a.Node(name))) names.Add(name);
        return $"differs: {string.Join(", ", names)}";
    }

    static bool Lists(JsonArray a, JsonArray b, Schema? items)
    {
        if (a.Count != b.Count) return false;
        for (var i = 0; i < a.Count; i++)
            if (!Values(a[i], b[i], items)) return false;
        return true;
    }

    static bool Scalars(JsonValue a, JsonValue b, Schema? schema)
    {
        if (a.TryGetValue<string>(out var x) && b.TryGetValue<string>(out var y)) return x == y;
        if (a.AsInt() is { } m && b.AsInt() is { } n) return m == n;
        return JsonNode.DeepEquals(a, b);
    }

    /// <summary>An empty list, map or text stands for "not given"; so do an empty object and zero where upstream has no pointer.</summary>
    static bool IsEmpty(JsonNode? node) => node switch
    {
        null => true,
        JsonArray list => list.Count == 0,
        JsonObject map => map.Count == 0,
        JsonValue v when v.GetValueKind() == JsonValueKind.String => v.AsText() is "",
        _ => false,
    };
}
