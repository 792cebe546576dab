using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kennel.Objects.Protobuf;

/// <summary>
/// A message to its JSON form. Go's generated code writes every field that isn't a pointer, set or not, so a zero in an optional field that isn't
/// known to be a pointer means "unset" and is dropped; pointers (from <c>Facts/pointers.json</c>) and required fields keep their zeros. Messages keep
/// their place even when empty: <c>emptyDir: {}</c>.
/// </summary>
static class MessageReader
{
    const int Deepest = 64;

    public static void Read(ReadOnlySpan<byte> bytes, MessagePlan plan, JsonObject into, int depth = 0)
    {
        if (depth > Deepest) throw new WireException("proto: nested too deeply");
        var reader = new WireReader(bytes);
        while (!reader.AtEnd)
        {
            var (number, type) = reader.Tag();
            if (plan[number] is not { } field) reader.Skip(type);
            else if (field.Map) Entry(reader.Bytes(), field, into, depth);
            else if (field.Repeated) Repeated(ref reader, type, field, into, depth);
            else if (field.Inline) Read(reader.Bytes(), field.Message, into, depth + 1);
            else if (field.Kind == WireKind.Message) Merge(reader.Bytes(), field, into, depth);
            else if (Value(ref reader, type, field, depth, field.KeepZero) is { } value) into[field.Json] = value;
        }
    }

    static void Merge(ReadOnlySpan<byte> bytes, FieldPlan field, JsonObject into, int depth)
    {
        if (into[field.Json] is not JsonObject inner) into[field.Json] = inner = [];
        Read(bytes, field.Message, inner, depth + 1);
    }

    static void Repeated(ref WireReader reader, int type, FieldPlan field, JsonObject into, int depth)
    {
        if (into[field.Json] is not JsonArray list) into[field.Json] = list = [];
        if (type == WireReader.Delimited && field.Kind is WireKind.Int or WireKind.Bool && type == WireReader.Delimited)
        {
            var packed = new WireReader(reader.Bytes());
            while (!packed.AtEnd) list.Add(Value(ref packed, WireReader.Varint, field, depth, keepZero: true));
        }
        else list.Add(Value(ref reader, type, field, depth, keepZero: true));
    }

    static void Entry(ReadOnlySpan<byte> bytes, FieldPlan field, JsonObject into, int depth)
    {
        if (into[field.Json] is not JsonObject map) into[field.Json] = map = [];
        var key = "";
        JsonNode? value = null;
        var reader = new WireReader(bytes);
        while (!reader.AtEnd)
        {
            var (number, type) = reader.Tag();
            if (number == 1) key = reader.Text();
            else if (number == 2) value = Value(ref reader, type, field, depth, keepZero: true);
            else reader.Skip(type);
        }
        map[key] = value ?? field.Kind switch { WireKind.String or WireKind.Bytes => "", WireKind.Message => new JsonObject(), WireKind.Quantity => "0", _ => null };
    }

    static JsonNode? Value(ref WireReader reader, int type, FieldPlan field, int depth, bool keepZero)
    {
        if (type != Expected(field.Kind)) throw new WireException($"proto: wrong wireType = {type} for field {field.Json}");
        switch (field.Kind)
        {
            case WireKind.Int:
                return reader.Signed() is var n && (n != 0 || keepZero) ? JsonValue.Create(n) : null;
            case WireKind.Bool:
                return reader.Unsigned() is var b && (b != 0 || keepZero) ? JsonValue.Create(b != 0) : null;
            case WireKind.Double:
                return reader.Double() is var d && (d != 0 || keepZero) ? JsonValue.Create(d) : null;
            case WireKind.String:
                return reader.Text() is var s && (s.Length > 0 || keepZero) ? JsonValue.Create(s) : null;
            case WireKind.Bytes:
                return reader.Bytes() is var raw && (raw.Length > 0 || keepZero) ? JsonValue.Create(Convert.ToBase64String(raw)) : null;
            case WireKind.Raw:
                return Raw(reader.Bytes());
            case WireKind.Message:
                var made = new JsonObject();
                Read(reader.Bytes(), field.Message, made, depth + 1);
                return made;
            case WireKind.Items:
                var items = new JsonObject();
                Read(reader.Bytes(), field.Message, items, depth + 1);
                return items["items"]?.DeepClone() ?? new JsonArray();
            case WireKind.Unsupported:
                throw new WireException($"field {field.Json} isn't read from protobuf: send JSON");
            default:
                return Special(reader.Bytes(), field.Kind, keepZero);
        }
    }

    static int Expected(WireKind kind) => kind switch { WireKind.Int or WireKind.Bool => WireReader.Varint, WireKind.Double => WireReader.Fixed64, _ => WireReader.Delimited };

    /// <summary>Small messages that are one value in JSON.</summary>
    static JsonValue? Special(ReadOnlySpan<byte> bytes, WireKind kind, bool keepZero)
    {
        long first = 0, second = 0;
        string text = "";
        var any = false;
        var reader = new WireReader(bytes);
        while (!reader.AtEnd)
        {
            var (number, type) = reader.Tag();
            any = true;
            if (type == WireReader.Delimited) text = reader.Text();
            else if (type != WireReader.Varint) reader.Skip(type);
            else if (number == 1) first = reader.Signed();
            else second = reader.Signed();
        }
        return kind switch
        {
            WireKind.Quantity => JsonValue.Create(text.Length == 0 ? "0" : text),
            WireKind.IntOrString when first == 1 => JsonValue.Create(text),
            WireKind.IntOrString => second != 0 || keepZero ? JsonValue.Create((int)second) : null,
            WireKind.Duration => JsonValue.Create($"{first / 1_000_000_000}s"),
            _ => any ? JsonValue.Create(Time(first, second, kind)) : null,
        };
    }

    static string Time(long seconds, long nanos, WireKind kind)
    {
        if (seconds is < -62_135_596_800 or > 253_402_300_799) throw new WireException("time is out of range");
        var time = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return kind == WireKind.Time ? Wire.Time(time) : time.AddTicks(nanos / 100).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
    }

    /// <summary>A raw extension or fieldsV1: JSON inside, in the extension after a tag of its own; or another object in protobuf.</summary>
    static JsonNode? Raw(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> raw = [];
        var reader = new WireReader(bytes);
        while (!reader.AtEnd)
        {
            var (number, type) = reader.Tag();
            if (number == 1 && type == WireReader.Delimited) raw = reader.Bytes();
            else reader.Skip(type);
        }
        if (raw.IsEmpty) return null;
        if (ProtobufCodec.IsProtobuf(raw)) return ProtobufCodec.Read(raw);
        try
        {
            return Decoding.Decode.Untyped(raw).Node;
        }
        catch (JsonException e)
        {
            throw new WireException($"raw value isn't JSON: {e.Message}");
        }
    }
}
