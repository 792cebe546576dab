using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;

namespace Kennel.Objects.Protobuf;

/// <summary>Objects in the protobuf form that client-go speaks: <c>k8s\0</c>, then an envelope with the kind and the message's bytes.</summary>
public static class ProtobufCodec
{
    public const string ContentType = "application/vnd.kubernetes.protobuf";

    static ReadOnlySpan<byte> Magic => "k8s\0"u8;

    /// <summary>Whether bytes begin as an envelope does.</summary>
    public static bool IsProtobuf(ReadOnlySpan<byte> body) => body.StartsWith(Magic);

    /// <returns>The object as its JSON would be, <c>apiVersion</c> and <c>kind</c> first; or a 400 for what can't be read.</returns>
    public static (JsonObject? Object, Refusal? Refusal) Decode(ReadOnlySpan<byte> body)
    {
        if (!IsProtobuf(body)) return (null, Refusal.BadRequest("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]"));
        try
        {
            // Parsed once more, so that numbers are like those of a JSON body for whoever reads the tree.
            return ((JsonObject)JsonNode.Parse(JsonSerializer.SerializeToUtf8Bytes(Read(body)))!, null);
        }
        catch (WireException e)
        {
            return (null, Refusal.BadRequest($"the body of the request could not be decoded from protobuf: {e.Message}"));
        }
    }

    /// <summary>One object, list or Status with its envelope. Null for what has no protobuf form: tables, custom resources and their definitions.</summary>
    public static byte[]? Encode(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || Text(json, "apiVersion") is not { } version || Text(json, "kind") is not { } kind) return null;
        if (MessageTable.Of(version, kind) is not { } plan) return null;
        var writer = new WireWriter();
        writer.Raw(Magic);
        var types = writer.Begin(1);
        writer.Text(1, version);
        writer.Text(2, kind);
        writer.End(types);
        var raw = writer.Begin(2);
        if (!MessageWriter.Write(writer, json, plan)) return null;
        writer.End(raw);
        writer.Text(3, "");
        writer.Text(4, "");
        return writer.ToArray();
    }

    /// <inheritdoc cref="Encode(JsonElement)"/>
    public static byte[]? Encode(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = Json.Depth });
        using var document = JsonDocument.ParseValue(ref reader);
        return Encode(document.RootElement);
    }

    /// <summary>The payload of one watch frame: a WatchEvent message without an envelope, around the enveloped object. The server writes the four bytes of length (big endian) before it.</summary>
    public static byte[]? EncodeWatchEvent(string type, ReadOnlySpan<byte> json)
    {
        if (Encode(json) is not { } inner) return null;
        var writer = new WireWriter(inner.Length + 32);
        writer.Text(1, type);
        var extension = writer.Begin(2);
        writer.Bytes(1, inner);
        writer.End(extension);
        return writer.ToArray();
    }

    /// <exception cref="WireException">It can't be read.</exception>
    internal static JsonObject Read(ReadOnlySpan<byte> body)
    {
        string version = "", kind = "";
        ReadOnlySpan<byte> raw = [];
        var reader = new WireReader(body[Magic.Length..]);
        while (!reader.AtEnd)
        {
            var (number, type) = reader.Tag();
            if (number == 1) (version, kind) = TypeMeta(reader.Bytes());
            else if (number == 2) raw = reader.Bytes();
            else reader.Skip(type);
        }
        if (MessageTable.Of(version, kind) is not { } plan) throw new WireException($"no kind \"{kind}\" is registered for version \"{version}\"");
        var made = new JsonObject { ["apiVersion"] = version, ["kind"] = kind };
        MessageReader.Read(raw, plan, made);
        return made;
    }

    static (string Version, string Kind) TypeMeta(ReadOnlySpan<byte> bytes)
    {
        string version = "", kind = "";
        var reader = new WireReader(bytes);
        while (!reader.AtEnd)
        {
            var (number, type) = reader.Tag();
            if (number == 1 && type == WireReader.Delimited) version = reader.Text();
            else if (number == 2 && type == WireReader.Delimited) kind = reader.Text();
            else reader.Skip(type);
        }
        return (version, kind);
    }

    static string? Text(JsonElement o, string name) => o.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
