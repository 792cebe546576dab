using System.Runtime.InteropServices;
using System.Text.Json;

namespace Kennel.Objects.Protobuf;

/// <summary>JSON to a message. Absent fields aren't written: readers take them for Go's zero values. Fields that the message doesn't have are left out.</summary>
static class MessageWriter
{
    /// <returns>False when the object has a part without a protobuf form.</returns>
    public static bool Write(WireWriter writer, JsonElement o, MessagePlan plan)
    {
        foreach (var property in o.EnumerateObject())
            if (plan[property.Name] is { Inline: false } field && property.Value.ValueKind != JsonValueKind.Null && !Field(writer, property.Value, field)) return false;
        foreach (var field in plan.Inlines) if (!Inline(writer, o, plan, field)) return false;
        return true;
    }

    static bool Inline(WireWriter writer, JsonElement o, MessagePlan plan, FieldPlan field)
    {
        foreach (var property in o.EnumerateObject())
        {
            if (!ReferenceEquals(plan[property.Name], field)) continue;
            var start = writer.Begin(field.Number);
            var done = Write(writer, o, field.Message);
            writer.End(start);
            return done;
        }
        return true;
    }

    static bool Field(WireWriter writer, JsonElement value, FieldPlan field)
    {
        if (field.Map)
        {
            if (value.ValueKind != JsonValueKind.Object) return true;
            foreach (var entry in value.EnumerateObject())
            {
                var start = writer.Begin(field.Number);
                writer.Text(1, entry.Name);
                var done = entry.Value.ValueKind == JsonValueKind.Null || Value(writer, 2, entry.Value, field);
                writer.End(start);
                if (!done) return false;
            }
            return true;
        }
        if (!field.Repeated) return Value(writer, field.Number, value, field);
        if (value.ValueKind != JsonValueKind.Array) return true;
        foreach (var item in value.EnumerateArray()) if (!Value(writer, field.Number, item, field)) return false;
        return true;
    }

    static bool Value(WireWriter writer, int number, JsonElement value, FieldPlan field)
    {
        switch (field.Kind)
        {
            case WireKind.Int:
                writer.Int(number, value.TryGetInt64(out var n) ? n : (long)value.GetDouble());
                return true;
            case WireKind.Bool:
                writer.Int(number, value.GetBoolean() ? 1 : 0);
                return true;
            case WireKind.Double:
                writer.Double(number, value.GetDouble());
                return true;
            case WireKind.String:
                writer.Text(number, value.GetString() ?? "");
                return true;
            case WireKind.Bytes:
                writer.Bytes(number, value.GetBytesFromBase64());
                return true;
            case WireKind.Unsupported:
                return false;
        }
        var start = writer.Begin(number);
        var done = Message(writer, value, field);
        writer.End(start);
        return done;
    }

    static bool Message(WireWriter writer, JsonElement value, FieldPlan field)
    {
        switch (field.Kind)
        {
            case WireKind.Quantity:
                writer.Text(1, value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText());
                return true;
            case WireKind.IntOrString when value.ValueKind == JsonValueKind.String:
                writer.Int(1, 1);
                writer.Int(2, 0);
                writer.Text(3, value.GetString()!);
                return true;
            case WireKind.IntOrString:
                writer.Int(1, 0);
                writer.Int(2, value.GetInt32());
                writer.Text(3, "");
                return true;
            case WireKind.Time or WireKind.MicroTime:
                var time = Wire.Time(value.GetString()!);
                writer.Int(1, time.ToUnixTimeSeconds());
                writer.Int(2, field.Kind == WireKind.Time ? 0 : time.Ticks % TimeSpan.TicksPerSecond * 100);
                return true;
            case WireKind.Duration: // whole seconds are all that is ever said
                writer.Int(1, long.TryParse(value.GetString()!.AsSpan().TrimEnd('s'), System.Globalization.CultureInfo.InvariantCulture, out var seconds) ? seconds * 1_000_000_000 : 0);
                return true;
            case WireKind.Raw:
                writer.Bytes(1, JsonMarshal.GetRawUtf8Value(value));
                return true;
            case WireKind.Items:
                if (field.Message["items"] is not { } items) return false;
                foreach (var item in value.EnumerateArray()) if (!Value(writer, items.Number, item, items)) return false;
                return true;
            default:
                return Write(writer, value, field.Message);
        }
    }
}
