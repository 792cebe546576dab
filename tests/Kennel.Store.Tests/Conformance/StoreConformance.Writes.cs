namespace Kennel.Store.Tests.Conformance;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task An_empty_store_is_at_revision_1()
    {
        Store.Revision.ShouldBe(1);
        Store.Compacted.ShouldBe(1);
        (await Store.Get("a")).ShouldBeNull();
        var page = await Store.Range(new RangeQuery(""));
        (page.Entries.Count, page.Revision, page.Remaining).ShouldBe((0, 1, 0));
    }

    [Fact]
    public async Task Every_write_gets_the_next_revision()
    {
        (await Put("a", "1")).Modified.ShouldBe(2);
        (await Put("b", "1")).Modified.ShouldBe(3);
        var entry = await Put("a", "2");
        (entry.Created, entry.Modified).ShouldBe((2, 4));
        (await Delete("b")).Modified.ShouldBe(5);
        Store.Revision.ShouldBe(5);
    }

    [Fact]
    public async Task A_create_is_refused_when_the_key_exists()
    {
        await Put("a", "1");
        var outcome = await Store.Write(new Write("a", 0, Bytes("2")));
        outcome.Succeeded.ShouldBeFalse();
        outcome.Revision.ShouldBe(2);
        Text(outcome.Entry!.Value).ShouldBe("1");
        Text((await Store.Get("a"))!.Value).ShouldBe("1");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(99)]
    public async Task An_update_is_refused_when_the_revision_is_another(long expected)
    {
        await Put("a", "1");
        await Put("b", "1");
        foreach (var value in new[] { "2", null })
        {
            var outcome = await Store.Write(new Write("a", expected, value is null ? null : Bytes(value)));
            outcome.Succeeded.ShouldBeFalse();
            outcome.Entry!.Modified.ShouldBe(2);
        }

        Store.Revision.ShouldBe(3);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public async Task A_missing_key_cannot_be_deleted(long expected)
    {
        var outcome = await Store.Write(new Write("a", expected, null));
        outcome.Succeeded.ShouldBeFalse();
        outcome.Entry.ShouldBeNull();
        Store.Revision.ShouldBe(1);
    }

    [Fact]
    public async Task A_missing_key_cannot_be_updated()
    {
        var outcome = await Store.Write(new Write("a", 2, Bytes("1")));
        outcome.Succeeded.ShouldBeFalse();
        outcome.Entry.ShouldBeNull();
    }

    [Fact]
    public async Task A_key_that_was_deleted_can_be_created_again_and_is_new()
    {
        await Put("a", "1");
        await Delete("a");
        (await Store.Get("a")).ShouldBeNull();
        var entry = await Put("a", "2", expected: 0);
        (entry.Created, entry.Modified).ShouldBe((4, 4));
    }

    [Theory]
    [InlineData("""{"v":""}""", 6, """{"v":"2"}""")]
    [InlineData("", 0, "2")]
    [InlineData("ab", 2, "ab2")]
    public async Task A_value_is_stamped_with_its_revision(string value, int at, string stored)
    {
        var outcome = await Store.Write(new Write("a", 0, Bytes(value), at));
        Text(outcome.Entry!.Value).ShouldBe(stored);
        Text((await Store.Get("a"))!.Value).ShouldBe(stored);
    }

    [Fact]
    public async Task The_last_value_of_a_deleted_key_is_stamped_with_the_revision_of_the_delete()
    {
        await Put("a", "v2");
        var outcome = await Store.Write(new Write("a", 2, null, 1, Bytes("v")));
        Text(outcome.Entry!.Value).ShouldBe("v3");
        (await Watched("a", 2, 1)).ShouldBe(["Deleted a=v3@3 was v2"]);
    }

    [Fact]
    public async Task The_caller_may_use_its_buffer_again()
    {
        var buffer = "one"u8.ToArray();
        await Store.Write(new Write("a", 0, buffer));
        buffer[0] = (byte)'X';
        Text((await Store.Get("a"))!.Value).ShouldBe("one");
    }

    [Fact]
    public async Task A_stamp_outside_of_the_value_is_the_callers_mistake()
    {
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await Store.Write(new Write("a", 0, Bytes("ab"), 3)));
        Store.Revision.ShouldBe(1);
    }

    [Fact]
    public async Task Of_many_writers_that_expect_the_same_exactly_one_wins()
    {
        await Put("a", "0");
        for (var round = 0; round < 20; round++)
        {
            var at = (await Store.Get("a"))!.Modified;
            var writes = Enumerable.Range(0, 16).Select(i => Task.Factory.StartNew(() => Store.Write(new Write("a", at, Bytes($"{round}.{i}"))).AsTask()).Unwrap());
            var outcomes = await Task.WhenAll(writes);
            var winner = outcomes.ShouldHaveSingleItem(outcome => outcome.Succeeded);
            foreach (var loser in outcomes.Where(outcome => !outcome.Succeeded)) loser.Entry!.Modified.ShouldBe(winner.Entry!.Modified);
        }

        Store.Revision.ShouldBe(22);
    }

    [Fact]
    public async Task A_writer_reads_its_own_write()
    {
        await Parallel.ForAsync(0, 200, async (i, _) =>
        {
            var outcome = await Store.Write(new Write($"k{i}", 0, Bytes($"{i}")));
            Text((await Store.Get($"k{i}"))!.Value).ShouldBe($"{i}");
            Store.Revision.ShouldBeGreaterThanOrEqualTo(outcome.Revision);
        });
    }
}
