using Kennel.Client.Running;
using Kennel.Client.Tests.Fake;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Client.Tests;

public sealed class LaneTests
{
    static readonly ObjectKey One = new("a", "one");

    static Step.Create Make(string name, string? lane, Backoff? rest = null) => new(RunnerWorld.Secret(name)) { Lane = lane, Rest = rest };

    static ApiAnswer? RefuseBad(ApiCall call) =>
        call.Method == "POST" && call.Body.Span.IndexOf("\"bad\""u8) >= 0 ? FakeApi.Refuse(403, "Forbidden", "exceeded quota") : null;

    [Fact]
    public async Task A_failed_lane_lets_the_others_go_on_and_is_not_a_failed_round()
    {
        await using var w = new RunnerWorld();
        w.Api.Instead = RefuseBad;
        await w.Start((_, secrets, _) => new([.. new[] { Make("bad", "a"), Make("behind-bad", "a"), Make("good", "b"), Make("trunk", null) }.Where(s => secrets.Get(new("a", s.Object.Metadata.Name!)) is null)], "good things"));
        w.Wish("one");
        await Eventually.True(() => w.Api.All<Secret>().Count == 2);
        w.Api.All<Secret>().Select(s => s.Metadata.Name).ShouldBe(["good", "trunk"], ignoreOrder: true);
        await Eventually.True(() => w.Runner.Waiting is [{ Problem: "exceeded quota", For: "good things", Failures: > 2 }]);
        List<Moment> moments;
        lock (w.Rounds) moments = [.. w.Rounds.Select(r => r.Moment)]; // it is tried on and on
        moments.ShouldAllBe(m => m.Attempt == 0);
        moments[^1].Setbacks!["a"].Problem.ShouldBe("exceeded quota");
    }

    [Fact]
    public async Task A_resting_lane_is_not_tried_whatever_wakes_the_key_and_the_key_comes_back_for_it()
    {
        await using var w = new RunnerWorld();
        await w.Start((key, secrets, _) => new([Make($"s-{secrets.All().Count()}", "slow", Backoff.Steady(TimeSpan.FromSeconds(1000)))]));
        w.Wish("one");
        await Eventually.True(() => w.Api.All<Secret>().Count == 1);
        for (var i = 0; i < 5; i++)
        {
            var seen = w.Count(One);
            w.Wish("one", $"{i}");
            await Eventually.True(() => w.Count(One) > seen);
        }
        w.Api.All<Secret>().Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_a_resting_lane_passed_over_is_done_when_the_rest_is_over()
    {
        await using var w = new RunnerWorld();
        await w.Start((_, secrets, _) => new([.. secrets.All().Count() >= 2 ? Array.Empty<Step>() : [Make($"s-{secrets.All().Count()}", "paced", Backoff.Steady(TimeSpan.FromMilliseconds(200)))]]));
        w.Wish("one");
        await Eventually.True(() => w.Api.All<Secret>().Count == 1);
        w.Wish("one", "again");
        await Eventually.True(() => w.Api.All<Secret>().Count == 2);
    }

    [Fact]
    public void A_lane_rests_longer_each_time_until_it_was_quiet_for_a_while()
    {
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var step = Make("x", "lane", Backoff.Relapses);
        System.Collections.Immutable.ImmutableSortedDictionary<string, Setback>? setbacks = null;
        List<double> rests = [];
        for (var i = 0; i < 12; i++)
        {
            var traffic = new Traffic(setbacks, now, new Random(1));
            traffic.IsOpen(step).ShouldBeTrue();
            traffic.Succeeded(step);
            setbacks = traffic.Setbacks;
            new Traffic(setbacks, now, new Random(1)).IsOpen(step).ShouldBeFalse();
            rests.Add((setbacks["lane"].Until - now).TotalSeconds);
            now = setbacks["lane"].Until;
        }
        rests.ShouldBeInOrder();
        rests[0].ShouldBeInRange(0.9, 1);
        rests[^1].ShouldBeInRange(270, 300);
        new Traffic(setbacks, now.AddMinutes(11), new Random(1)).Setbacks.ShouldBeEmpty();
    }

    [Fact]
    public void Another_step_in_the_place_of_the_one_that_failed_goes_at_once()
    {
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var failed = new Traffic(null, now, new Random(1));
        failed.Failed(Make("bad", "lane"), "no");
        var next = new Traffic(failed.Setbacks, now, new Random(1));
        next.IsOpen(Make("other", "lane")).ShouldBeTrue();
        next.Succeeded(Make("other", "lane"));
        next.Setbacks["lane"].Problem.ShouldBe("no", "what failed has not been tried again");
        next.IsOpen(Make("bad", "lane")).ShouldBeFalse();
        next.IsOpen(Make("behind", "lane")).ShouldBeFalse();
    }

    [Fact]
    public void What_succeeds_again_has_no_setback_any_more()
    {
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var step = Make("x", "lane");
        var failed = new Traffic(null, now, new Random(1));
        failed.Failed(step, "no");
        failed.Worst!.Problem.ShouldBe("no");
        failed.Next.ShouldBe(failed.Setbacks["lane"].Until);
        var again = new Traffic(failed.Setbacks, now.AddSeconds(1), new Random(1));
        again.IsOpen(step).ShouldBeTrue();
        again.Succeeded(step);
        again.Setbacks.ShouldBeEmpty();
    }
}
