using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Defaulting;

/// <summary>One default: the value that a field gets when it is absent or empty text; with <paramref name="OrZero"/> also when it is 0.</summary>
readonly record struct FieldDefault(string Field, JsonNode Value, bool OrZero);

/// <summary>
/// <c>Facts/defaults.json</c>: definition → field → value. "absent" tells nothing from 0, "zero" takes 0 for nothing; "asWritten" are fields that are
/// kept as people wrote them, with no default below: what is made from them gets its own.
/// </summary>
static class DefaultFacts
{
    static readonly Lazy<Dictionary<string, FieldDefault[]>> s_facts = new(Load);

    public static FieldDefault[] Of(string? id) => id is not null && s_facts.Value.TryGetValue(id, out var found) ? found : [];

    public static bool IsAsWritten(string? id, string field) => id is not null && s_asWritten.Value.Contains((id, field));

    public static IEnumerable<(string Definition, FieldDefault[] Fields)> All => s_facts.Value.Select(f => (f.Key, f.Value));

    static readonly Lazy<HashSet<(string, string)>> s_asWritten = new(() =>
        [.. JsonNode.Parse(Facts.Read("defaults.json"))!["asWritten"]!.AsObject().SelectMany(d => d.Value!.AsArray().Select(f => (d.Key, f!.GetValue<string>())))]);

    static Dictionary<string, FieldDefault[]> Load()
    {
        var root = JsonNode.Parse(Facts.Read("defaults.json"))!.AsObject();
        var facts = new Dictionary<string, FieldDefault[]>(StringComparer.Ordinal);
        foreach (var (id, fields) in root["absent"]!.AsObject()) facts[id] = Read(fields!, orZero: false);
        foreach (var (id, fields) in root["zero"]!.AsObject()) facts[id] = Read(fields!, orZero: true);
        return facts;
    }

    static FieldDefault[] Read(JsonNode fields, bool orZero) =>
        [.. fields.AsObject().Select(f => new FieldDefault(f.Key, Plain(f.Value!), orZero))];

    /// <summary>Values as decoding makes them, not as views of the facts' bytes.</summary>
    static JsonNode Plain(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.Number => JsonValue.Create(value.GetValue<long>()),
        JsonValueKind.String => JsonValue.Create(value.GetValue<string>()),
        JsonValueKind.True or JsonValueKind.False => JsonValue.Create(value.GetValue<bool>()),
        JsonValueKind.Array => new JsonArray([.. value.AsArray().Select(v => Plain(v!))]),
        _ => new JsonObject(),
    };
}
