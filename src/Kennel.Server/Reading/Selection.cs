using System.Text.Json;
using Kennel.Objects;
using Kennel.Objects.Kinds;
using Kennel.Objects.Refusals;
using Kennel.Objects.Selectors;
using Kennel.Objects.Versions;

namespace Kennel.Server.Reading;

/// <summary>Which objects of a collection are meant. Looks into bytes only when there is something to select by.</summary>
sealed class Selection
{
    readonly LabelSelector _labels;
    readonly FieldSelector _fields;
    readonly KindRules _rules;
    readonly View? _view;

    Selection(LabelSelector labels, FieldSelector fields, KindRules rules, View? view) => (_labels, _fields, _rules, _view) = (labels, fields, rules, view);

    /// <summary>Nothing is left out.</summary>
    public bool Everything => _labels.IsEverything && _fields.IsEverything;

    /// <summary>The one name that can match, or null.</summary>
    public string? Name => _fields.Exact("metadata.name");

    public static Result<Selection> Of(Call call)
    {
        var (labels, badLabels) = LabelSelector.Parse(call.Query["labelSelector"] ?? "");
        if (badLabels is not null) return badLabels;
        var (fields, badFields) = FieldSelector.Parse(Fields(call));
        if (badFields is not null) return badFields;
        var rules = KindRules.For(call.Type);
        foreach (var term in fields!.Terms)
            if (term.Field is not ("metadata.name" or "metadata.namespace") && !rules.SelectableFields.Contains(call.View?.Field(term.Field) ?? term.Field))
                return Refusal.BadRequest(rules.SelectableFields.Any(f => !f.StartsWith("metadata.", StringComparison.Ordinal))
                    ? $"field label not supported: {term.Field}"
                    : $"\"{term.Field}\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"");
        return new Selection(labels!, fields, rules, call.View);
    }

    /// <summary>A watch of one object is a watch with its name selected.</summary>
    static string Fields(Call call) => (call.Query["fieldSelector"] ?? "", call.Route.Name) switch
    {
        (var given, "") => given,
        ("", var name) => $"metadata.name={name}",
        var (given, name) => $"{given},metadata.name={name}",
    };

    public bool Matches(ReadOnlyMemory<byte> json)
    {
        if (Everything) return true;
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = Json.Depth });
        var o = document.RootElement;
        var metadata = o.GetProperty("metadata"u8);
        return (_labels.IsEverything || _labels.Matches(metadata.TryGetProperty("labels"u8, out var labels) ? labels : default))
            && (_fields.IsEverything || _fields.Matches(path => Value(o, metadata, path)));
    }

    string? Value(JsonElement o, JsonElement metadata, string path) => path switch
    {
        "metadata.name" => Text(metadata, "name"u8),
        "metadata.namespace" => Text(metadata, "namespace"u8),
        _ => _rules.Field(o, _view?.Field(path) ?? path),
    };

    static string? Text(JsonElement o, ReadOnlySpan<byte> name) => o.TryGetProperty(name, out var value) ? value.GetString() : null;
}
