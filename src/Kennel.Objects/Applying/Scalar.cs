using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kennel.Objects.Applying;

/// <summary>A value that identifies an item of a list, ordered as upstream orders them: numbers, texts, booleans, null.</summary>
readonly struct Scalar(byte rank, double number, string? text, string json) : IComparable<Scalar>, IEquatable<Scalar>
{
    static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly byte _rank = rank;
    readonly double _number = number;
    readonly string? _text = text;

    public string Json { get; } = json;

    public static Scalar Of(string text) => new(1, 0, text, Quoted(text));

    public static Scalar Of(int number) => new(0, number, null, number.ToString(CultureInfo.InvariantCulture));

    public static Scalar Of(JsonNode? node)
    {
        if (node is JsonValue value)
        {
            if (value.TryGetValue<string>(out var text)) return Of(text);
            if (value.TryGetValue<int>(out var number)) return Of(number);
            if (value.TryGetValue<bool>(out var flag)) return new(2, flag ? 1 : 0, null, flag ? "true" : "false");
            if (value.GetValueKind() == JsonValueKind.Number) return new(0, double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture), null, value.ToJsonString());
        }
        return node is null ? new(4, 0, null, "null") : new(3, 0, null, node.ToJsonString(s_plain));
    }

    /// <summary>From JSON text; null when it isn't a scalar.</summary>
    public static Scalar? Parse(string json)
    {
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
            return reader.Read() ? Of(ref reader) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The keys of an item in the order of their names; null when the text isn't an object of scalars.</summary>
    public static (string Name, Scalar Value)[]? ParseKeys(string json)
    {
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
            var parts = new List<(string Name, Scalar Value)>(2);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                reader.Read();
                if (Of(ref reader) is not { } value) return null;
                parts.Add((name, value));
            }
            parts.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
            return parts.Count == 0 ? null : [.. parts];
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static Scalar? Of(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => Of(reader.GetString()!),
        JsonTokenType.Number when reader.TryGetInt32(out var number) => Of(number),
        JsonTokenType.Number => new(0, reader.GetDouble(), null, Encoding.UTF8.GetString(reader.ValueSpan)),
        JsonTokenType.True => new(2, 1, null, "true"),
        JsonTokenType.False => new(2, 0, null, "false"),
        JsonTokenType.Null => new(4, 0, null, "null"),
        _ => null,
    };

    public static string Quoted(string text)
    {
        foreach (var c in text) if (c is '"' or '\\' or < ' ' or > '~') return JsonSerializer.Serialize(text, s_plain);
        return $"\"{text}\"";
    }

    public bool Equals(Scalar other) => Json == other.Json;

    public override bool Equals(object? obj) => obj is Scalar other && Equals(other);

    public override int GetHashCode() => Json.GetHashCode(StringComparison.Ordinal);

    public int CompareTo(Scalar other) =>
        _rank != other._rank ? _rank.CompareTo(other._rank)
        : _rank == 1 ? string.CompareOrdinal(_text, other._text)
        : _rank == 3 ? string.CompareOrdinal(Json, other.Json)
        : _number.CompareTo(other._number);
}
