using System.Globalization;
using System.Text.Json;

namespace Kennel.Objects;

/// <summary>What the generated readers and writers share: values on the wire and deep equality.</summary>
public static class Wire
{
    public delegate T Reading<out T>(ref Utf8JsonReader reader);

    const string Seconds = "yyyy-MM-dd'T'HH:mm:ss'Z'";
    const string Microseconds = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    public static void StartObject(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException($"expected an object, found {reader.TokenType}");
    }

    public static bool NextProperty(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.PropertyName;
    }

    public static string String(ref Utf8JsonReader reader) =>
        reader.ValueSpan.Length == 0 ? "" : reader.TokenType == JsonTokenType.String ? reader.GetString()! : System.Text.Encoding.UTF8.GetString(reader.ValueSpan);

    public static int Int(ref Utf8JsonReader reader) => checked((int)Long(ref reader));

    public static long Long(ref Utf8JsonReader reader) => reader.TryGetInt64(out var n) ? n : checked((long)reader.GetDouble());

    public static DateTimeOffset Time(ref Utf8JsonReader reader) => Time(reader.GetString()!);

    public static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    /// <summary>A time as the API writes it: UTC, whole seconds.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString(Seconds, CultureInfo.InvariantCulture);

    public static void WriteTime(Utf8JsonWriter writer, DateTimeOffset time) => writer.WriteStringValue(Time(time));

    public static void WriteMicroTime(Utf8JsonWriter writer, DateTimeOffset time) =>
        writer.WriteStringValue(time.UtcDateTime.ToString(Microseconds, CultureInfo.InvariantCulture));

    public static IReadOnlyList<T> List<T>(ref Utf8JsonReader reader, Reading<T> item)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException($"expected an array, found {reader.TokenType}");
        List<T>? items = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) (items ??= []).Add(item(ref reader));
        return items is null ? [] : items.ToArray();
    }

    public static IReadOnlyDictionary<string, T> Map<T>(ref Utf8JsonReader reader, Reading<T> item)
    {
        StartObject(ref reader);
        Dictionary<string, T>? items = null;
        while (NextProperty(ref reader))
        {
            var key = reader.GetString()!;
            if (reader.Read() && reader.TokenType == JsonTokenType.Null) continue; // a time that upstream writes as null
            (items ??= new(StringComparer.Ordinal))[key] = item(ref reader);
        }
        return items ?? NoMap<T>();
    }

    public static IReadOnlyDictionary<string, T> NoMap<T>() => None<T>.Map;

    public static void WriteList<T>(Utf8JsonWriter writer, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        writer.WriteStartArray();
        for (var i = 0; i < items.Count; i++) write(writer, items[i]);
        writer.WriteEndArray();
    }

    public static void WriteMap<T>(Utf8JsonWriter writer, IReadOnlyDictionary<string, T> items, Action<Utf8JsonWriter, T> write)
    {
        writer.WriteStartObject();
        foreach (var (key, value) in items)
        {
            writer.WritePropertyName(key);
            write(writer, value);
        }
        writer.WriteEndObject();
    }

    public static bool Same<T>(IReadOnlyList<T> a, IReadOnlyList<T> b) => Same(a, b, EqualityComparer<T>.Default.Equals);

    public static bool Same<T>(IReadOnlyList<T> a, IReadOnlyList<T> b, Func<T, T, bool> equal)
    {
        if (ReferenceEquals(a, b)) return true;
        if (a.Count != b.Count) return false;
        for (var i = 0; i < a.Count; i++) if (!equal(a[i], b[i])) return false;
        return true;
    }

    public static bool Same<T>(IReadOnlyDictionary<string, T> a, IReadOnlyDictionary<string, T> b) => Same(a, b, EqualityComparer<T>.Default.Equals);

    public static bool Same<T>(IReadOnlyDictionary<string, T> a, IReadOnlyDictionary<string, T> b, Func<T, T, bool> equal)
    {
        if (ReferenceEquals(a, b)) return true;
        if (a.Count != b.Count) return false;
        foreach (var (key, value) in a) if (!b.TryGetValue(key, out var other) || !equal(value, other)) return false;
        return true;
    }

    static class None<T>
    {
        public static readonly IReadOnlyDictionary<string, T> Map = new Dictionary<string, T>(0, StringComparer.Ordinal);
    }
}
