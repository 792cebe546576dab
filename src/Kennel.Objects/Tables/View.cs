using System.Text.Json;

namespace Kennel.Objects.Tables;

/// <summary>A forgiving look into an object: what isn't there is empty, so that a table never fails on a half-filled object.</summary>
public readonly struct View(JsonElement element)
{
    readonly JsonElement _element = element;

    public View this[string field] => _element.ValueKind == JsonValueKind.Object && _element.TryGetProperty(field, out var value) ? new View(value) : default;

    public bool Exists => _element.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    /// <summary>The text, or the empty text.</summary>
    public string Text => _element.ValueKind switch
    {
        JsonValueKind.String => _element.GetString()!,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => _element.GetRawText(),
        _ => "",
    };

    public string TextOr(string otherwise) => Text is { Length: > 0 } text ? text : otherwise;

    public long Number => _element.ValueKind == JsonValueKind.Number && _element.TryGetInt64(out var n) ? n : 0;

    public bool True => _element.ValueKind == JsonValueKind.True;

    public DateTimeOffset? Time => Text is { Length: > 0 } text ? Wire.Time(text) : null;

    public int Count => _element.ValueKind switch
    {
        JsonValueKind.Array => _element.GetArrayLength(),
        JsonValueKind.Object => _element.GetPropertyCount(),
        _ => 0,
    };

    /// <summary>The items of a list; none when it is absent.</summary>
    public IEnumerable<View> Items => _element.ValueKind == JsonValueKind.Array ? _element.EnumerateArray().Select(e => new View(e)) : [];

    /// <summary>The entries of a map in their order; none when it is absent.</summary>
    public IEnumerable<KeyValuePair<string, View>> Fields =>
        _element.ValueKind == JsonValueKind.Object ? _element.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, new View(p.Value))) : [];

    /// <summary>The item of a list of conditions by its type.</summary>
    public View Condition(string type) => Items.FirstOrDefault(c => c["type"].Text == type);
}
