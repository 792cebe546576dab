using System.Text.Json;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Protobuf;

/// <summary>One field as the facts say: its number, and its type or what its map holds.</summary>
sealed record FieldFact(int Number, string Name, string Type, bool Repeated, bool Map);

/// <summary>The messages of the protobuf facts, read when the first protobuf body arrives, and how they meet the schema of the JSON form.</summary>
static class MessageTable
{
    static readonly Lazy<Dictionary<string, FieldFact[]>> s_messages = new(ReadMessages);
    static readonly Lazy<Dictionary<string, HashSet<string>>> s_pointers = new(ReadPointers);
    static readonly Dictionary<(string, Schema?), MessagePlan> s_plans = [];
    static readonly Lock s_gate = new();

    /// <summary>The message of a kind; null when it has no protobuf form.</summary>
    public static MessagePlan? Of(string apiVersion, string kind)
    {
        var slash = apiVersion.IndexOf('/');
        var (group, version) = slash < 0 ? ("", apiVersion) : (apiVersion[..slash], apiVersion[(slash + 1)..]);
        var schema = Catalog.BuiltIn.SchemaOf(group, version, kind);
        var name = schema?.Id is { } id ? Message(id) : $"k8s.io.apimachinery.pkg.apis.meta.{version}.{kind}";
        return (schema is not null || group is "" or "meta.k8s.io") && s_messages.Value.ContainsKey(name) ? Plan(name, schema) : null;
    }

    public static FieldFact[]? Fields(string message) => s_messages.Value.GetValueOrDefault(message);

    /// <summary>A scalar whose Go type is a pointer (its zero is a value, and absence is another), or whose zero Go prints too.</summary>
    public static bool IsPointer(string? definition, string field) => definition is not null && s_pointers.Value.TryGetValue(definition, out var fields) && fields.Contains(field);

    public static MessagePlan Plan(string message, Schema? schema)
    {
        lock (s_gate)
        {
            if (s_plans.TryGetValue((message, schema), out var known)) return known;
            return s_plans[(message, schema)] = new MessagePlan(message, schema ?? Catalog.BuiltIn.FindDefinition(Definition(message)));
        }
    }

    /// <summary>The names of types and messages differ in how they begin and in dashes.</summary>
    static string Message(string definition) => "k8s.io." + definition["io.k8s.".Length..].Replace('-', '_');

    static string Definition(string message) => "io.k8s." + message["k8s.io.".Length..].Replace('_', '-');

    static Dictionary<string, FieldFact[]> ReadMessages()
    {
        using var facts = JsonDocument.Parse(Facts.Read("protobuf.json"));
        var messages = new Dictionary<string, FieldFact[]>();
        foreach (var message in facts.RootElement.EnumerateObject())
            messages[message.Name] = [.. message.Value.EnumerateArray().Select(Field)];
        return messages;
    }

    static FieldFact Field(JsonElement e)
    {
        var map = e.TryGetProperty("map", out var types);
        var type = (map ? types[1] : e.GetProperty("type")).GetString()!;
        return new(e.GetProperty("n").GetInt32(), e.GetProperty("name").GetString()!, type.TrimStart('.'), e.TryGetProperty("repeated", out var repeated) && repeated.GetBoolean(), map);
    }

    static Dictionary<string, HashSet<string>> ReadPointers()
    {
        using var facts = JsonDocument.Parse(Facts.Read("pointers.json"));
        return facts.RootElement.EnumerateObject().ToDictionary(d => d.Name, d => d.Value.EnumerateArray().Select(f => f.GetString()!).ToHashSet());
    }
}
