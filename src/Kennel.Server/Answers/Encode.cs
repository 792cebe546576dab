using System.Buffers;
using System.Text.Json;
using Kennel.Objects;
using Kennel.Objects.Protobuf;
using Kennel.Objects.Refusals;
using Kennel.Objects.Schemas;
using Kennel.Objects.Tables;
using Kennel.Server.Routing;

namespace Kennel.Server.Answers;

/// <summary>Step 9: stored bytes to the form that was asked for.</summary>
static class Encode
{
    public const string Json = "application/json";
    public const string Yaml = "application/yaml";
    public const string Protobuf = "application/vnd.kubernetes.protobuf";

    /// <summary>An answer with one object of the route's kind.</summary>
    public static Answer Object(Call call, ReadOnlyMemory<byte> json, int status = 200) => call.Format.Shape switch
    {
        Shape.Table => Finish(call, Table(call, w => w.Row(json), Rv(json)), status),
        Shape.Metadata => Finish(call, Metadata(json), status),
        _ => Finish(call, call.Shown(json), status),
    };

    /// <summary>An answer that has one form only: Status, Scale, reviews.</summary>
    public static Answer Finish(Call call, ReadOnlyMemory<byte> json, int status = 200)
    {
        var answer = new Answer(status, json) { Warnings = call.Warnings };
        return As(answer, call.Format) ?? Answer.Of(Refusal.NotAcceptable("the object has no protobuf form; accept application/json"));
    }

    /// <summary>An answer in JSON, written in the media type that is wanted; null when it has no such form and JSON isn't accepted.</summary>
    public static Answer? As(Answer json, Format format) => format.Media switch
    {
        Media.Protobuf when ProtobufCodec.Encode(json.Body.Span) is { } binary => json with { Body = binary, ContentType = Protobuf },
        Media.Protobuf => format.JsonAccepted ? json : null,
        Media.Yaml => json with { Body = YamlText.Of(json.Body), ContentType = Yaml },
        _ => format.Pretty ? json with { Body = Indented(json.Body) } : json,
    };

    public static byte[] Table(Call call, Action<TableWriter> rows, string? revision = null, string? next = null, long? remaining = null, bool columns = true)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, Objects.Json.Writing))
        {
            var table = new TableWriter(writer, call.Type, call.Parts.Time.GetUtcNow(), call.Format.Include);
            table.Start(columns, revision, next, remaining);
            rows(table);
            table.End();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The <c>PartialObjectMetadata</c> of an object.</summary>
    public static byte[] Metadata(ReadOnlyMemory<byte> json) =>
        [.. """{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":"""u8, .. Slices.Metadata(json).Span, (byte)'}'];

    public static byte[] Status(ResourceType type, string name, string? uid)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, Objects.Json.Writing))
        {
            writer.WriteStartObject();
            writer.WriteString("kind"u8, "Status"u8);
            writer.WriteString("apiVersion"u8, "v1"u8);
            writer.WriteStartObject("metadata"u8);
            writer.WriteEndObject();
            writer.WriteString("status"u8, "Success"u8);
            writer.WriteStartObject("details"u8);
            if (name.Length > 0) writer.WriteString("name"u8, name);
            if (type.Group.Length > 0) writer.WriteString("group"u8, type.Group);
            writer.WriteString("kind"u8, type.Plural);
            if (uid is not null) writer.WriteString("uid"u8, uid);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    public static byte[] Indented(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = Objects.Json.Depth });
        var buffer = new ArrayBufferWriter<byte>(json.Length * 2);
        using (var writer = new Utf8JsonWriter(buffer, Objects.Json.Writing with { Indented = true })) document.WriteTo(writer);
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    static string Rv(ReadOnlyMemory<byte> json) => System.Text.Encoding.ASCII.GetString(json.Span[Slices.ResourceVersion(json.Span)]);
}
