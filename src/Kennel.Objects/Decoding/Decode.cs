using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Decoding;

/// <summary>An object as its schema knows it, or why it can't be one.</summary>
/// <param name="Object">Holds only known fields, none of them null; null when there is a refusal.</param>
/// <param name="Unknown">Strict problems in upstream's words, in the body's order: <c>unknown field "spec.foo"</c>, <c>duplicate field "spec.bar"</c>.</param>
public sealed record Decoded(JsonObject? Object, Refusal? Refusal, ImmutableArray<string> Unknown)
{
    /// <summary>Which value has the wrong type, without the sentence around it; null when that isn't why it was refused.</summary>
    public string? Problem { get; init; }

    /// <summary>What <c>fieldValidation=Strict</c> answers when there are strict problems; null when there are none.</summary>
    public Refusal? Strict(Schema schema) =>
        Unknown.IsEmpty ? null : Refusal.BadRequest($"{Decode.Cannot(schema)}: strict decoding error: {string.Join(", ", Unknown)}");
}

/// <summary>JSON to documents: one pass over the bytes that checks types and drops what the schema doesn't know.</summary>
public static class Decode
{
    /// <summary>The largest body that is looked at, in bytes: upstream's limit for a request.</summary>
    public const int MaxBytes = 3 * 1024 * 1024;

    /// <summary>Decodes one object. Values come out normalised: quantities and times in canonical form, whole numbers as <c>long</c>.</summary>
    public static Decoded Object(ReadOnlySpan<byte> json, Schema schema)
    {
        if (json.Length > MaxBytes) return Refused(Refusal.TooLarge($"Request entity too large: limit is {MaxBytes}"));
        try
        {
            var decoder = new Decoder(json, schema);
            var read = decoder.ReadRoot();
            return decoder.Problem is { } problem
                ? Refused(Refusal.BadRequest($"{Cannot(schema)}: {problem}")) with { Problem = problem }
                : new Decoded(read, null, decoder.Strict());
        }
        catch (JsonException e)
        {
            return Broken(schema, json.IsEmpty ? "unexpected end of JSON input" : Plain(e), json);
        }
        catch (InvalidOperationException) // how the reader refuses text that is no UTF-8 and lone surrogates in escapes
        {
            return Broken(schema, "a text in it isn't valid Unicode", json);
        }
    }

    /// <summary>Reads JSON without a schema. The last of two equal names wins; such names are listed as <see cref="Decoded.Unknown"/> does.</summary>
    /// <exception cref="JsonException">It isn't JSON, isn't Unicode, or is too deep.</exception>
    public static (JsonNode? Node, ImmutableArray<string> Duplicates) Untyped(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = Json.Depth });
        var twice = new Twice();
        try
        {
            reader.Read();
            var read = Loose.Read(ref reader, twice);
            return reader.Read() ? throw new JsonException("invalid character after top-level value") : (read, twice.Found);
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("a text in it isn't valid Unicode", e);
        }
    }

    /// <summary>Decodes a patched document again: its types are checked, unknown fields dropped and listed. <paramref name="patched"/> stays as it is.</summary>
    public static Decoded Prune(JsonObject patched, Schema schema) => Object(JsonSerializer.SerializeToUtf8Bytes(patched, s_plain), schema);

    /// <summary><c>StatefulSet in version "v1" cannot be handled as a StatefulSet</c>.</summary>
    internal static string Cannot(Schema schema)
    {
        var kind = KindOf(schema);
        return $"{kind} in version \"{VersionOf(schema)}\" cannot be handled as a {kind}";
    }

    static string KindOf(Schema schema) => schema.Id is { } id ? id[(id.LastIndexOf('.') + 1)..] : "Object";

    static string VersionOf(Schema schema) => schema.Id?.Split('.') is { Length: > 1 } parts ? parts[^2] : "v1";

    static Decoded Broken(Schema schema, string why, ReadOnlySpan<byte> json) =>
        Refused(Refusal.BadRequest($"the object provided is unrecognized (must be of type {KindOf(schema)}): couldn't get version/kind; json parse error: {why} ({Beginning(json)})"));

    /// <summary>How a body begins, as upstream shows one that it can't read: as text if it could be JSON, else in hexadecimal.</summary>
    static string Beginning(ReadOnlySpan<byte> json)
    {
        const int shown = 30; // bytes
        if (json.IsEmpty) return "<empty>";
        var start = json[..Math.Min(shown, json.Length)];
        return (json[0] == '{' ? System.Text.Encoding.UTF8.GetString(start) : Convert.ToHexStringLower(start)) + (json.Length > shown ? " ..." : "");
    }

    static Decoded Refused(Refusal refusal) => new(null, refusal, []);

    static string Plain(JsonException e) => e.Message.Split(" LineNumber:", 2)[0] is var text && e.BytePositionInLine is { } at ? $"{text} (line {e.LineNumber + 1}, byte {at})" : e.Message;

    static readonly JsonSerializerOptions s_plain = new() { MaxDepth = Json.Depth, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
