using System.Text;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Documents;

/// <summary>What types and fields mean, in our own words, for <c>kubectl explain</c>: <c>Facts/descriptions.txt</c>, which says how it is written.</summary>
static class Descriptions
{
    const string Anything = "*";
    const string Itself = "=";

    static readonly string[] s_roots = ["io.k8s.api.", "io.k8s.apimachinery.pkg.apis."];

    /// <summary>Definition to field to text; the definition's own text is under <see cref="Itself"/>.</summary>
    public static IReadOnlyDictionary<string, Dictionary<string, string>> Read()
    {
        var all = new Dictionary<string, Dictionary<string, string>>(StringComparer.Ordinal);
        Dictionary<string, string>? section = null;
        foreach (var line in Encoding.UTF8.GetString(Facts.Read("descriptions.txt")).Split('\n'))
        {
            if (line.StartsWith('[')) all[line.Trim('[', ']')] = section = new(StringComparer.Ordinal);
            else if (line.StartsWith("= ", StringComparison.Ordinal)) section![Itself] = line[2..];
            else if (line.Length > 0 && line[0] != '#' && line.IndexOf(" = ", StringComparison.Ordinal) is > 0 and var at) section![line[..at]] = line[(at + 3)..];
        }
        return all;
    }

    /// <summary>The text of a field, or of the definition itself when <paramref name="field"/> is null; null when nothing is said.</summary>
    public static string? Of(IReadOnlyDictionary<string, Dictionary<string, string>> all, string definition, string? field)
    {
        if (all.GetValueOrDefault(Short(definition))?.GetValueOrDefault(field ?? Itself) is { } own) return own;
        return field is null ? null : all[Anything].GetValueOrDefault(field);
    }

    static string Short(string definition)
    {
        foreach (var root in s_roots) if (definition.StartsWith(root, StringComparison.Ordinal)) return definition[root.Length..];
        return definition;
    }
}
