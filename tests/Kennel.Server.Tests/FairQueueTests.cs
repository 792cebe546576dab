using Kennel.Server.Http;

namespace Kennel.Server.Tests;

public sealed class FairQueueTests
{
    readonly FairQueue _queue = new(1, TimeProvider.System);
    readonly List<string> _served = [];

    async Task Serve(string who)
    {
        (await _queue.Enter(who, default)).ShouldBeTrue();
        _served.Add(who);
        _queue.Leave();
    }

    [Fact]
    public async Task Who_sends_many_at_once_delays_himself_and_not_others()
    {
        (await _queue.Enter("first", default)).ShouldBeTrue();
        var waiting = new[] { "greedy", "greedy", "greedy", "modest", "other" }.Select(Serve).ToList();
        _queue.Leave();
        await Task.WhenAll(waiting);
        _served.ShouldBe(["greedy", "modest", "other", "greedy", "greedy"]);
    }

    [Fact]
    public async Task A_line_has_an_end_and_others_still_get_into_theirs()
    {
        (await _queue.Enter("first", default)).ShouldBeTrue();
        var waiting = Enumerable.Range(0, FairQueue.MostInLine).Select(_ => Serve("greedy")).ToList();
        (await _queue.Enter("greedy", default)).ShouldBeFalse();
        waiting.Add(Serve("modest"));
        _queue.Leave();
        await Task.WhenAll(waiting);
        _served[1].ShouldBe("modest");
        _served.Count.ShouldBe(FairQueue.MostInLine + 1);
    }

    [Fact]
    public async Task Who_goes_away_gives_his_place_up()
    {
        (await _queue.Enter("first", default)).ShouldBeTrue();
        using var gone = new CancellationTokenSource();
        var left = _queue.Enter("leaving", gone.Token).AsTask();
        var stays = Serve("staying");
        await gone.CancelAsync();
        (await left).ShouldBeFalse();
        _queue.Leave();
        await stays;
        (await _queue.Enter("next", default)).ShouldBeTrue();
    }

    [Fact]
    public async Task Seats_are_never_lost_nor_doubled()
    {
        var queue = new FairQueue(3, TimeProvider.System);
        var (inside, most) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(who => Task.Factory.StartNew(async () =>
        {
            for (var i = 0; i < 500; i++)
            {
                (await queue.Enter($"user-{who % 4}", default)).ShouldBeTrue();
                var now = Interlocked.Increment(ref inside);
                InterlockedMax(ref most, now);
                await Task.Yield();
                Interlocked.Decrement(ref inside);
                queue.Leave();
            }
        }, default, TaskCreationOptions.None, TaskScheduler.Default).Unwrap()));
        most.ShouldBeLessThanOrEqualTo(3);
        for (var i = 0; i < 3; i++) (await queue.Enter("after", default)).ShouldBeTrue();
    }

    static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen;)
        {
            var before = Interlocked.CompareExchange(ref most, value, seen);
            if (before == seen) return;
            seen = before;
        }
    }

    [Theory]
    [InlineData("/api/v1/namespaces/default/pods/web-0/log", "log")]
    [InlineData("/api/v1/namespaces/default/services/web:http/proxy/a/b/c/d", "proxy")]
    [InlineData("/api/v1/nodes/n/proxy/metrics", "proxy")]
    [InlineData("/api/v1/namespaces/proxy/configmaps/log", "")]
    [InlineData("/api/v1/namespaces/x/finalize", "")]
    [InlineData("/apis/apps/v1/namespaces/x/statefulsets/exec", "")]
    [InlineData("/", "")]
    public void Only_a_subresource_makes_a_request_long_and_no_name_that_sounds_like_one(string path, string subresource) =>
        LongRequests.Subresource(path).ToString().ShouldBe(subresource);
}
