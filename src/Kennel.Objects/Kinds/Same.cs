using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kennel.Objects.Kinds;

/// <summary>Equality in meaning of decoded documents, whose quantities and times are canonical: absent and empty are equal, the order of fields doesn't count.</summary>
public static class Same
{
    /// <summary>The one text whose empty value means something else than none: "no class on purpose".</summary>
    const string NoneOnPurpose = "storageClassName";

    /// <summary>Whether all fields but those in <paramref name="except"/> mean the same.</summary>
    public static bool Fields(JsonObject? a, JsonObject? b, params ReadOnlySpan<string> except) =>
        Covered(a, b, except) && Covered(b, a, except, onlyAbsent: true);

    static bool Covered(JsonObject? a, JsonObject? b, ReadOnlySpan<string> except, bool onlyAbsent = false)
    {
        if (a is null) return true;
        foreach (var (name, value) in a)
        {
            if (except.Contains(name)) continue;
            var other = b.Node(name);
            if (onlyAbsent && other is not null) continue;
            if (!Field(name, value, other)) return false;
        }
        return true;
    }

    static bool Field(string name, JsonNode? value, JsonNode? other) =>
        (name != NoneOnPurpose || value is null == other is null) && Values(value, other);

    public static bool Values(JsonNode? a, JsonNode? b)
    {
        if (ReferenceEquals(a, b)) return true;
        if (a is null || b is null) return IsEmpty(a ?? b);
        return (a, b) switch
        {
            (JsonObject x, JsonObject y) => Fields(x, y),
            (JsonArray x, JsonArray y) => Lists(x, y),
            (JsonValue x, JsonValue y) => Scalars(x, y),
            _ => false,
        };
    }

    /// <summary>A line for messages that names the fields that differ: <c>differs: nodeName, volumes</c>.</summary>
    public static string Differences(JsonObject? a, JsonObject? b)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (name, value) in a ?? []) if (!Field(name, value, b.Node(name))) names.Add(name);
        foreach (var (name, value) in b ?? []) if (!Field(name, value, a.Node(name))) names.Add(name);
        return $"differs: {string.Join(", ", names)}";
    }

    static bool Lists(JsonArray a, JsonArray b)
    {
        if (a.Count != b.Count) return false;
        for (var i = 0; i < a.Count; i++)
            if (!Values(a[i], b[i])) return false;
        return true;
    }

    static bool Scalars(JsonValue a, JsonValue b)
    {
        if (a.TryGetValue<string>(out var x) && b.TryGetValue<string>(out var y)) return x == y;
        if (a.AsInt() is { } m && b.AsInt() is { } n) return m == n;
        return JsonNode.DeepEquals(a, b);
    }

    static bool AllEmpty(JsonObject map)
    {
        foreach (var (_, value) in map)
            if (!IsEmpty(value)) return false;
        return true;
    }

    /// <summary>An empty list, map or text stands for "not given"; so does an object of nothing but those.</summary>
    static bool IsEmpty(JsonNode? node) => node switch
    {
        null => true,
        JsonArray list => list.Count == 0,
        JsonObject map => AllEmpty(map),
        JsonValue v when v.GetValueKind() == JsonValueKind.String => v.AsText() is "",
        _ => false,
    };
}
