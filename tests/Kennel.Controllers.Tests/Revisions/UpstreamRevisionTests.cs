using Kennel.Controllers.Revisions;
using Kennel.Objects;
using Kennel.Objects.Apps;

namespace Kennel.Controllers.Tests.Revisions;

public sealed class UpstreamRevisionTests
{
    static T Load<T>(string file) where T : IDocument<T> => Json.Read<T>(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "data", file)));

    [Theory, Trait("Behaviour", "SS-303")]
    [InlineData("1.33.0")]
    [InlineData("1.34.0")]
    public void The_hash_of_upstreams_bytes_is_the_one_in_upstreams_name(string version)
    {
        var revision = Load<ControllerRevision>($"compatibility_revision_{version}.json");
        using var data = System.Text.Json.JsonDocument.Parse(revision.Data!.Value.Bytes());
        $"test-{RevisionHash.Of(CanonicalJson.Of(data.RootElement), 0)}".ShouldBe(revision.Metadata.Name);
    }

    [Fact, Trait("Behaviour", "SS-301")]
    public void The_revision_that_we_make_of_a_set_has_upstreams_name_and_bytes()
    {
        var set = Load<StatefulSet>("compatibility_set_1.34.0.json");
        var upstream = Load<ControllerRevision>("compatibility_revision_1.34.0.json");
        var made = History.Choose(set, set.Spec!.Template, null, 0, [], _ => null);
        made.Update.Metadata.Name.ShouldBe(upstream.Metadata.Name);
        made.Update.Metadata.Labels.OrderBy(l => l.Key).ShouldBe(upstream.Metadata.Labels.OrderBy(l => l.Key));
        using var data = System.Text.Json.JsonDocument.Parse(upstream.Data!.Value.Bytes());
        made.Update.Data!.Value.Text.ShouldBe(CanonicalJson.Of(data.RootElement));
    }

    [Theory, Trait("Behaviour", "SS-307")]
    [InlineData("1.33.0")]
    [InlineData("1.34.0")]
    public void A_revision_that_another_release_wrote_is_recognised_and_nothing_rolls(string version)
    {
        var set = Load<StatefulSet>($"compatibility_set_{version}.json");
        var revision = Load<ControllerRevision>($"compatibility_revision_{version}.json");
        var chosen = History.Choose(set, set.Spec!.Template, revision.Metadata.Name, 0, [revision], _ => null);
        chosen.Update.ShouldBe(revision);
        chosen.Current.ShouldBe(revision);
        chosen.Steps.ShouldBeEmpty();
    }

    [Fact, Trait("Behaviour", "SS-311")]
    public void A_name_that_another_template_holds_counts_a_collision()
    {
        var set = Load<StatefulSet>("compatibility_set_1.34.0.json");
        var squatter = Load<ControllerRevision>("compatibility_revision_1.34.0.json") with { Data = new RawJson("{}") };
        var made = History.Choose(set, set.Spec!.Template, null, 0, [], name => name == squatter.Metadata.Name ? squatter : null);
        made.Collisions.ShouldBe(1);
        made.Update.Metadata.Name.ShouldNotBe(squatter.Metadata.Name);
        made.Update.Metadata.Labels[History.HashLabel].ShouldBe("776999688b");
    }

    [Fact, Trait("Behaviour", "SS-304")]
    public void The_order_of_keys_in_a_template_makes_no_difference()
    {
        var set = Load<StatefulSet>("compatibility_set_1.34.0.json");
        var labels = new Dictionary<string, string> { ["b"] = "<2>", ["a"] = "1" };
        var one = set.Spec!.Template with { Metadata = set.Spec.Template.Metadata with { Labels = labels } };
        var other = set.Spec.Template with { Metadata = set.Spec.Template.Metadata with { Labels = labels.Reverse().ToDictionary() } };
        TemplatePatch.Of(one).ShouldBe(TemplatePatch.Of(other));
        TemplatePatch.Of(one).ShouldContain("\"a\":\"1\",\"b\":\"\\u003c2\\u003e\"");
    }
}
