using Kennel.Objects.Meta;
using LabelSelector = Kennel.Objects.Selectors.LabelSelector;

namespace Kennel.Objects.Tests.Selectors;

public sealed class LabelSelectorTests
{
    static readonly Dictionary<string, string> s_labels = new() { ["app"] = "notes", ["tier"] = "back", ["example.com/n"] = "7", ["in"] = "x", ["empty"] = "" };

    [Theory]
    [InlineData("", true)]
    [InlineData("app=notes", true)]
    [InlineData("app==notes", true)]
    [InlineData("app = notes , tier != front", true)]
    [InlineData("app!=notes", false)]
    [InlineData("absent!=x", true)]
    [InlineData("app in (a,notes)", true)]
    [InlineData("app notin (a, notes)", false)]
    [InlineData("absent notin (a)", true)]
    [InlineData("app,!absent", true)]
    [InlineData("!app", false)]
    [InlineData("example.com/n>6", true)]
    [InlineData("example.com/n gt 7", false)]
    [InlineData("example.com/n<8,example.com/n lt 9", true)]
    [InlineData("in in (in, x)", true)]
    [InlineData("empty=", true)]
    [InlineData("empty in (,a)", true)]
    [InlineData("empty in ()", true)]
    [InlineData("app=", false)]
    public void Queries_choose_by_labels(string query, bool chosen)
    {
        var (selector, refusal) = LabelSelector.Parse(query);
        refusal.ShouldBeNull();
        selector!.Matches(s_labels).ShouldBe(chosen);
        LabelSelector.Parse(selector.ToString()).Selector!.ToString().ShouldBe(selector.ToString());
    }

    [Theory]
    [InlineData("app=a=b", "found '=', expected: ',' or 'end of string'")]
    [InlineData("app in", "unable to parse requirement: found '' expected: '('")]
    [InlineData("app in (a", "unable to parse requirement: found '', expected: ',' or ')'")]
    [InlineData("app,,b", "found ',', expected: identifier after ','")]
    [InlineData("=a", "found '=', expected: !, identifier, or 'end of string'")]
    [InlineData("app foo", "unable to parse requirement: found 'foo', expected: in, notin, =, ==, !=, gt, lt")]
    [InlineData("!", "unable to parse requirement: found '', expected: identifier")]
    [InlineData("n>x", "unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer")]
    [InlineData("app=-a", "unable to parse requirement: values[0][app]: Invalid value: \"-a\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')")]
    public void What_is_no_query_is_refused_in_upstreams_words(string query, string message)
    {
        var (selector, refusal) = LabelSelector.Parse(query);
        selector.ShouldBeNull();
        refusal.ShouldNotBeNull().Code.ShouldBe(400);
        refusal.Message.ShouldBe(message);
    }

    [Fact]
    public void An_absent_selector_of_an_object_chooses_nothing_and_an_empty_one_everything()
    {
        LabelSelector.From((Meta.LabelSelector?)null).Matches(s_labels).ShouldBeFalse();
        LabelSelector.From(new Meta.LabelSelector()).Matches(s_labels).ShouldBeTrue();
    }

    [Fact]
    public void A_selector_of_an_object_joins_labels_and_expressions()
    {
        var selector = LabelSelector.From(new Meta.LabelSelector
        {
            MatchLabels = new Dictionary<string, string> { ["app"] = "notes" },
            MatchExpressions = [new LabelSelectorRequirement { Key = "tier", Operator = "NotIn", Values = ["front"] }],
        });
        selector.Matches(s_labels).ShouldBeTrue();
        selector.ToString().ShouldBe("app=notes,tier!=front");
        selector.Matches(new Dictionary<string, string> { ["app"] = "notes", ["tier"] = "front" }).ShouldBeFalse();
    }
}
