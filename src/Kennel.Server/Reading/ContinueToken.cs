using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Kennel.Objects.Refusals;

namespace Kennel.Server.Reading;

/// <summary>Where a paged list goes on, and of which snapshot. Opaque to clients; the same shape as upstream's.</summary>
/// <param name="Revision">Of the first page; 0 when the snapshot is lost and the client has accepted that.</param>
/// <param name="After">The last key that was looked at, relative to the collection.</param>
readonly record struct ContinueToken(long Revision, string After)
{
    const string Version = "meta.k8s.io/v1";

    /// <summary>How a token says that its snapshot is lost.</summary>
    const long Inconsistent = -1;

    /// <summary>Longer than any key that we gave out.</summary>
    const int Longest = 2048;

    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(
        $$"""{"v":"{{Version}}","rv":{{(Revision == 0 ? Inconsistent : Revision)}},"start":"{{JsonEncodedText.Encode(After + "\0")}}"}"""));

    public static Result<ContinueToken> Parse(string text)
    {
        if (text.Length > Longest || !Base64Url.IsValid(text)) return Bad("illegal base64 data");
        try
        {
            using var document = JsonDocument.Parse(Base64Url.DecodeFromChars(text));
            return Of(document.RootElement);
        }
        catch (JsonException)
        {
            return Bad("it is not JSON");
        }
    }

    static Result<ContinueToken> Of(JsonElement token)
    {
        if (token.ValueKind != JsonValueKind.Object) return Bad("it is no object");
        if (!token.TryGetProperty("v"u8, out var version) || version.ValueKind != JsonValueKind.String || !version.ValueEquals(Version)) return Bad("server does not recognize this encoded version");
        if (!token.TryGetProperty("rv"u8, out var rv) || rv.ValueKind != JsonValueKind.Number || !rv.TryGetInt64(out var revision) || revision is 0 or < Inconsistent)
            return Bad($"incorrect encoded start resourceVersion (version {Version})");
        if (!token.TryGetProperty("start"u8, out var start) || start.ValueKind != JsonValueKind.String || Text(start) is not { } after || !Clean(after))
            return Bad("invalid encoded start key");
        return new ContinueToken(revision == Inconsistent ? 0 : revision, after.TrimEnd('\0'));
    }

    /// <summary>Null for what is no Unicode.</summary>
    static string? Text(JsonElement e)
    {
        try
        {
            return e.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A key stays inside its collection.</summary>
    static bool Clean(string key) => key.Length > 0 && !key.StartsWith('/') && !key.Split('/').Any(p => p is "" or "." or "..");

    static Refusal Bad(string why) => Refusal.BadRequest($"invalid continue token: continue key is not valid: {why}");
}
