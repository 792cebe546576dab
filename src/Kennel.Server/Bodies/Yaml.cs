using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Kennel.Objects.Refusals;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Kennel.Server.Bodies;

/// <summary>YAML text to JSON text, scalars read as YAML 1.2's core schema with 1.1's booleans of old manifests left as text.</summary>
static partial class Yaml
{
    /// <summary>Aliases may not blow a small body up to a huge one.</summary>
    const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>kubectl sends JSON as YAML: that costs nothing.</summary>
    public static Result<ReadOnlyMemory<byte>> ToJson(ReadOnlyMemory<byte> yaml)
    {
        var start = yaml.Span.TrimStart(" \t\r\n"u8);
        if (start.Length > 0 && start[0] is (byte)'{' or (byte)'[') return yaml;
        try
        {
            return Convert(Encoding.UTF8.GetString(yaml.Span));
        }
        catch (YamlException e)
        {
            return Refusal.BadRequest($"error decoding YAML: line {e.Start.Line}: {e.Message}");
        }
    }

    static Result<ReadOnlyMemory<byte>> Convert(string text)
    {
        var parser = new Parser(new StringReader(text));
        parser.Consume<StreamStart>();
        var buffer = new ArrayBufferWriter<byte>(text.Length * 2);
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
        if (scalar.Style != ScalarStyle.Plain) writer.WriteStringValue(text);
        else if (text is "" or "~" or "null" or "Null" or "NULL") writer.WriteNullValue();
        else if (text is "true" or "True" or "TRUE") writer.WriteBooleanValue(true);
        else if (text is "false" or "False" or "FALSE") writer.WriteBooleanValue(false);
        else if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)) writer.WriteNumberValue(whole);
        else if (Float().IsMatch(text) && double.TryParse(text, CultureInfo.InvariantCulture, out var number)) writer.WriteNumberValue(number);
        else writer.WriteStringValue(text);
    }

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Float();
}
