namespace Kennel.Objects.Tables.Kinds;

/// <summary>Selectors as tables show them.</summary>
static class Selectors
{
    /// <summary>A plain map of labels, sorted: <c>a=1,b=2</c>.</summary>
    public static string Labels(View map)
    {
        var text = string.Join(",", map.Fields.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key}={f.Value.Text}"));
        return text.Length == 0 ? "<none>" : text;
    }

    /// <summary>A label selector, or the plain map of a ReplicationController.</summary>
    public static string Text(View selector)
    {
        if (!selector["matchLabels"].Exists && !selector["matchExpressions"].Exists) return Labels(selector);
        var parts = selector["matchLabels"].Fields.Select(f => (f.Key, Text: $"{f.Key}={f.Value.Text}"))
            .Concat(selector["matchExpressions"].Items.Select(e => (Key: e["key"].Text, Text: Expression(e))))
            .OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => p.Text).ToList();
        return parts.Count == 0 ? "<none>" : string.Join(",", parts);
    }

    static string Expression(View e)
    {
        var key = e["key"].Text;
        var values = string.Join(",", e["values"].Items.Select(v => v.Text).Order(StringComparer.Ordinal));
        return e["operator"].Text switch
        {
            "In" => $"{key} in ({values})",
            "NotIn" => $"{key} notin ({values})",
            "Exists" => key,
            "DoesNotExist" => "!" + key,
            _ => $"{key}?",
        };
    }
}
