using System.Text.Json.Nodes;
using Kennel.Objects.Selectors;

namespace Kennel.Objects.Kinds;

/// <summary>Labels, annotations' keys and label selectors inside objects.</summary>
static class Labels
{
    public static string? KeyProblem(string key) => LabelSyntax.KeyProblem(key);

    public static string? ValueProblem(string value) => LabelSyntax.ValueProblem(value);

    public static void Check(JsonObject? labels, At at, Errors errors)
    {
        if (labels is null) return;
        foreach (var (key, value) in labels)
        {
            errors.Unless(KeyProblem(key), at, key);
            errors.Unless(ValueProblem(value.AsText() ?? ""), at, value);
        }
    }

    /// <summary>A selector of <c>matchLabels</c> and <c>matchExpressions</c>.</summary>
    public static void CheckSelector(JsonObject? selector, At at, Errors errors)
    {
        Check(selector.Obj("matchLabels"), at["matchLabels"], errors);
        if (selector.List("matchExpressions") is not { } expressions) return;
        for (var i = 0; i < expressions.Count; i++) CheckExpression(expressions[i] as JsonObject, at["matchExpressions"][i], errors);
    }

    static void CheckExpression(JsonObject? e, At at, Errors errors)
    {
        var values = e.List("values");
        switch (e.Text("operator"))
        {
            case "In" or "NotIn":
                if (values is not { Count: > 0 }) errors.Required(at["values"], "must be specified when `operator` is 'In' or 'NotIn'");
                break;
            case "Exists" or "DoesNotExist":
                if (values is { Count: > 0 }) errors.Forbidden(at["values"], "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                break;
            default:
                errors.Invalid(at["operator"], e.Text("operator") ?? "", "not a valid selector operator");
                break;
        }
        errors.Unless(KeyProblem(e.Text("key") ?? ""), at["key"], e.Text("key") ?? "");
        for (var i = 0; i < values?.Count; i++) errors.Unless(ValueProblem(values[i].AsText() ?? ""), at["values"][i], values[i]);
    }

    public static bool IsEmpty(JsonObject? selector) => selector.Obj("matchLabels") is not { Count: > 0 } && selector.List("matchExpressions") is not { Count: > 0 };

    /// <summary>Whether a selector means the labels; an empty one means everything, an unknown operator nothing.</summary>
    public static bool Match(JsonObject? selector, JsonObject? labels)
    {
        if (!MatchAll(selector.Obj("matchLabels"), labels)) return false;
        if (selector.List("matchExpressions") is not { } expressions) return true;
        foreach (var e in expressions)
        {
            var value = labels.Text(e.Text("key") ?? "");
            var among = value is not null && e.List("values") is { } values && values.Any(v => v.AsText() == value);
            var holds = e.Text("operator") switch { "In" => among, "NotIn" => !among, "Exists" => value is not null, "DoesNotExist" => value is null, _ => false };
            if (!holds) return false;
        }
        return true;
    }

    public static bool MatchAll(JsonObject? wanted, JsonObject? labels)
    {
        if (wanted is null) return true;
        foreach (var (key, value) in wanted)
            if (labels.Text(key) != value.AsText()) return false;
        return true;
    }
}
