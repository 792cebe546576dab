using System.Text.Json.Nodes;

namespace Kennel.Objects.Refusals;

/// <summary>One thing wrong with one field, worded as upstream words it.</summary>
/// <param name="Reason">Upstream's cause reason: FieldValueRequired, FieldValueInvalid …</param>
/// <param name="Path">Where: <c>spec.template.spec.containers[0].name</c>.</param>
/// <param name="Message">Without the path: <c>Required value: must be set</c>.</param>
public sealed record FieldError(string Reason, string Path, string Message)
{
    public override string ToString() => Path.Length == 0 ? Message : $"{Path}: {Message}";

    public static FieldError Required(string path, string detail = "") => new("FieldValueRequired", path, With("Required value", detail));

    public static FieldError Invalid(string path, JsonNode? value, string detail) => new("FieldValueInvalid", path, With($"Invalid value: {Shown(value)}", detail));

    /// <summary>For a map that isn't there, which upstream spells without quotes.</summary>
    public static FieldError InvalidNothing(string path, string detail) => new("FieldValueInvalid", path, With("Invalid value: null", detail));

    public static FieldError NotSupported(string path, JsonNode? value, params IEnumerable<string> supported) =>
        new("FieldValueNotSupported", path, $"Unsupported value: {Shown(value)}: supported values: {string.Join(", ", supported.Select(s => $"\"{s}\""))}");

    public static FieldError Forbidden(string path, string detail) => new("FieldValueForbidden", path, With("Forbidden", detail));

    public static FieldError Duplicate(string path, JsonNode? value) => new("FieldValueDuplicate", path, $"Duplicate value: {Shown(value)}");

    public static FieldError NotFound(string path, JsonNode? value) => new("FieldValueNotFound", path, $"Not found: {Shown(value)}");

    public static FieldError TooLong(string path, int longest) => new("FieldValueTooLong", path, $"Too long: may not be more than {longest} bytes");

    public static FieldError TooMany(string path, int found, int most) => new("FieldValueTooMany", path, $"Too many: {found}: must have at most {most} items");

    public static FieldError TypeInvalid(string path, JsonNode? value, string detail) => new("FieldValueTypeInvalid", path, With($"Invalid value: {Shown(value)}", detail));

    static string With(string head, string detail) => detail.Length == 0 ? head : $"{head}: {detail}";

    /// <summary>As upstream spells values: a missing one is the text "null", objects and lists are Go's JSON, which escapes &lt;, &gt; and &amp;.</summary>
    static string Shown(JsonNode? value) => value switch
    {
        null => "\"null\"",
        JsonValue => value.ToJsonString(s_plain),
        _ => value.ToJsonString(s_plain).Replace("<", "\\u003c", StringComparison.Ordinal).Replace(">", "\\u003e", StringComparison.Ordinal).Replace("&", "\\u0026", StringComparison.Ordinal),
    };

    static readonly System.Text.Json.JsonSerializerOptions s_plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
