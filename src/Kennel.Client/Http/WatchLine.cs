using System.Text.Json;
using Kennel.Objects;

namespace Kennel.Client.Http;

/// <summary>One line of a watch: <c>{"type":"ADDED","object":{…}}</c>.</summary>
static class WatchLine
{
    /// <summary>Bytes: well above the largest object that the API stores.</summary>
    public const int Longest = 8 * 1024 * 1024;

    /// <summary>The event, with the object's own bytes; null for a line that is none.</summary>
    public static WatchEvent? Read(byte[] line)
    {
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = Json.Depth });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
            string? type = null;
            ReadOnlyMemory<byte> item = default;
            while (Wire.NextProperty(ref reader))
            {
                if (reader.ValueTextEquals("type"u8)) { reader.Read(); type = reader.GetString(); }
                else if (reader.ValueTextEquals("object"u8))
                {
                    reader.Read();
                    var start = (int)reader.TokenStartIndex;
                    reader.Skip();
                    item = line.AsMemory(start, (int)reader.BytesConsumed - start);
                }
                else { reader.Read(); reader.Skip(); }
            }
            return type is null || item.IsEmpty ? null : new(type, item);
        }
        catch (Exception cut) when (cut is JsonException or InvalidOperationException)
        {
            throw new ApiUnavailableException("a watch event is no JSON: the stream was cut", cut);
        }
    }
}
