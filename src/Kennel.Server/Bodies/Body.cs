using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Objects.Decoding;
using Kennel.Objects.Protobuf;
using Kennel.Objects.Refusals;
using Kennel.Objects.Schemas;

namespace Kennel.Server.Bodies;

/// <summary>Step 4: a body in any of the forms that clients send, as JSON text and then as a document of its kind.</summary>
static class Body
{
    const string Accepted = "application/json, application/yaml, application/vnd.kubernetes.protobuf";

    /// <summary>The body as JSON text.</summary>
    public static Result<ReadOnlyMemory<byte>> Text(ApiRequest request)
    {
        switch (MediaType(request.ContentType))
        {
            case "" or "application/json" or "*/*":
                return request.Body;
            case "application/vnd.kubernetes.protobuf":
                var (o, refusal) = ProtobufCodec.Decode(request.Body.Span);
                return refusal is not null ? refusal : new ReadOnlyMemory<byte>(JsonSerializer.SerializeToUtf8Bytes(o));
            case "application/yaml" or "application/x-yaml" or "text/yaml":
                return Yaml.ToJson(request.Body);
            default:
                return Refusal.UnsupportedMediaType($"the body of the request was in an unknown format - accepted media types include: {Accepted}");
        }
    }

    /// <summary>A whole object of a kind, strictly read as far as the client wants it.</summary>
    public static Result<JsonObject> Object(Call call, ResourceType type, Schema schema, string kind, string apiVersion)
    {
        var text = Text(call.Request);
        if (text.Refusal is { } unreadable) return unreadable;
        if (SaidKind.Check(text.Value, kind, apiVersion) is { } other) return other;
        return Judge(call, Decode.Object(text.Value.Span, schema), schema);
    }

    /// <summary>An object of the kind of the path, as it is stored.</summary>
    public static Result<JsonObject> Object(Call call)
    {
        var read = Object(call, call.Asked, call.Asked.Schema, call.Asked.Kind, call.Asked.ApiVersion);
        if (read.Refusal is null) call.View?.ToStored(read.Value);
        return read;
    }

    /// <summary>What <c>fieldValidation</c> makes of unknown and duplicate fields: refuse, warn or say nothing.</summary>
    public static Result<JsonObject> Judge(Call call, Decoded decoded, Schema schema)
    {
        if (decoded.Refusal is { } refusal) return refusal;
        if (decoded.Unknown.IsEmpty) return decoded.Object!;
        switch (call.Query["fieldValidation"])
        {
            case "Strict":
                return decoded.Strict(schema)!;
            case "Ignore":
                break;
            default:
                call.Warnings.AddRange(decoded.Unknown);
                break;
        }
        return decoded.Object!;
    }

    public static string MediaType(string? contentType)
    {
        if (string.IsNullOrEmpty(contentType)) return "";
        var end = contentType.IndexOf(';', StringComparison.Ordinal);
        return (end < 0 ? contentType : contentType[..end]).Trim().ToLowerInvariant();
    }
}
