using System.Globalization;

namespace Kennel.Objects.Selectors;

public enum SelectorOperator { In, NotIn, Exists, DoesNotExist, GreaterThan, LessThan }

/// <summary>One condition on a label. <c>=</c> is In with one value, <c>!=</c> is NotIn with one value.</summary>
/// <param name="Values">Sorted, each once; empty for Exists and DoesNotExist.</param>
public sealed record Requirement(string Key, SelectorOperator Operator, IReadOnlyList<string> Values)
{
    /// <param name="value">The label's value, or null when the object has no such label.</param>
    public bool Matches(string? value) => Operator switch
    {
        SelectorOperator.In => value is not null && Has(value),
        SelectorOperator.NotIn => value is null || !Has(value),
        SelectorOperator.Exists => value is not null,
        SelectorOperator.DoesNotExist => value is null,
        _ => value is not null && Number(value) is { } left && Number(Values[0]) is { } right && (Operator == SelectorOperator.GreaterThan ? left > right : left < right),
    };

    bool Has(string value)
    {
        for (var i = 0; i < Values.Count; i++) if (Values[i] == value) return true;
        return false;
    }

    /// <summary>What is wrong with the condition in upstream's words, or null.</summary>
    internal string? Problem()
    {
        if (LabelSyntax.KeyProblem(Key) is { } key) return $"<nil>: Invalid value: {Quoted(Key)}: {key}";
        if (Operator is SelectorOperator.In or SelectorOperator.NotIn && Values.Count == 0) return "values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty";
        for (var i = 0; i < Values.Count; i++)
        {
            if (Operator is SelectorOperator.GreaterThan or SelectorOperator.LessThan && Number(Values[i]) is null)
                return $"values[{i}]: Invalid value: {Quoted(Values[i])}: for 'Gt', 'Lt' operators, the value must be an integer";
            if (LabelSyntax.ValueProblem(Values[i]) is { } value) return $"values[{i}][{Key}]: Invalid value: {Quoted(Values[i])}: {value}";
        }
        return null;
    }

    static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    static long? Number(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) ? n : null;

    public bool Equals(Requirement? other) => other is not null && Key == other.Key && Operator == other.Operator && Wire.Same(Values, other.Values);

    public override int GetHashCode() => HashCode.Combine(Key, Operator, Values.Count);

    public override string ToString() => Operator switch
    {
        SelectorOperator.In when Values.Count == 1 => $"{Key}={Values[0]}",
        SelectorOperator.NotIn when Values.Count == 1 => $"{Key}!={Values[0]}",
        SelectorOperator.In => $"{Key} in ({string.Join(',', Values)})",
        SelectorOperator.NotIn => $"{Key} notin ({string.Join(',', Values)})",
        SelectorOperator.Exists => Key,
        SelectorOperator.DoesNotExist => $"!{Key}",
        SelectorOperator.GreaterThan => $"{Key}>{Values[0]}",
        _ => $"{Key}<{Values[0]}",
    };
}
