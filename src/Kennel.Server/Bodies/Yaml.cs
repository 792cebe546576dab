using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Kennel.Objects.Refusals;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Kennel.Server.Bodies;

/// <summary>YAML text to JSON text; plain scalars are read as upstream's parser reads them, which still knows YAML 1.1's booleans and numbers.</summary>
static partial class Yaml
{
    /// <summary>Aliases may not blow a small body up to a huge one.</summary>
    const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>kubectl sends JSON as YAML: that costs nothing.</summary>
    public static Result<ReadOnlyMemory<byte>> ToJson(ReadOnlyMemory<byte> yaml)
    {
        var start = yaml.Span.TrimStart(" \t\r\n"u8);
        if (start.Length > 0 && start[0] is (byte)'{' or (byte)'[' && IsJson(yaml.Span)) return yaml;
        try
        {
            return Convert(s_strict.GetString(yaml.Span));
        }
        catch (ArgumentException e) when (e is not DecoderFallbackException) // how the writer refuses half a surrogate pair
        {
            return Refusal.BadRequest("error decoding YAML: a text in it isn't valid Unicode");
        }
        catch (DecoderFallbackException e)
        {
            return Refusal.BadRequest($"error decoding YAML: yaml: invalid UTF-8 at byte {e.Index}");
        }
        catch (YamlException e)
        {
            return Refusal.BadRequest($"error decoding YAML: line {e.Start.Line}: {e.Message}");
        }
    }

    static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What begins like JSON may still be YAML's flow style.</summary>
    static bool IsJson(ReadOnlySpan<byte> text)
    {
        try
        {
            var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = Objects.Json.Depth });
            while (reader.Read()) { }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    static Result<ReadOnlyMemory<byte>> Convert(string text)
    {
        var parser = new Parser(new StringReader(text));
        parser.Consume<StreamStart>();
        var buffer = new ArrayBufferWriter<byte>(Math.Max(256, text.Length * 2));
        using var writer = new Utf8JsonWriter(buffer, Objects.Json.Writing with { MaxDepth = Objects.Json.Depth });
        if (!parser.TryConsume<DocumentStart>(out _)) return new ReadOnlyMemory<byte>("null"u8.ToArray());
        var size = 0;
        if (Value(parser, writer, 0, ref size) is { } problem) return Refusal.BadRequest($"error decoding YAML: {problem}");
        writer.Flush();
        return buffer.WrittenMemory;
    }

    static string? Value(IParser parser, Utf8JsonWriter writer, int depth, ref int size)
    {
        if (depth >= Objects.Json.Depth) return "it is nested too deeply";
        if (parser.Accept<AnchorAlias>(out _)) return "anchors and aliases are not accepted";
        if (parser.TryConsume<MappingStart>(out _))
        {
            writer.WriteStartObject();
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                if (!parser.TryConsume<Scalar>(out var key)) return "a key must be text";
                writer.WritePropertyName(key.Value);
                if (Value(parser, writer, depth + 1, ref size) is { } problem) return problem;
            }
            writer.WriteEndObject();
            return null;
        }
        if (parser.TryConsume<SequenceStart>(out _))
        {
            writer.WriteStartArray();
            while (!parser.TryConsume<SequenceEnd>(out _))
                if (Value(parser, writer, depth + 1, ref size) is { } problem) return problem;
            writer.WriteEndArray();
            return null;
        }
        var scalar = parser.Consume<Scalar>();
        size += scalar.Value.Length;
        if (size > MaxBytes) return "it is too large";
        Scalar(writer, scalar);
        return null;
    }

    static void Scalar(Utf8JsonWriter writer, Scalar scalar)
    {
        var text = scalar.Value;
        if (scalar.Style != ScalarStyle.Plain || scalar.Tag == "tag:yaml.org,2002:str") writer.WriteStringValue(text);
        else if (text is "" or "~" or "null" or "Null" or "NULL") writer.WriteNullValue();
        else if (text is "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "y" or "Y" or "on" or "On" or "ON") writer.WriteBooleanValue(true);
        else if (text is "false" or "False" or "FALSE" or "no" or "No" or "NO" or "n" or "N" or "off" or "Off" or "OFF") writer.WriteBooleanValue(false);
        else if (text[0] is not ('+' or '-' or '.' or (>= '0' and <= '9'))) writer.WriteStringValue(text);
        else if (Whole(text.Replace("_", "", StringComparison.Ordinal)) is { } whole) writer.WriteNumberValue(whole);
        else if (Float().IsMatch(text) && double.TryParse(text, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)) writer.WriteNumberValue(number);
        else writer.WriteStringValue(text);
    }

    /// <summary>A whole number in any of YAML's bases; null for anything else.</summary>
    static long? Whole(string text)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) && !IsOctal(text)) return whole;
        var digits = text.AsSpan().TrimStart("+-");
        if (digits.Length < 2 || text.Length - digits.Length > 1 || digits[0] != '0') return null;
        var (skipped, radix) = digits[1] switch { 'x' => (2, 16), 'b' => (2, 2), 'o' => (2, 8), _ => (1, 8) };
        var numeral = digits[skipped..];
        long value = 0;
        if (numeral.IsEmpty || numeral.Length > 60) return null;
        foreach (var c in numeral)
        {
            var digit = char.IsAsciiHexDigit(c) ? System.Convert.ToInt32(c.ToString(), 16) : 99;
            if (digit >= radix || value > (long.MaxValue - digit) / radix) return null;
            value = value * radix + digit;
        }
        return text[0] == '-' ? -value : value;
    }

    static bool IsOctal(string text) => text.TrimStart('+', '-') is { Length: > 1 } digits && digits[0] == '0';

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Float();
}
