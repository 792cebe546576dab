using System.Text.RegularExpressions;

namespace Kennel.Tidy.Tests;

/// <summary>Habits that a compiler doesn't hold.</summary>
public sealed partial class NameTests
{
    [Fact]
    public void No_type_is_called_after_nothing_in_particular()
    {
        var found = Repository.Sources("src").Concat(Repository.Sources("tools"))
            .SelectMany(f => Vague().Matches(File.ReadAllText(Path.Combine(Repository.Root, f))).Select(m => $"{f}: {m.Groups[1].Value}"));
        found.ShouldBeEmpty();
    }

    [Fact]
    public void A_file_can_be_read_in_one_go()
    {
        const int most = 300; // lines; most files are under 150
        var found = Repository.Sources("src").Concat(Repository.Sources("tools"))
            .Where(f => File.ReadLines(Path.Combine(Repository.Root, f)).Count() > most);
        found.ShouldBeEmpty();
    }

    [Fact]
    public void There_are_no_regions() =>
        Repository.Sources("src").Where(f => File.ReadAllText(Path.Combine(Repository.Root, f)).Contains("#region", StringComparison.Ordinal)).ShouldBeEmpty();

    [Fact]
    public void The_schema_knows_no_built_in_kind()
    {
        // Nothing outside a kind's own folder names a built-in kind: the walks work for any schema.
        foreach (var folder in new[] { "Schemas", "Decoding", "Patches", "Applying", "Selectors" })
            foreach (var file in Repository.Sources($"src/Kennel.Objects/{folder}"))
                File.ReadAllText(Path.Combine(Repository.Root, file)).ShouldNotContain("\"StatefulSet\"", Case.Sensitive, file);
    }

    [GeneratedRegex(@"\b(?:class|record|struct|interface)\s+(\w+(?:Manager|Helper|Helpers|Util|Utils|Utility|Info|Base))\b")]
    private static partial Regex Vague();
}
