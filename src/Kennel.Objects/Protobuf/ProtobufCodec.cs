using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;

namespace Kennel.Objects.Protobuf;

/// <summary>Objects in the protobuf form that client-go speaks: <c>k8s\0</c>, then an envelope with the kind and the message's bytes.</summary>
public static class ProtobufCodec
{
    public const string ContentType = "application/vnd.kubernetes.protobuf";

    /// <returns>The object as its JSON would be, or a 400.</returns>
    public static (JsonObject? Object, Refusal? Refusal) Decode(ReadOnlySpan<byte> body) => throw new NotImplementedException();

    /// <summary>One object, list or Status with its envelope. Kinds without a protobuf form (Table, custom resources) give null.</summary>
    public static byte[]? Encode(JsonElement json) => throw new NotImplementedException();

    /// <inheritdoc cref="Encode(JsonElement)"/>
    public static byte[]? Encode(ReadOnlySpan<byte> json) => throw new NotImplementedException();

    /// <summary>The payload of one watch frame: a WatchEvent message without an envelope, around the enveloped object. The server writes the four bytes of length (big endian) before it.</summary>
    public static byte[]? EncodeWatchEvent(string type, ReadOnlySpan<byte> json) => throw new NotImplementedException();
}
