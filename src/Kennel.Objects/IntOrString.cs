using System.Globalization;
using System.Text.Json;

namespace Kennel.Objects;

/// <summary>A number or a text: a port by number or name, a count or a percentage.</summary>
public readonly record struct IntOrString(int Number, string? Text)
{
    public static implicit operator IntOrString(int number) => new(number, null);

    public static implicit operator IntOrString(string text) => new(0, text);

    public bool IsText => Text is not null;

    public static IntOrString Read(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number ? new(Wire.Int(ref reader), null) : new(0, Wire.String(ref reader));

    public void Write(Utf8JsonWriter writer)
    {
        if (Text is null) writer.WriteNumberValue(Number);
        else writer.WriteStringValue(Text);
    }

    public override string ToString() => Text ?? Number.ToString(CultureInfo.InvariantCulture);
}
