using System.Text.RegularExpressions;

namespace Kennel.Walkthrough.Tests.Guides;

/// <summary>Printed lines without what differs from run to run: ages, addresses, names of volumes, the widths of columns.</summary>
static partial class Plain
{
    /// <summary>In a guide: any lines, or the rest of a line.</summary>
    const string Anything = "…";

    public static string Line(string line)
    {
        var text = Controls().Replace(line, "");
        text = Volume().Replace(text, "VOLUME");
        text = Address().Replace(text, "ADDRESS");
        text = Age().Replace(text, "AGE");
        text = Space().Replace(text, ""); // newer kubectl: pod "web-0" deleted from default namespace
        return Blanks().Replace(text, " ").Trim();
    }

    /// <summary>The lines without empty ones.</summary>
    public static List<string> Lines(string text) => [.. text.Split('\n').Select(Line).Where(l => l.Length > 0)];

    public static bool Shows(IReadOnlyList<string> actual, IReadOnlyList<string> expected)
    {
        if (expected.Count == 0) return actual.Count == 0;
        if (expected[0] == Anything) return Enumerable.Range(0, actual.Count + 1).Any(skipped => Shows([.. actual.Skip(skipped)], [.. expected.Skip(1)]));
        return actual.Count > 0 && Same(actual[0], expected[0]) && Shows([.. actual.Skip(1)], [.. expected.Skip(1)]);
    }

    /// <summary>A terminal also shows prompts and what was typed, at its own pace.</summary>
    public static bool ShowsAmongOthers(IReadOnlyList<string> actual, IReadOnlyList<string> expected) =>
        Shows(actual, [.. expected.SelectMany(e => new[] { Anything, e }), Anything]);

    static bool Same(string actual, string expected) =>
        expected.EndsWith(Anything, StringComparison.Ordinal) ? actual.StartsWith(expected[..^1].Trim(), StringComparison.Ordinal) : actual == expected;

    [GeneratedRegex(@"\x1b\[[0-9;?]*[A-Za-z]|\^[@D]|[\x00-\x08\x0b-\x1f]")]
    private static partial Regex Controls();

    [GeneratedRegex("pvc-[0-9a-f-]{36}")]
    private static partial Regex Volume();

    [GeneratedRegex(@"\b\d+\.\d+\.\d+\.\d+\b")]
    private static partial Regex Address();

    [GeneratedRegex(@"\b(\d+[dhms])+\b")]
    private static partial Regex Age();

    [GeneratedRegex("(?<=\" deleted) from \\S+ namespace$")]
    private static partial Regex Space();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
