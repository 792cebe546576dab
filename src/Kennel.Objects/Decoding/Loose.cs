using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kennel.Objects.Decoding;

/// <summary>Values that no schema describes (revision data, fieldsV1, raw extensions, patches): kept as given, nulls too; the last of two equal names wins.</summary>
static class Loose
{
    /// <param name="twice">Gets the paths of names that are said more than once; null when nobody asks.</param>
    public static JsonNode? Read(ref Utf8JsonReader reader, Twice? twice = null)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject: return Map(ref reader, twice);
            case JsonTokenType.StartArray: return List(ref reader, twice);
            case JsonTokenType.String: return JsonValue.Create(reader.GetString());
            case JsonTokenType.True: return JsonValue.Create(true);
            case JsonTokenType.False: return JsonValue.Create(false);
            case JsonTokenType.Number: return Number(ref reader);
            default: return null;
        }
    }

    static JsonObject Map(ref Utf8JsonReader reader, Twice? twice)
    {
        var map = new JsonObject();
        twice?.Trail.Enter(null);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            twice?.Trail.At(name);
            if (map.ContainsKey(name)) twice?.Note();
            reader.Read();
            map[name] = Read(ref reader, twice);
        }
        twice?.Trail.Leave();
        return map;
    }

    static JsonArray List(ref Utf8JsonReader reader, Twice? twice)
    {
        var list = new JsonArray();
        twice?.Trail.Enter(null);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            twice?.Trail.At(list.Count);
            list.Add(Read(ref reader, twice));
        }
        twice?.Trail.Leave();
        return list;
    }

    static JsonValue? Number(ref Utf8JsonReader reader)
    {
        if (reader.TryGetInt64(out var whole)) return JsonValue.Create(whole);
        using var raw = JsonDocument.ParseValue(ref reader); // keeps the digits as they were written
        return JsonValue.Create(raw.RootElement.Clone());
    }
}

/// <summary>Names that a document says more than once.</summary>
sealed class Twice
{
    /// <summary>Upstream's limit of strict problems.</summary>
    const int Most = 100;

    readonly List<string> _found = [];

    public Trail Trail { get; } = new();

    public ImmutableArray<string> Found => [.. _found];

    public void Note()
    {
        var line = $"duplicate field \"{Trail}\"";
        if (_found.Count < Most && !_found.Contains(line)) _found.Add(line);
    }
}
