using System.Text;
using Kennel.Objects.Refusals;

namespace Kennel.Objects.Selectors;

/// <summary>One condition on a field: <c>spec.nodeName=worker</c>, <c>status.phase!=Running</c>.</summary>
public sealed record FieldTerm(string Field, string Value, bool Negated)
{
    public bool Matches(string? value) => (value ?? "") == Value != Negated;

    public override string ToString() => $"{Field}{(Negated ? "!=" : "=")}{FieldSelector.Escaped(Value)}";
}

/// <summary>Which values of the selectable fields are meant; all conditions must hold.</summary>
public sealed class FieldSelector
{
    public static readonly FieldSelector Everything = new([]);

    FieldSelector(IReadOnlyList<FieldTerm> terms) => Terms = terms;

    public IReadOnlyList<FieldTerm> Terms { get; }

    public bool IsEverything => Terms.Count == 0;

    public static (FieldSelector? Selector, Refusal? Refusal) Parse(string text)
    {
        if (string.IsNullOrEmpty(text)) return (Everything, null);
        var terms = new List<FieldTerm>();
        foreach (var part in Parts(text))
        {
            if (part.Length == 0) continue;
            var (field, negated, raw) = Term(part);
            if (field is null) return (null, Refusal.BadRequest($"invalid selector: '{text}'; can't understand '{part}'"));
            if (Unescaped(raw, out var problem) is not { } value) return (null, Refusal.BadRequest(problem!));
            terms.Add(new FieldTerm(field, value, negated));
        }
        return (terms.Count == 0 ? Everything : new FieldSelector(terms), null);
    }

    /// <summary>The value that a field must have, when the selector asks for exactly one: <c>metadata.name=web</c>.</summary>
    public string? Exact(string field)
    {
        foreach (var term in Terms) if (term.Field == field && !term.Negated) return term.Value;
        return null;
    }

    /// <param name="field">Gives the value of a field by its path; null counts as empty.</param>
    public bool Matches(Func<string, string?> field)
    {
        for (var i = 0; i < Terms.Count; i++) if (!Terms[i].Matches(field(Terms[i].Field))) return false;
        return true;
    }

    public override string ToString() => string.Join(',', Terms);

    internal static string Escaped(string value) =>
        value.AsSpan().IndexOfAny('\\', ',', '=') < 0 ? value : value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal).Replace("=", "\\=", StringComparison.Ordinal);

    static IEnumerable<string> Parts(string text)
    {
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == ',')
            {
                yield return text[start..i];
                start = i + 1;
            }
        }
        yield return text[start..];
    }

    static (string? Field, bool Negated, string Value) Term(string part)
    {
        for (var i = 0; i < part.Length; i++)
        {
            if (part.AsSpan(i).StartsWith("!=")) return (part[..i], true, part[(i + 2)..]);
            if (part.AsSpan(i).StartsWith("==")) return (part[..i], false, part[(i + 2)..]);
            if (part[i] == '=') return (part[..i], false, part[(i + 1)..]);
        }
        return (null, false, "");
    }

    static string? Unescaped(string value, out string? problem)
    {
        problem = null;
        if (value.AsSpan().IndexOfAny('\\', ',', '=') < 0) return value;
        var plain = new StringBuilder(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] is ',' or '=')
            {
                problem = $"invalid field selector: unescaped character in value: {(int)value[i]}";
                return null;
            }
            if (value[i] == '\\' && (++i == value.Length || value[i] is not ('\\' or ',' or '=')))
            {
                problem = $"invalid field selector: invalid escape sequence: \\{(i < value.Length ? value[i] : "")}";
                return null;
            }
            plain.Append(value[i]);
        }
        return plain.ToString();
    }
}
