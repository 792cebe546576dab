using System.Text.Json;
using Kennel.Objects.Refusals;

namespace Kennel.Server.Bodies;

/// <summary>Whether a body says that it is what the path wants.</summary>
static class SaidKind
{
    /// <summary>Null when kind and apiVersion are missing or fit.</summary>
    public static Refusal? Check(ReadOnlyMemory<byte> json, string kind, string apiVersion)
    {
        var (saidKind, saidVersion) = Of(json.Span);
        if (saidVersion is { Length: > 0 } && saidVersion != apiVersion)
            return Refusal.BadRequest($"the API version in the data ({saidVersion}) does not match the expected API version ({apiVersion})");
        return saidKind is { Length: > 0 } && saidKind != kind
            ? Refusal.BadRequest($"{saidKind} in version \"{apiVersion}\" cannot be handled as a {kind}: the kind in the data ({saidKind}) does not match the expected kind ({kind})")
            : null;
    }

    /// <summary>What a body says of itself; nulls when it says nothing or can't be read.</summary>
    public static (string? Kind, string? ApiVersion) Of(ReadOnlySpan<byte> json)
    {
        string? kind = null, version = null;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = Objects.Json.Depth });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return default;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isKind = reader.ValueTextEquals("kind"u8);
                var isVersion = reader.ValueTextEquals("apiVersion"u8);
                reader.Read();
                if ((isKind || isVersion) && reader.TokenType == JsonTokenType.String) _ = isKind ? kind = reader.GetString() : version = reader.GetString();
                else reader.Skip();
                if (kind is not null && version is not null) break;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return default; // the decoder says what is wrong, in better words
        }
        return (kind, version);
    }
}
