using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Objects.Meta;
using Kennel.Objects.Refusals;

namespace Kennel.Objects.Selectors;

/// <summary>Which labels are meant: conditions that must all hold. Without conditions it means everything.</summary>
public sealed class LabelSelector
{
    public static readonly LabelSelector Everything = new([]);

    public static readonly LabelSelector Nothing = new([], nothing: true);

    readonly bool _nothing;

    LabelSelector(IReadOnlyList<Requirement> requirements, bool nothing = false) => (Requirements, _nothing) = (requirements, nothing);

    public IReadOnlyList<Requirement> Requirements { get; }

    public bool IsEverything => !_nothing && Requirements.Count == 0;

    /// <summary>The text form of a query: <c>app=notes,tier in (a,b),!old</c>. The refusal is a 400 in upstream's words.</summary>
    public static (LabelSelector? Selector, Refusal? Refusal) Parse(string text)
    {
        if (string.IsNullOrWhiteSpace(text)) return (Everything, null);
        try
        {
            return (new LabelSelector(new LabelSelectorParser(text).Parse()), null);
        }
        catch (FormatException e)
        {
            return (null, Refusal.BadRequest(e.Message));
        }
    }

    /// <summary>From a field of an object: null selects nothing, the empty selector selects everything.</summary>
    public static LabelSelector From(Meta.LabelSelector? selector)
    {
        if (selector is null) return Nothing;
        if (selector.MatchLabels.Count == 0 && selector.MatchExpressions.Count == 0) return Everything;
        var requirements = new List<Requirement>(selector.MatchLabels.Count + selector.MatchExpressions.Count);
        foreach (var (key, value) in selector.MatchLabels) requirements.Add(new Requirement(key, SelectorOperator.In, [value]));
        foreach (var e in selector.MatchExpressions) requirements.Add(From(e));
        requirements.Sort((a, b) => string.CompareOrdinal(a.Key, b.Key));
        return new LabelSelector(requirements);
    }

    /// <summary>The conditions <c>key=value</c> of a map (a Service's or a ReplicationController's selector).</summary>
    public static LabelSelector From(IReadOnlyDictionary<string, string> labels) =>
        labels.Count == 0 ? Everything : new([.. labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => new Requirement(l.Key, SelectorOperator.In, [l.Value]))]);

    static Requirement From(LabelSelectorRequirement e) => e.Operator switch
    {
        "In" => new(e.Key, SelectorOperator.In, Sorted(e.Values)),
        "NotIn" => new(e.Key, SelectorOperator.NotIn, Sorted(e.Values)),
        "Exists" => new(e.Key, SelectorOperator.Exists, []),
        "DoesNotExist" => new(e.Key, SelectorOperator.DoesNotExist, []),
        _ => new(e.Key, SelectorOperator.In, []), // validation refuses other words; nothing matches meanwhile
    };

    static string[] Sorted(IEnumerable<string> values) => [.. values.Distinct().Order(StringComparer.Ordinal)];

    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        if (_nothing) return false;
        for (var i = 0; i < Requirements.Count; i++)
            if (!Requirements[i].Matches(labels.GetValueOrDefault(Requirements[i].Key))) return false;
        return true;
    }

    /// <param name="labels">The JSON of <c>metadata.labels</c>; undefined or null means none.</param>
    public bool Matches(JsonElement labels)
    {
        if (_nothing) return false;
        var some = labels.ValueKind == JsonValueKind.Object;
        for (var i = 0; i < Requirements.Count; i++)
            if (!Requirements[i].Matches(some && labels.TryGetProperty(Requirements[i].Key, out var value) ? value.GetString() : null)) return false;
        return true;
    }

    /// <inheritdoc cref="Matches(JsonElement)"/>
    public bool Matches(JsonObject? labels)
    {
        if (_nothing) return false;
        for (var i = 0; i < Requirements.Count; i++)
            if (!Requirements[i].Matches(labels is not null && labels.TryGetPropertyValue(Requirements[i].Key, out var value) ? value?.GetValue<string>() : null)) return false;
        return true;
    }

    /// <summary>The text form, as upstream prints it: conditions in the order of their keys.</summary>
    public override string ToString() => string.Join(',', Requirements);
}
