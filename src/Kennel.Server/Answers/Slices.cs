using System.Text.Json;

namespace Kennel.Server.Answers;

/// <summary>Finds parts of a stored object in its bytes, without building a tree.</summary>
static class Slices
{
    /// <summary>The bytes of <c>metadata</c> of an object; empty when there is none.</summary>
    public static ReadOnlyMemory<byte> Metadata(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = Objects.Json.Depth });
        if (!Enter(ref reader, "metadata"u8)) return default;
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return json[start..(int)reader.BytesConsumed];
    }

    /// <summary>The value of <c>metadata.resourceVersion</c> without its quotes; an empty range at 0 when there is none.</summary>
    public static Range ResourceVersion(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = Objects.Json.Depth });
        if (!Enter(ref reader, "metadata"u8) || !Enter(ref reader, "resourceVersion"u8)) return default;
        return ((int)reader.TokenStartIndex + 1)..((int)reader.BytesConsumed - 1);
    }

    /// <summary>The same object without the digits of its revision, and where new ones belong.</summary>
    public static (byte[] Bytes, int StampAt) Unstamped(ReadOnlySpan<byte> json)
    {
        var (start, length) = ResourceVersion(json).GetOffsetAndLength(json.Length);
        if (start == 0) return (json.ToArray(), -1);
        var bytes = new byte[json.Length - length];
        json[..start].CopyTo(bytes);
        json[(start + length)..].CopyTo(bytes.AsSpan(start));
        return (bytes, start);
    }

    /// <summary>The same object with another revision.</summary>
    public static byte[] Restamped(ReadOnlySpan<byte> json, long revision)
    {
        var (start, length) = ResourceVersion(json).GetOffsetAndLength(json.Length);
        if (start == 0) return json.ToArray();
        var digits = System.Text.Encoding.ASCII.GetBytes(revision.ToString());
        var bytes = new byte[json.Length - length + digits.Length];
        json[..start].CopyTo(bytes);
        digits.CopyTo(bytes, start);
        json[(start + length)..].CopyTo(bytes.AsSpan(start + digits.Length));
        return bytes;
    }

    /// <summary>Stands on the value of a field of the object that comes next; false when it has no such field.</summary>
    static bool Enter(ref Utf8JsonReader reader, ReadOnlySpan<byte> field)
    {
        if (reader.TokenType != JsonTokenType.StartObject && (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)) return false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(field);
            reader.Read();
            if (found) return true;
            reader.Skip();
        }
        return false;
    }
}
