using System.Text;
using System.Text.Json;

namespace Kennel.Objects;

/// <summary>A JSON value that our own code hands on without looking inside (revision data, fieldsV1): its text, equal by text.</summary>
public readonly record struct RawJson(string Text)
{
    public static RawJson Read(ref Utf8JsonReader reader)
    {
        using var value = JsonDocument.ParseValue(ref reader);
        return new RawJson(value.RootElement.GetRawText());
    }

    public void Write(Utf8JsonWriter writer) => writer.WriteRawValue(Text ?? "null", skipInputValidation: true);

    public byte[] Bytes() => Encoding.UTF8.GetBytes(Text ?? "null");

    public override string ToString() => Text ?? "null";
}
