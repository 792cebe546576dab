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

    /// <summary>Compares as text with sorted fields, so that a failure shows what differs.</summary>
    public static string Sorted(JsonNode? node) => Sort(node)?.ToJsonString(new() { WriteIndented = true }) ?? "null";

    static JsonNode? Sort(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, Sort(p.Value)))),
        JsonArray a => new JsonArray([.. a.Select(Sort)]),
        _ => node?.DeepClone(),
    };
}
