using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kennel.Objects.Decoding;

/// <summary>Values that no schema describes (revision data, fieldsV1, raw extensions): kept as given, nulls too; the last of two equal names wins.</summary>
static class Loose
{
    public static JsonNode? Read(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var map = new JsonObject();
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var name = reader.GetString()!;
                    reader.Read();
                    map[name] = Read(ref reader);
                }
                return map;
            case JsonTokenType.StartArray:
                var list = new JsonArray();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) list.Add(Read(ref reader));
                return list;
            case JsonTokenType.String: return JsonValue.Create(reader.GetString());
            case JsonTokenType.True: return JsonValue.Create(true);
            case JsonTokenType.False: return JsonValue.Create(false);
            case JsonTokenType.Number: return Number(ref reader);
            default: return null;
        }
    }

    static JsonValue? Number(ref Utf8JsonReader reader)
    {
        if (reader.TryGetInt64(out var whole)) return JsonValue.Create(whole);
        using var raw = JsonDocument.ParseValue(ref reader); // keeps the digits as they were written
        return JsonValue.Create(raw.RootElement.Clone());
    }
}
