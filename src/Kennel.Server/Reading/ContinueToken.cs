using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Kennel.Objects.Refusals;

namespace Kennel.Server.Reading;

/// <summary>Where a paged list goes on, and of which snapshot. Opaque to clients.</summary>
/// <param name="Revision">Of the first page; 0 when the snapshot is lost and the client has accepted that.</param>
/// <param name="After">The last key that was looked at, relative to the collection.</param>
readonly record struct ContinueToken(long Revision, string After)
{
    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(
        $$"""{"v":"meta.k8s.io/v1","rv":{{Revision}},"start":"{{JsonEncodedText.Encode(After)}}"}"""));

    public static Result<ContinueToken> Parse(string text)
    {
        var bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (!Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, bytes, out var length)) return Bad("it is not base64");
        var reader = new Utf8JsonReader(bytes.AsSpan(0, length));
        if (!JsonDocument.TryParseValue(ref reader, out var document)) return Bad("it is not JSON");
        using (document)
            return document.RootElement is { ValueKind: JsonValueKind.Object } o
                && o.TryGetProperty("rv"u8, out var rv) && rv.TryGetInt64(out var revision)
                && o.TryGetProperty("start"u8, out var start) && start.GetString() is { } after
                    ? new ContinueToken(revision, after)
                    : Bad("its fields are missing");
    }

    static Refusal Bad(string why) => Refusal.BadRequest($"continue key is not valid: {why}");
}
