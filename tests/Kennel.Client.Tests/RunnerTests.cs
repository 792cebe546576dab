using Kennel.Client.Running;
using Kennel.Client.Tests.Fake;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Client.Tests;

public sealed class RunnerTests
{
    static readonly ObjectKey One = new("a", "one");

    [Fact]
    public async Task A_wish_becomes_an_object()
    {
        await using var w = new RunnerWorld();
        await w.Start((key, secrets, _) => secrets.Get(key) is null ? new([new Step.Create(RunnerWorld.Secret(key.Name))]) : Decision.Nothing);
        w.Wish("one");
        await Eventually.True(() => w.Api.Get<Secret>("a", "one") is not null);
    }

    [Fact, Trait("Behaviour", "SS-723")]
    public async Task A_key_is_not_looked_at_again_before_the_cache_shows_what_it_wrote()
    {
        await using var w = new RunnerWorld();
        // Made under a name that the server gives: looking too early would make a second one.
        await w.Start((_, secrets, _) => secrets.In("a").Any() ? Decision.Nothing : new([new Step.Create(new Secret { Metadata = new() { GenerateName = "s-", Namespace = "a" } })]));
        var answered = new TaskCompletionSource();
        w.Api.Instead = call =>
        {
            if (call is { Method: "POST" } && call.Path.EndsWith("/secrets", StringComparison.Ordinal)) { w.Api.Hold(); answered.TrySetResult(); }
            return null;
        };
        w.Wish("one");
        await answered.Task;
        await Eventually.True(() => w.Api.All<Secret>().Count == 1);
        // The wish changes while the caches are held back; it is seen by the queue only through the caches, so it is put there by hand.
        var wishes = w.Caches.Cache<ConfigMap>();
        for (var i = 0; i < 20; i++) wishes.Put(new ConfigMap { Metadata = new() { Name = "one", Namespace = "a", ResourceVersion = "1", Labels = new Dictionary<string, string> { ["n"] = $"{i}" } } });
        await Eventually.True(() => w.Runner.Figures.Single().Postponed >= 1); // a round that was put off is counted
        w.Count(One).ShouldBe(1);
        w.Api.Release();
        await Eventually.True(() => w.Count(One) >= 2);
        w.Api.All<Secret>().Count.ShouldBe(1);
    }

    [Fact]
    public async Task After_a_deletion_the_key_waits_until_the_object_is_gone_from_the_cache()
    {
        await using var w = new RunnerWorld();
        w.Api.Put(RunnerWorld.Secret("one"));
        await w.Start((key, secrets, _) => secrets.Get(key) is null ? Decision.Nothing : new([new Step.Delete(Secret.Resource, key)]));
        w.Wish("one");
        await Eventually.True(() => w.Api.Get<Secret>("a", "one") is null);
        w.Wish("one", "again");
        await Eventually.True(() => w.Count(One) >= 2);
        w.Api.Calls.Count(c => c.StartsWith("DELETE ", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Deleting_what_is_gone_is_success()
    {
        await using var w = new RunnerWorld();
        var done = new TaskCompletionSource();
        await w.Start((key, _, moment) =>
        {
            if (w.Count(key) > 1) done.TrySetResult();
            return w.Count(key) > 1 ? Decision.Nothing : new([new Step.Delete(Secret.Resource, new("a", "never"))]);
        });
        w.Wish("one");
        await Eventually.True(() => w.Count(One) == 1);
        w.Wish("one", "again");
        await done.Task;
        w.Rounds[1].Moment.Attempt.ShouldBe(0);
    }

    [Fact]
    public async Task Steps_go_in_order_and_stop_at_the_first_failure()
    {
        await using var w = new RunnerWorld();
        w.Api.Instead = call => call.Method == "POST" && call.Body.Span.IndexOf("\"bad\""u8) >= 0 ? FakeApi.Refuse(422, "Invalid", "it is bad") : null;
        await w.Start((key, _, moment) => moment.Attempt > 0 ? Decision.Wait("the test to end")
            : new([new Step.Create(RunnerWorld.Secret("first")), new Step.Create(RunnerWorld.Secret("bad")), new Step.Create(RunnerWorld.Secret("never"))]));
        w.Wish("one");
        await Eventually.True(() => w.Runner.Waiting.Any(x => x.For is not null));
        w.Api.All<Secret>().Select(s => s.Metadata.Name).ShouldBe(["first"]);
        w.Rounds[1].Moment.Problem.ShouldBe("it is bad");
    }

    [Fact]
    public async Task A_batch_is_tried_whole_and_what_comes_after_it_only_if_none_of_it_failed()
    {
        await using var w = new RunnerWorld();
        w.Api.Instead = call => call.Method == "POST" && call.Body.Span.IndexOf("\"bad\""u8) >= 0 ? FakeApi.Refuse(422, "Invalid", "it is bad") : null;
        await w.Start((key, _, moment) => moment.Attempt > 0 ? Decision.Wait("the test to end")
            : new([.. new[] { ("first", 1), ("bad", 2), ("beside", 2), ("never", 3) }.Select(s => new Step.Create(RunnerWorld.Secret(s.Item1)) { Batch = s.Item2 })]));
        w.Wish("one");
        await Eventually.True(() => w.Runner.Waiting.Any(x => x.For is not null));
        w.Api.All<Secret>().Select(s => s.Metadata.Name).ShouldBe(["beside", "first"], ignoreOrder: true);
        w.Rounds[1].Moment.Problem.ShouldBe("it is bad");
    }

    [Fact]
    public async Task A_step_that_may_fail_lets_the_others_pass_but_the_round_is_tried_again()
    {
        await using var w = new RunnerWorld();
        var refusals = 1;
        w.Api.Instead = call => call.Method == "POST" && call.Body.Span.IndexOf("\"bad\""u8) >= 0 && refusals-- > 0 ? FakeApi.Refuse(500, "InternalError", "once") : null;
        await w.Start((key, secrets, _) => new([.. new[] { "bad", "good" }.Where(n => secrets.Get(new("a", n)) is null).Select(n => new Step.Create(RunnerWorld.Secret(n)) { MayFail = true })]));
        w.Wish("one");
        await Eventually.True(() => w.Api.All<Secret>().Count == 2);
        w.Rounds.Select(r => r.Moment.Attempt).Take(2).ShouldBe([0, 1]);
        (w.Runner.Figures.Single().Retries, w.Runner.Figures.Single().Depth).ShouldBe((1, 0));
    }

    [Fact]
    public async Task A_conflict_is_tried_again_without_an_event_and_other_failures_tell()
    {
        await using var w = new RunnerWorld();
        List<ApiAnswer> refusals = [FakeApi.Refuse(409, "Conflict", "too late"), FakeApi.Refuse(500, "InternalError", "it broke")];
        w.Api.Instead = call =>
        {
            if (call.Method != "POST" || !call.Path.EndsWith("/secrets", StringComparison.Ordinal) || refusals.Count == 0) return null;
            var refusal = refusals[0];
            refusals.RemoveAt(0);
            return refusal;
        };
        await w.Start((key, secrets, _) => secrets.Get(key) is not null ? Decision.Nothing : new([new Step.Create(RunnerWorld.Secret(key.Name))
        {
            Done = new(RunnerWorld.Secret("one"), "Made", $"made {Note.NameOfCreated}"),
            Failed = new(RunnerWorld.Secret("one"), "NotMade", "not made: {0}", Warning: true),
        }]));
        w.Wish("one");
        await Eventually.True(() => w.Api.All<Event>().Count == 2);
        w.Api.All<Event>().Select(e => $"{e.Type} {e.Reason}: {e.Message} ({e.Source!.Component})")
            .ShouldBe(["Warning NotMade: not made: it broke (test-controller)", "Normal Made: made one (test-controller)"], ignoreOrder: true);
    }

    [Fact]
    public async Task What_a_key_waits_for_can_be_read_until_it_waits_no_more()
    {
        await using var w = new RunnerWorld();
        await w.Start((key, secrets, _) => secrets.Get(new("a", "other")) is null ? Decision.Wait("other to appear") : Decision.Nothing);
        w.Wish("one");
        await Eventually.True(() => w.Runner.Waiting.Count == 1);
        var waiting = w.Runner.Waiting[0];
        (waiting.Controller, waiting.Key, waiting.For, waiting.Failures).ShouldBe(("test-controller", One, "other to appear", 0));
        w.Api.Put(RunnerWorld.Secret("other"));
        await Eventually.True(() => w.Caches.Cache<Secret>().All().Any());
        w.Wish("one", "again");
        await Eventually.True(() => w.Runner.Waiting.Count == 0);
    }

    [Fact]
    public async Task A_wished_time_brings_the_key_back_at_it_and_not_before()
    {
        await using var w = new RunnerWorld();
        DateTimeOffset? at = null;
        await w.Start((_, _, moment) => at is null ? Decision.Wait("time to pass", (at = moment.Now.AddMilliseconds(30)).Value) : Decision.Nothing);
        w.Wish("one");
        await Eventually.True(() => w.Count(One) == 2);
        w.Rounds[1].Moment.Now.ShouldBeGreaterThanOrEqualTo(at!.Value);
    }

    [Fact]
    public async Task Two_workers_never_hold_the_same_key_and_no_wish_is_lost()
    {
        await using var w = new RunnerWorld();
        var inside = 0;
        var worst = 0;
        var last = "";
        await w.Start((key, _, _) =>
        {
            worst = Math.Max(worst, Interlocked.Increment(ref inside));
            last = w.Caches.Cache<ConfigMap>().Get(key)?.Data["value"] ?? "";
            Thread.SpinWait(20000);
            Interlocked.Decrement(ref inside);
            return Decision.Nothing;
        });
        for (var i = 0; i < 200; i++) w.Wish("one", $"{i}");
        await Eventually.True(() => last == "199");
        worst.ShouldBe(1);
    }

    [Fact]
    public async Task A_decision_that_throws_is_logged_and_tried_again()
    {
        await using var w = new RunnerWorld();
        await w.Start((_, _, moment) => moment.Attempt == 0 ? throw new InvalidOperationException("a mistake") : Decision.Nothing);
        w.Wish("one");
        await Eventually.True(() => w.Count(One) == 2 && w.Runner.Waiting.Count == 0);
        w.Log.ShouldContain(l => l.Contains("a mistake"));
    }

    [Fact]
    public async Task An_API_that_is_away_is_a_failed_round()
    {
        await using var w = new RunnerWorld();
        var refusals = 2;
        w.Api.Instead = call => call.Method == "POST" && refusals-- > 0 ? throw new ApiUnavailableException("connection refused") : null;
        await w.Start((key, secrets, _) => secrets.Get(key) is null ? new([new Step.Create(RunnerWorld.Secret(key.Name))]) : Decision.Nothing);
        w.Wish("one");
        await Eventually.True(() => w.Api.Get<Secret>("a", "one") is not null);
        w.Rounds.Select(r => r.Moment.Problem).Take(3).ShouldBe([null, "connection refused", "connection refused"]);
    }
}
