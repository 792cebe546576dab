using Kennel.Store.Memory;

namespace Kennel.Store.Tests.Conformance;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task Compaction_forgets_history_and_keeps_the_current_state()
    {
        for (var i = 0; i < 200; i++) await Put($"k{i % 10}", $"{i}");
        await Store.Compact(150);
        Store.Compacted.ShouldBe(150);
        var gone = await Should.ThrowAsync<CompactedException>(async () => await Store.Range(new RangeQuery("", 149)));
        (gone.Asked, gone.Compacted).ShouldBe((149, 150));
        Show(await Store.Range(new RangeQuery("", 150))).ShouldBe(string.Join(' ', Enumerable.Range(0, 10).Select(k => $"k{k}={(k < 9 ? 140 + k : 139)}")));
        (await Store.Range(new RangeQuery(""))).Entries.Count.ShouldBe(10);
        Text((await Store.Get("k3"))!.Value).ShouldBe("193");
    }

    [Fact]
    public async Task A_watch_from_before_the_compaction_is_refused_and_one_from_there_on_is_not()
    {
        for (var i = 0; i < 200; i++) await Put("a", $"{i}");
        await Store.Compact(150);
        var gone = await Should.ThrowAsync<CompactedException>(() => Watched("a", 148, 1));
        (gone.Asked, gone.Compacted).ShouldBe((148, 150));
        (await Watched("a", 149, 1))[0].ShouldBe("Updated a=148@150 was 147");
    }

    [Fact]
    public async Task A_reader_that_is_too_slow_is_cut_off_and_one_that_only_waits_is_not()
    {
        await using var slow = Store.Watch("a", 1).GetAsyncEnumerator();
        await using var idle = Store.Watch("b", 1).GetAsyncEnumerator();
        await Put("a", "0");
        (await slow.MoveNextAsync().AsTask().WaitAsync(Patience)).ShouldBeTrue();
        (await idle.MoveNextAsync().AsTask().WaitAsync(Patience)).ShouldBeTrue();
        var waits = idle.MoveNextAsync().AsTask();
        for (var i = 1; i < 100; i++) await Put("a", $"{i}");
        await Store.Compact(90);
        await Should.ThrowAsync<CompactedException>(slow.MoveNextAsync().AsTask().WaitAsync(Patience));
        await Put("b", "1");
        (await waits.WaitAsync(Patience)).ShouldBeTrue();
        Show(idle.Current.Changes.ShouldHaveSingleItem()).ShouldBe("Created b=1@102 was nothing");
    }

    [Fact]
    public async Task The_newest_revision_survives_a_compaction_of_everything()
    {
        await Put("a", "1");
        await Delete("a");
        await Store.Compact(3);
        Store.Compacted.ShouldBe(3);
        (await Put("a", "2")).Modified.ShouldBe(4);
        (await Watched("a", 2, 2)).ShouldBe(["Deleted a=1@3 was 1", "Created a=2@4 was nothing"]);
    }

    [Fact]
    public async Task The_future_cannot_be_compacted() =>
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await Store.Compact(2));

    [Fact]
    public async Task What_is_old_enough_is_forgotten_by_itself()
    {
        const int writes = (int)Retention.Revisions + 500;
        for (var i = 0; i < writes; i++) await Put($"k{i % 10}", $"{i}");
        Time.Advance(Retention.Age - TimeSpan.FromSeconds(20));
        await Put("k", "1");
        Store.Compacted.ShouldBe(1);
        Time.Advance(Retention.Age);
        await Put("k", "2");
        for (var i = 0; i < 20 && Store.Compacted < 500; i++) await Put("k", $"{i}"); // an engine may take it in portions
        Store.Compacted.ShouldBeInRange(500, 600);
    }
}
