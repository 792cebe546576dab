using Kennel.Objects.Selectors;

namespace Kennel.Objects.Tests.Selectors;

public sealed class FieldSelectorTests
{
    static string? Field(string path) => path switch { "metadata.name" => "web-0", "status.phase" => "Running", "odd" => @"a,b=c\d", _ => null };

    [Theory]
    [InlineData("", true)]
    [InlineData("metadata.name=web-0", true)]
    [InlineData("metadata.name==web-0,status.phase!=Pending", true)]
    [InlineData("metadata.name!=web-0", false)]
    [InlineData("spec.nodeName=", true)]
    [InlineData(@"odd=a\,b\=c\\d", true)]
    public void Fields_choose(string query, bool chosen)
    {
        var (selector, refusal) = FieldSelector.Parse(query);
        refusal.ShouldBeNull();
        selector!.Matches(Field).ShouldBe(chosen);
        FieldSelector.Parse(selector.ToString()).Selector!.ToString().ShouldBe(selector.ToString());
    }

    [Fact]
    public void A_name_that_must_be_is_known() => FieldSelector.Parse("metadata.name=web-0").Selector!.Exact("metadata.name").ShouldBe("web-0");

    [Theory]
    [InlineData("metadata.name", "invalid selector: 'metadata.name'; can't understand 'metadata.name'")]
    [InlineData("a=b=c", "invalid field selector: unescaped character in value: 61")]
    [InlineData(@"a=b\c", @"invalid field selector: invalid escape sequence: \c")]
    public void What_is_no_field_query_is_refused(string query, string message) => FieldSelector.Parse(query).Refusal.ShouldNotBeNull().Message.ShouldBe(message);
}
