using System.Text.Json;
using Kennel.Objects;

namespace Kennel.Controllers.Volumes;

/// <summary>The items of a list answer.</summary>
public static class Listed
{
    public static IReadOnlyList<T> Items<T>(ReadOnlySpan<byte> list) where T : IDocument<T>
    {
        var reader = new Utf8JsonReader(list, new JsonReaderOptions { MaxDepth = Json.Depth });
        reader.Read();
        Wire.StartObject(ref reader);
        while (Wire.NextProperty(ref reader))
        {
            var items = reader.ValueTextEquals("items"u8);
            reader.Read();
            if (items) return reader.TokenType == JsonTokenType.Null ? [] : Wire.List(ref reader, T.Read);
            reader.Skip();
        }
        return [];
    }
}
