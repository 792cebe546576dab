namespace Kennel.Store.Tests.Conformance;

public abstract partial class StoreConformance
{
    [Theory]
    [InlineData("", "a a/1 a/10 a/2 ab b")]
    [InlineData("a", "a a/1 a/10 a/2 ab")]
    [InlineData("a/", "a/1 a/10 a/2")]
    [InlineData("a/1", "a/1 a/10")]
    [InlineData("c", "")]
    [InlineData("a/11", "")]
    public async Task A_range_finds_the_keys_under_a_prefix_in_order(string prefix, string keys)
    {
        foreach (var key in new[] { "b", "a/2", "a", "ab", "a/10", "a/1" }) await Put(key, "");
        var page = await Store.Range(new RangeQuery(prefix));
        string.Join(' ', page.Entries.Select(entry => entry.Key)).ShouldBe(keys);
        page.Revision.ShouldBe(7);
    }

    [Fact]
    public async Task Pages_end_where_the_limit_says_and_go_on_after_the_last_key()
    {
        for (var i = 0; i < 7; i++) await Put($"p/{i}", $"{i}");
        await Put("q", "");
        var first = await Store.Range(new RangeQuery("p/", Limit: 3));
        (Show(first), first.Remaining).ShouldBe(("p/0=0 p/1=1 p/2=2", 4));
        var second = await Store.Range(new RangeQuery("p/", After: "p/2", Limit: 3));
        (Show(second), second.Remaining).ShouldBe(("p/3=3 p/4=4 p/5=5", 1));
        var third = await Store.Range(new RangeQuery("p/", After: "p/5", Limit: 3));
        (Show(third), third.Remaining).ShouldBe(("p/6=6", 0));
        (await Store.Range(new RangeQuery("p/", After: "q", Limit: 3))).Entries.ShouldBeEmpty();
        Show(await Store.Range(new RangeQuery("p/", After: "a", Limit: 1))).ShouldBe("p/0=0");
    }

    [Fact]
    public async Task A_range_at_a_revision_is_what_was_then()
    {
        await Put("a", "1"); // 2
        await Put("b", "1"); // 3
        await Put("a", "2"); // 4
        await Delete("b"); // 5
        await Put("c", "1"); // 6
        string[] then = ["", "a=1", "a=1 b=1", "a=2 b=1", "a=2", "a=2 c=1"];
        for (var revision = 1; revision <= 6; revision++)
            Show(await Store.Range(new RangeQuery("", revision))).ShouldBe(then[revision - 1], $"at {revision}");
    }

    [Fact]
    public async Task Pages_at_a_revision_stay_a_snapshot_while_writers_go_on()
    {
        for (var i = 0; i < 300; i++) await Put($"p/{i:000}", "old");
        var keys = new List<string>();
        var page = await Store.Range(new RangeQuery("p/", Limit: 50));
        var revision = page.Revision;
        while (true)
        {
            keys.AddRange(page.Entries.Select(entry => $"{entry.Key}={Text(entry.Value)}"));
            page.Revision.ShouldBe(revision);
            page.Remaining.ShouldBe(300 - keys.Count);
            if (page.Remaining == 0) break;
            var at = keys.Count;
            await Put($"p/{at + 10:000}", "new");
            await Delete($"p/{at + 20:000}");
            await Put($"p/{at + 5:000}.5", "new");
            page = await Store.Range(new RangeQuery("p/", revision, page.Entries[^1].Key, 50));
        }

        keys.ShouldBe(Enumerable.Range(0, 300).Select(i => $"p/{i:000}=old"));
    }

    [Fact]
    public async Task A_revision_that_is_not_yet_there_cannot_be_read() =>
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await Store.Range(new RangeQuery("", 2)));
}
