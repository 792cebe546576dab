using System.Text.Json.Nodes;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Tests;

/// <summary>One filled-in object a kind, as upstream writes it: <c>apps.v1.StatefulSet</c>.</summary>
static class Fixture
{
    static string Folder => Path.Combine(AppContext.BaseDirectory, "Fixtures");

    public static IEnumerable<object[]> All() => Directory.GetFiles(Folder, "*.json").Order(StringComparer.Ordinal).Select(f => new object[] { Path.GetFileNameWithoutExtension(f) });

    public static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(Folder, name + ".json"));

    public static Schema SchemaOf(string name)
    {
        var parts = name.Split('.');
        var group = string.Join('.', parts[..^2]);
        return Catalog.BuiltIn.SchemaOf(group == "core" ? "" : group, parts[^2], parts[^1]).ShouldNotBeNull(name);
    }

    /// <summary>Where two documents differ, one line a place; null and absent are the same.</summary>
    public static IEnumerable<string> Differences(JsonNode? a, JsonNode? b, string at = "")
    {
        if (a is JsonObject x && b is JsonObject y)
            return x.Select(p => p.Key).Union(y.Select(p => p.Key)).SelectMany(k => Differences(x[k], y[k], $"{at}.{k}"));
        if (a is JsonArray m && b is JsonArray n && m.Count == n.Count) return m.SelectMany((item, i) => Differences(item, n[i], $"{at}[{i}]"));
        return JsonNode.DeepEquals(a, b) ? [] : [$"{at}: {a?.ToJsonString() ?? "null"} instead of {b?.ToJsonString() ?? "null"}"];
    }

    /// <summary>Compares as text with sorted fields, so that a failure shows what differs.</summary>
    public static string Sorted(JsonNode? node) => Sort(node)?.ToJsonString(new() { WriteIndented = true }) ?? "null";

    static JsonNode? Sort(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, Sort(p.Value)))),
        JsonArray a => new JsonArray([.. a.Select(Sort)]),
        _ => node?.DeepClone(),
    };
}
