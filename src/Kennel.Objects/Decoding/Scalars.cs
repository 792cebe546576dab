using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Decoding;

/// <summary>Single values by their schema. Null with no problem means "wrong type"; a problem says what is wrong with a value of the right type.</summary>
static class Scalars
{
    public static JsonValue? Read(ref Utf8JsonReader reader, Schema schema, out string? problem)
    {
        problem = null;
        return (schema.Type, reader.TokenType) switch
        {
            (SchemaType.String, JsonTokenType.String) => Text(reader.GetString()!, schema, out problem),
            (SchemaType.String, JsonTokenType.Number) when schema.Format == "quantity" => Quantity(Encoding.UTF8.GetString(reader.ValueSpan), out problem),
            (SchemaType.Integer, JsonTokenType.Number) => Integer(ref reader, schema.Format),
            (SchemaType.Number, JsonTokenType.Number) => JsonValue.Create(reader.GetDouble()),
            (SchemaType.Boolean, JsonTokenType.True) => JsonValue.Create(true),
            (SchemaType.Boolean, JsonTokenType.False) => JsonValue.Create(false),
            (SchemaType.IntOrString, JsonTokenType.String) => JsonValue.Create(reader.GetString()!),
            (SchemaType.IntOrString, JsonTokenType.Number) => Integer(ref reader, "int32"),
            _ => null,
        };
    }

    static JsonValue? Text(string text, Schema schema, out string? problem)
    {
        problem = null;
        return schema.Format switch
        {
            null => JsonValue.Create(text),
            "quantity" => Quantity(text.Trim(), out problem),
            "date-time" => Time(text, schema.Id is { } id && id.EndsWith(".MicroTime", StringComparison.Ordinal), out problem),
            "byte" => Bytes(text, out problem),
            _ => JsonValue.Create(text),
        };
    }

    /// <summary>Whole numbers within the format; <c>1.0</c> and <c>1e3</c> count as whole.</summary>
    static JsonValue? Integer(ref Utf8JsonReader reader, string? format)
    {
        if (!reader.TryGetInt64(out var whole))
        {
            if (!reader.TryGetDouble(out var number) || number != Math.Floor(number) || Math.Abs(number) > 1L << 53) return null;
            whole = (long)number;
        }
        return format == "int32" && whole is < int.MinValue or > int.MaxValue ? null : JsonValue.Create(whole);
    }

    static JsonValue? Quantity(string text, out string? problem)
    {
        problem = null;
        if (IsCanonical(text)) return JsonValue.Create(text);
        return Quantities.Quantity.TryParse(text, out _, out problem) ? JsonValue.Create(Quantities.Quantity.Canonical(text)) : null;
    }

    /// <summary>The common case, which needs no arithmetic: up to three digits and one of the usual suffixes.</summary>
    static bool IsCanonical(string text)
    {
        var digits = 0;
        while (digits < text.Length && char.IsAsciiDigit(text[digits])) digits++;
        return digits is > 0 and <= 3 && text[0] != '0' && text.AsSpan(digits) is "" or "Ki" or "Mi" or "Gi" or "Ti" or "m" or "k" or "M" or "G";
    }

    static JsonValue? Time(string text, bool micro, out string? problem)
    {
        problem = null;
        if (text.Length == 0) { problem = Unparsable(text); return null; }
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) || !text.Contains('T'))
        {
            problem = Unparsable(text);
            return null;
        }
        return JsonValue.Create(micro ? time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture) : Wire.Time(time));
    }

    static string Unparsable(string text) => $"parsing time \"{text}\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"{text}\" as \"2006\"";

    static JsonValue? Bytes(string text, out string? problem)
    {
        problem = null;
        if (Base64.IsValid(text)) return JsonValue.Create(text);
        problem = $"illegal base64 data at input byte {FirstBad(text)}";
        return null;
    }

    static int FirstBad(string text)
    {
        for (var i = 0; i < text.Length; i++)
            if (!char.IsAsciiLetterOrDigit(text[i]) && text[i] is not ('+' or '/' or '=' or '\r' or '\n')) return i;
        return text.Length - text.Length % 4;
    }
}
