using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kennel.Objects.Applying;

/// <summary>
/// fieldsV1: <c>{"f:spec":{"f:replicas":{},"f:template":{".":{}, …}}}</c>. A dot says that the step itself is a member.
/// Read from and written to bytes: a tree of JSON nodes for it would cost more than everything else in a write.
/// </summary>
public static class FieldSetJson
{
    /// <summary>No object is as deep; what is deeper isn't a set of fields.</summary>
    const int Deepest = 128;

    /// <returns>Null when it isn't a set of fields.</returns>
    public static FieldSet? Read(JsonNode? json) => json is JsonObject ? Read(Bytes(json)) : null;

    /// <inheritdoc cref="Read(JsonNode?)"/>
    public static FieldSet? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = Deepest });
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject ? Read(ref reader, out _) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static FieldSet? Read(ref Utf8JsonReader reader, out bool member)
    {
        FieldSet? set = null;
        var dot = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("."u8))
            {
                dot = true;
                reader.Read();
                reader.Skip();
                continue;
            }
            var element = Element(ref reader);
            if (element is null || !reader.Read() || reader.TokenType != JsonTokenType.StartObject || Read(ref reader, out var own) is not { } below)
            {
                member = false;
                return null;
            }
            (set ??= new([])).Put(element.Value, own, below);
        }
        member = dot || set is null;
        return set ?? FieldSet.Empty;
    }

    static PathElement? Element(ref Utf8JsonReader reader)
    {
        var name = reader.ValueSpan;
        if (!reader.ValueIsEscaped && name.StartsWith("f:"u8)) return PathElement.Field(Encoding.UTF8.GetString(name[2..]));
        return PathElement.Parse(reader.GetString()!);
    }

    public static JsonObject Write(FieldSet set)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, Json.Writing)) Write(writer, set, false);
        return (JsonObject)JsonNode.Parse(buffer.WrittenSpan)!;
    }

    static void Write(Utf8JsonWriter writer, FieldSet set, bool member)
    {
        writer.WriteStartObject();
        if (member)
        {
            writer.WriteStartObject("."u8);
            writer.WriteEndObject();
        }
        foreach (var entry in set.Entries)
        {
            writer.WritePropertyName(entry.Element.Name);
            if (entry.Below is not null) Write(writer, entry.Below, entry.Member);
            else
            {
                writer.WriteStartObject();
                writer.WriteEndObject();
            }
        }
        writer.WriteEndObject();
    }

    /// <summary>A node as it was read, without making a tree of it.</summary>
    internal static ReadOnlySpan<byte> Bytes(JsonNode node)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Json.Writing)) node.WriteTo(writer);
        return buffer.WrittenSpan;
    }
}
