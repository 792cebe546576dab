using System.Buffers;
using System.Text.Json;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Documents;

/// <summary>The definitions of all types, as OpenAPI version 2 has them, with what they mean.</summary>
sealed class Definitions
{
    const string Prefix = "#/definitions/";

    readonly JsonElement _all;

    public Definitions()
    {
        using var facts = JsonDocument.Parse(Facts.Read("types.json"));
        _all = JsonDocument.Parse(Described(facts.RootElement.GetProperty("definitions"))).RootElement;
    }

    public JsonElement this[string id] => _all.GetProperty(id);

    /// <summary>What the kinds of these groups and versions are made of, by name.</summary>
    public SortedSet<string> Closure(Func<string, string, bool> wanted)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>();
        foreach (var definition in _all.EnumerateObject())
            if (definition.Value.TryGetProperty("x-kubernetes-group-version-kind", out var kinds)
                && kinds.EnumerateArray().Any(k => wanted(k.GetProperty("group").GetString()!, k.GetProperty("version").GetString()!))) open.Push(definition.Name);
        while (open.TryPop(out var id))
            if (found.Add(id)) Refs(_all.GetProperty(id), open);
        return found;
    }

    /// <summary>The name that a reference points to.</summary>
    public static string Target(JsonElement reference) => reference.GetString()![Prefix.Length..];

    static void Refs(JsonElement e, Stack<string> open)
    {
        if (e.ValueKind == JsonValueKind.Array) foreach (var item in e.EnumerateArray()) Refs(item, open);
        if (e.ValueKind != JsonValueKind.Object) return;
        foreach (var p in e.EnumerateObject())
        {
            if (p.NameEquals("$ref") && p.Value.ValueKind == JsonValueKind.String) open.Push(Target(p.Value));
            else Refs(p.Value, open);
        }
    }

    static byte[] Described(JsonElement definitions)
    {
        var words = Descriptions.Read();
        var buffer = new ArrayBufferWriter<byte>(1 << 20);
        using (var writer = new Utf8JsonWriter(buffer, Json.Writing))
        {
            writer.WriteStartObject();
            foreach (var definition in definitions.EnumerateObject())
            {
                writer.WritePropertyName(definition.Name);
                Definition(writer, definition, words);
            }
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    static void Definition(Utf8JsonWriter writer, JsonProperty definition, IReadOnlyDictionary<string, Dictionary<string, string>> words)
    {
        writer.WriteStartObject();
        if (Descriptions.Of(words, definition.Name, null) is { } own) writer.WriteString("description"u8, own);
        foreach (var part in definition.Value.EnumerateObject())
        {
            writer.WritePropertyName(part.Name);
            if (!part.NameEquals("properties"))
            {
                part.Value.WriteTo(writer);
                continue;
            }
            writer.WriteStartObject();
            foreach (var field in part.Value.EnumerateObject())
            {
                writer.WriteStartObject(field.Name);
                if (Descriptions.Of(words, definition.Name, field.Name) is { } text) writer.WriteString("description"u8, text);
                foreach (var fact in field.Value.EnumerateObject()) fact.WriteTo(writer);
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }
}
