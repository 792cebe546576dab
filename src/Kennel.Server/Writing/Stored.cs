using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Objects;
using Kennel.Objects.Schemas;

namespace Kennel.Server.Writing;

/// <summary>
/// The stored form of an object: compact JSON, kind and metadata first, with a gap where the store puts its revision.
/// <see cref="Parse"/> reads it back.
/// </summary>
static class Stored
{
    static readonly string[] s_order = ["name", "generateName", "namespace", "uid"];

    [ThreadStatic]
    static ArrayBufferWriter<byte>? t_buffer;

    [ThreadStatic]
    static Utf8JsonWriter? t_writer;

    /// <param name="StampAt">Where the digits of the revision belong.</param>
    public readonly record struct Form(byte[] Bytes, int StampAt);

    public static Form Write(JsonObject o, ResourceType type)
    {
        var buffer = t_buffer ??= new ArrayBufferWriter<byte>(8192);
        buffer.ResetWrittenCount();
        var writer = t_writer ??= new Utf8JsonWriter(buffer, Json.Writing with { MaxDepth = Json.Depth });
        writer.Reset(buffer);
        writer.WriteStartObject();
        writer.WriteString("kind"u8, type.Kind);
        writer.WriteString("apiVersion"u8, type.ApiVersion);
        var stampAt = WriteMetadata(writer, o["metadata"]!.AsObject());
        foreach (var (name, value) in o)
        {
            if (name is "kind" or "apiVersion" or "metadata" || value is null) continue;
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }
        writer.WriteEndObject();
        writer.Flush();
        var bytes = buffer.WrittenSpan.ToArray();
        if (buffer.Capacity > 1 << 20) (t_buffer, t_writer) = (null, null); // one huge object must not be kept by every thread
        return new(bytes, stampAt);
    }

    /// <summary>The bytes as a store would stamp them, for answers to dry runs.</summary>
    public static byte[] Stamped(Form form, string revision)
    {
        if (revision.Length > 0) return [.. form.Bytes.AsSpan(0, form.StampAt), .. System.Text.Encoding.ASCII.GetBytes(revision), .. form.Bytes.AsSpan(form.StampAt)];
        // An object that was never stored has no revision at all.
        var without = form.Bytes.AsSpan();
        var name = "\"resourceVersion\":\"\","u8;
        var start = without[..(form.StampAt + 2)].LastIndexOf("\"resourceVersion\""u8);
        return without[start..].StartsWith(name) ? [.. without[..start], .. without[(start + name.Length)..]] : form.Bytes;
    }

    public static JsonObject Parse(ReadOnlyMemory<byte> json) =>
        JsonNode.Parse(json.Span, documentOptions: new JsonDocumentOptions { MaxDepth = Json.Depth })!.AsObject();

    static int WriteMetadata(Utf8JsonWriter writer, JsonObject metadata)
    {
        writer.WriteStartObject("metadata"u8);
        foreach (var name in s_order) Write(writer, name, metadata[name]);
        writer.WriteString("resourceVersion"u8, ""u8);
        var stampAt = checked((int)(writer.BytesCommitted + writer.BytesPending)) - 1;
        foreach (var (name, value) in metadata)
            if (name != "resourceVersion" && name != "managedFields" && !s_order.Contains(name)) Write(writer, name, value);
        Write(writer, "managedFields", metadata["managedFields"]);
        writer.WriteEndObject();
        return stampAt;
    }

    static void Write(Utf8JsonWriter writer, string name, JsonNode? value)
    {
        if (value is null) return;
        writer.WritePropertyName(name);
        value.WriteTo(writer);
    }
}
