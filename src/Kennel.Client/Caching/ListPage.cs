using System.Text.Json;
using Kennel.Objects;

namespace Kennel.Client.Caching;

/// <summary>One page of a list as it came over the wire.</summary>
/// <param name="Continue">Where the next page starts, or null when this is the last.</param>
sealed record ListPage<T>(List<T> Items, string? ResourceVersion, string? Continue) where T : class, IObject<T>
{
    public static ListPage<T> Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = Json.Depth });
        reader.Read();
        Wire.StartObject(ref reader);
        List<T> items = [];
        string? revision = null, next = null;
        while (Wire.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("items"u8)) ReadItems(ref reader, items);
            else if (reader.ValueTextEquals("metadata"u8)) (revision, next) = ReadMetadata(ref reader);
            else { reader.Read(); reader.Skip(); }
        }
        return new(items, revision, string.IsNullOrEmpty(next) ? null : next);
    }

    static void ReadItems(ref Utf8JsonReader reader, List<T> items)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray) return;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) items.Add(T.Read(ref reader));
    }

    static (string?, string?) ReadMetadata(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) return default;
        string? revision = null, next = null;
        while (Wire.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("resourceVersion"u8)) { reader.Read(); revision = reader.GetString(); }
            else if (reader.ValueTextEquals("continue"u8)) { reader.Read(); next = reader.GetString(); }
            else { reader.Read(); reader.Skip(); }
        }
        return (revision, next);
    }
}
