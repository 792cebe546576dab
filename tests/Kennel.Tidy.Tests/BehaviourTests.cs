using System.Text.RegularExpressions;

namespace Kennel.Tidy.Tests;

/// <summary>Behaviour ids that tests cite are real ones.</summary>
public sealed partial class BehaviourTests
{
    [Fact]
    public void A_cited_behaviour_has_the_form_of_an_id()
    {
        var cited = Repository.Sources("tests").SelectMany(f => Cited().Matches(File.ReadAllText(Path.Combine(Repository.Root, f))).Select(m => (File: f, Id: m.Groups[1].Value))).ToList();
        cited.ShouldNotBeEmpty();
        cited.Where(c => !Id().IsMatch(c.Id)).ShouldBeEmpty();
    }

    [GeneratedRegex("""Trait\("Behaviour", "([^"]*)"\)""")]
    private static partial Regex Cited();

    [GeneratedRegex(@"^SS-(1[0-4]\d{2}|[1-9]\d{2})$")]
    private static partial Regex Id();
}
