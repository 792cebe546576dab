using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Kennel.Tidy.Tests;

/// <summary>Ids and tests hold each other: no behaviour without a test or a reason, no test of a behaviour that nobody knows.</summary>
public sealed partial class BehaviourTests
{
    const string Folder = "docs/behaviours";

    static readonly string[] s_all = [.. Known().Matches(Read("all.md")).Select(m => m.Groups[1].Value)];
    static readonly string[] s_open = [.. Known().Matches(Read("open.md")).Select(m => m.Groups[1].Value)];
    static readonly string[] s_differing = [.. Rows("differences.md")];
    static readonly string[] s_elsewhere = [.. Rows("not-applicable.md")];
    static readonly ILookup<string, string> s_cited = Citations().ToLookup(c => c.Id, c => c.File);

    [Fact]
    public void The_list_names_each_behaviour_once_and_in_order() =>
        s_all.ShouldBe(s_all.Distinct().OrderBy(id => int.Parse(id[3..])));

    [Fact]
    public void Every_behaviour_is_tested_or_it_is_said_why_not() =>
        s_all.Where(id => !s_cited.Contains(id)).Except(s_differing).Except(s_elsewhere).Except(s_open)
            .ShouldBeEmpty($"cite them in tests, or give them a row in {Folder}/differences.md or {Folder}/not-applicable.md");

    [Fact]
    public void Every_cited_behaviour_is_in_the_list() =>
        s_cited.Where(c => !s_all.Contains(c.Key)).Select(c => $"{c.Key}: {string.Join(", ", c.Distinct())}").ShouldBeEmpty();

    [Fact]
    public void Every_reason_is_about_a_behaviour_of_the_list() =>
        s_differing.Concat(s_elsewhere).Concat(s_open).Except(s_all).ShouldBeEmpty();

    [Fact]
    public void What_does_not_apply_or_is_open_has_no_test() =>
        s_elsewhere.Concat(s_open).Where(s_cited.Contains).ShouldBeEmpty("scripts/behaviours.sh takes tested ids out of open.md; not-applicable.md is yours");

    [Fact]
    public void The_list_of_tests_is_up_to_date()
    {
        var made = Path.GetTempFileName();
        using var script = Process.Start(new ProcessStartInfo("sh", [Path.Combine(Repository.Root, "scripts/behaviours.sh"), made]))!;
        script.WaitForExit();
        script.ExitCode.ShouldBe(0);
        var same = File.ReadAllText(made) == Read("ids.md");
        File.Delete(made);
        same.ShouldBeTrue("run scripts/behaviours.sh");
    }

    static string Read(string file) => File.ReadAllText(Path.Combine(Repository.Root, Folder, file));

    /// <summary>The ids in the first column of the tables of a file.</summary>
    static IEnumerable<string> Rows(string file) =>
        Row().Matches(Read(file)).SelectMany(row => Id().Matches(row.Groups[1].Value)).Select(m => m.Value).Distinct();

    static IEnumerable<(string Id, string File)> Citations() =>
        from file in Repository.Sources("tests").Concat(Repository.Files("tests", "*.json"))
        from citation in Cited().Matches(File.ReadAllText(Path.Combine(Repository.Root, file)))
        from id in Id().Matches(citation.Value)
        select (id.Value, file);

    [GeneratedRegex(@"Trait\(""Behaviour"", *""[^""]*""\)|""behaviour"": *""[^""]*""")]
    private static partial Regex Cited();

    [GeneratedRegex(@"^- (SS-\d+)", RegexOptions.Multiline)]
    private static partial Regex Known();

    [GeneratedRegex(@"^\| *(SS-[^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"SS-\d+")]
    private static partial Regex Id();
}
