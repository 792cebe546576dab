using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Kennel.Server.Answers;

/// <summary>JSON as YAML, the way upstream writes it: keys sorted, lists not indented, text quoted where it could be taken for something else.</summary>
static partial class YamlText
{
    public static byte[] Of(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = Objects.Json.Depth });
        var text = new StringBuilder(json.Length + json.Length / 4);
        Block(text, document.RootElement, 0);
        if (text.Length == 0 || text[^1] != '\n') text.Append('\n');
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>A value on lines of its own, the first of which is already indented.</summary>
    static void Block(StringBuilder text, JsonElement value, int indent)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when value.EnumerateObject().MoveNext():
                Map(text, value, indent);
                break;
            case JsonValueKind.Array when value.GetArrayLength() > 0:
                List(text, value, indent);
                break;
            default:
                Scalar(text, value, indent);
                text.Append('\n');
                break;
        }
    }

    static void Map(StringBuilder text, JsonElement map, int indent)
    {
        var first = true;
        foreach (var field in map.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal))
        {
            if (!first) text.Append(' ', indent);
            first = false;
            Text(text, field.Name, indent, key: true);
            text.Append(':');
            if (field.Value.ValueKind == JsonValueKind.Object && field.Value.EnumerateObject().MoveNext()) text.Append('\n').Append(' ', indent + 2);
            else if (field.Value.ValueKind == JsonValueKind.Array && field.Value.GetArrayLength() > 0)
            {
                text.Append('\n').Append(' ', indent);
                List(text, field.Value, indent);
                continue;
            }
            else text.Append(' ');
            Block(text, field.Value, indent + 2);
        }
    }

    static void List(StringBuilder text, JsonElement list, int indent)
    {
        var first = true;
        foreach (var item in list.EnumerateArray())
        {
            if (!first) text.Append(' ', indent);
            first = false;
            text.Append("- ");
            Block(text, item, indent + 2);
        }
    }

    static void Scalar(StringBuilder text, JsonElement value, int indent)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append("{}");
                break;
            case JsonValueKind.Array:
                text.Append("[]");
                break;
            case JsonValueKind.String:
                Text(text, value.GetString()!, indent, key: false);
                break;
            default:
                text.Append(value.GetRawText());
                break;
        }
    }

    static void Text(StringBuilder text, string value, int indent, bool key)
    {
        if (!key && value.Contains('\n', StringComparison.Ordinal) && Literal(value))
        {
            var ends = value[^1] == '\n';
            text.Append(ends ? value.EndsWith("\n\n", StringComparison.Ordinal) ? "|+" : "|" : "|-");
            foreach (var line in (ends ? value[..^1] : value).Split('\n'))
            {
                text.Append('\n');
                if (line.Length > 0) text.Append(' ', indent).Append(line);
            }
        }
        else if (IsPlain(value)) text.Append(value);
        else text.Append(JsonSerializer.Serialize(value, s_quoted));
    }

    /// <summary>Whether the lines can stand as they are.</summary>
    static bool Literal(string value) => value[0] is not (' ' or '\n' or '\t') && !value.AsSpan().ContainsAnyInRange('\0', '\b') && !value.AsSpan().ContainsAny(s_unprintable);

    static bool IsPlain(string value) => Plain().IsMatch(value) && !Special().IsMatch(value)
        && !value.Contains(": ", StringComparison.Ordinal) && !value.Contains(" #", StringComparison.Ordinal)
        && !double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    static readonly SearchValues<char> s_unprintable = SearchValues.Create("\r\u000b\u000c\u007f\u0085\u2028\u2029\ufeff");

    static readonly JsonSerializerOptions s_quoted = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [GeneratedRegex(@"^[A-Za-z0-9_./(<$^+;\\~][^\x00-\x1f\x7f\u0080-\u009f\u2028\u2029\ufeff]*(?<![\s:])$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Plain();

    /// <summary>What YAML 1.1 or 1.2 reads as something else than text: null, booleans, numbers of any base, dates, times in base 60.</summary>
    [GeneratedRegex(@"^(~|null|Null|NULL|y|Y|yes|Yes|YES|n|N|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF|<<|=|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)|[-+]?0[xob][0-9a-fA-F_]+|[-+]?[0-9][0-9_]*(:[0-9]+)*(\.[0-9_]*)?([eE][-+]?[0-9]+)?|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Special();
}
