namespace Kennel.Store.Tests.Conformance;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task A_watch_tells_history_first_and_then_what_happens()
    {
        await Put("a/1", "x");
        await Put("a/1", "y");
        var watched = Watched("a/", 1, 4);
        await Delete("a/1");
        await Put("b/1", "other");
        await Put("a/2", "z");
        (await watched).ShouldBe(
        [
            "Created a/1=x@2 was nothing", "Updated a/1=y@3 was x", "Deleted a/1=y@4 was y", "Created a/2=z@6 was nothing",
        ]);
    }

    [Fact]
    public async Task A_watch_begins_after_its_revision()
    {
        for (var i = 0; i < 5; i++) await Put("a", $"{i}");
        (await Watched("a", 4, 2)).ShouldBe(["Updated a=3@5 was 2", "Updated a=4@6 was 3"]);
    }

    [Fact]
    public async Task A_watch_from_the_future_tells_nothing_that_came_before_it()
    {
        var watched = Watched("a", 3, 1);
        for (var i = 0; i < 3; i++) await Put("a", $"{i}");
        (await watched).ShouldBe(["Updated a=2@4 was 1"]);
    }

    [Fact]
    public async Task A_watch_that_is_up_to_date_tells_first_where_it_is()
    {
        await Put("b", "");
        await using var watch = Store.Watch("a", 1).GetAsyncEnumerator();
        (await watch.MoveNextAsync().AsTask().WaitAsync(Patience)).ShouldBeTrue();
        (watch.Current.Changes.Count, watch.Current.Revision).ShouldBe((0, 2));
    }

    [Fact]
    public async Task An_idle_watch_hears_of_other_writes_by_a_progress_mark()
    {
        await using var watch = Store.Watch("a", 1).GetAsyncEnumerator();
        var next = watch.MoveNextAsync().AsTask();
        for (var i = 0; i < 10; i++) await Put("b", $"{i}");
        next.IsCompleted.ShouldBeFalse();
        Time.Advance(TimeSpan.FromSeconds(1));
        (await next.WaitAsync(Patience)).ShouldBeTrue();
        (watch.Current.Changes.Count, watch.Current.Revision).ShouldBe((0, 11));
        next = watch.MoveNextAsync().AsTask();
        await Put("a", "1");
        await next.WaitAsync(Patience);
        Show(watch.Current.Changes.ShouldHaveSingleItem()).ShouldBe("Created a=1@12 was nothing");
    }

    [Fact]
    public async Task A_hundred_watchers_see_every_change_once_and_in_order_while_writers_write()
    {
        const int keys = 8, rounds = 100;
        using var limit = new CancellationTokenSource(Patience);
        var watchers = Enumerable.Range(0, 100).Select(i => Revisions($"k{i % keys}/", rounds, limit.Token)).ToArray();
        await Parallel.ForAsync(0, keys, async (key, _) =>
        {
            var at = 0L;
            for (var i = 0; i < rounds; i++) at = (await Store.Write(new Write($"k{key}/x", at, Bytes($"{i}")))).Revision;
        });
        var seen = await Task.WhenAll(watchers);
        foreach (var (values, revisions) in seen)
        {
            values.ShouldBe(Enumerable.Range(0, rounds).Select(i => $"{i}"));
            revisions.ShouldBeInOrder(SortDirection.Ascending);
        }

        seen.Take(keys).SelectMany(each => each.Revisions).Distinct().Count().ShouldBe(keys * rounds);
    }

    [Fact]
    public async Task Watchers_of_one_prefix_share_the_changes()
    {
        await using var one = Store.Watch("a", 1).GetAsyncEnumerator();
        await using var other = Store.Watch("a", 1).GetAsyncEnumerator();
        var waits = new[] { one.MoveNextAsync().AsTask(), other.MoveNextAsync().AsTask() };
        await Put("a", "1");
        await Task.WhenAll(waits).WaitAsync(Patience);
        one.Current.Changes[0].ShouldBeSameAs(other.Current.Changes[0]);
    }

    [Fact]
    public async Task A_watch_ends_when_it_is_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        await using var watch = Store.Watch("a", 1, cancel.Token).GetAsyncEnumerator();
        var next = watch.MoveNextAsync().AsTask();
        cancel.Cancel();
        await Should.ThrowAsync<OperationCanceledException>(next.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_watch_ends_when_the_store_is_closed()
    {
        await using var watch = Store.Watch("a", 1).GetAsyncEnumerator();
        var next = watch.MoveNextAsync().AsTask();
        await Store.DisposeAsync();
        (await next.WaitAsync(Patience)).ShouldBeFalse();
    }

    private async Task<(List<string> Values, List<long> Revisions)> Revisions(string prefix, int count, CancellationToken cancel)
    {
        var (values, revisions) = (new List<string>(), new List<long>());
        await foreach (var batch in Store.Watch(prefix, 1, cancel))
        {
            foreach (var change in batch.Changes)
            {
                values.Add(Text(change.Entry.Value));
                revisions.Add(change.Entry.Modified);
            }

            if (revisions.Count > 0) batch.Revision.ShouldBeGreaterThanOrEqualTo(revisions[^1]);
            if (values.Count >= count) break;
        }

        return (values, revisions);
    }
}
