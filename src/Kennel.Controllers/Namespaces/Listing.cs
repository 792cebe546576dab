using System.Text.Json;
using Kennel.Controllers.GarbageCollection;
using Kennel.Objects;
using Kennel.Objects.Meta;

namespace Kennel.Controllers.Namespaces;

/// <summary>Answers of the API, read as far as counting needs.</summary>
static class Listing
{
    /// <summary>The metadata of a page, and how many objects there are with those behind it.</summary>
    public static (long Count, IReadOnlyList<ObjectMeta> Items) Read(ReadOnlySpan<byte> list)
    {
        var reader = new Utf8JsonReader(list, new JsonReaderOptions { MaxDepth = Json.Depth });
        reader.Read();
        Wire.StartObject(ref reader);
        var (behind, items) = (0L, (IReadOnlyList<AnyObject>)[]);
        while (Wire.NextProperty(ref reader))
        {
            var (isItems, isMetadata) = (reader.ValueTextEquals("items"u8), reader.ValueTextEquals("metadata"u8));
            reader.Read();
            if (isItems && reader.TokenType != JsonTokenType.Null) items = Wire.List(ref reader, AnyObject.Read);
            else if (isMetadata && reader.TokenType != JsonTokenType.Null) behind = ListMeta.Read(ref reader).RemainingItemCount ?? 0;
            else reader.Skip();
        }
        return (items.Count + behind, [.. items.Select(i => i.Metadata)]);
    }

    /// <summary>What a refusal says; null when it says nothing readable.</summary>
    public static string? Message(ReadOnlySpan<byte> answer)
    {
        try
        {
            return Json.Read<Status>(answer).Message;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
