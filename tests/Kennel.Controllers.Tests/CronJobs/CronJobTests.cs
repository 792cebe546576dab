using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Objects.Batch;

namespace Kennel.Controllers.Tests.CronJobs;

public sealed class CronJobTests
{
    [Fact]
    public void A_job_is_made_for_each_time_and_named_after_it()
    {
        var w = new CronWorld("*/10 * * * *");
        w.At(9.9);
        w.Jobs.ShouldBeEmpty();
        w.World.At.ShouldBe(new DateTimeOffset(2026, 1, 1, 0, 10, 0, 100, TimeSpan.Zero));
        w.World.WaitingFor.ShouldBe("its next time, 2026-01-01 00:10:00 UTC");
        w.At(10.01);
        w.Minutes.ShouldBe("10");
        var job = w.Jobs.Single();
        job.Metadata.Name.ShouldBe($"c-{CronWorld.Midnight + 10}");
        job.Metadata.Annotations["batch.kubernetes.io/cronjob-scheduled-timestamp"].ShouldBe("2026-01-01T00:10:00Z");
        job.Metadata.Labels["l"].ShouldBe("v");
        job.Metadata.OwnerReferences.ShouldHaveSingleItem().Kind.ShouldBe("CronJob");
        w.Status.Active.ShouldHaveSingleItem().Uid.ShouldBe(job.Metadata.Uid);
        w.Status.LastScheduleTime.ShouldBe(new DateTimeOffset(2026, 1, 1, 0, 10, 0, TimeSpan.Zero));
        w.Told.ShouldBe([$"SuccessfulCreate: Created job {job.Metadata.Name}"]);
        w.At(20.01);
        w.Minutes.ShouldBe("10 20");
    }

    [Fact]
    public void The_time_is_written_down_in_its_zone()
    {
        var w = new CronWorld("30 2 * * *", s => s with { TimeZone = "Asia/Kolkata" });
        w.At(24 * 60);
        w.Jobs.Single().Metadata.Annotations["batch.kubernetes.io/cronjob-scheduled-timestamp"].ShouldBe("2026-01-02T02:30:00+05:30");
        w.Minutes.ShouldBe($"{21 * 60}");
    }

    [Fact]
    public void Of_many_missed_times_the_last_is_made_up_for_and_more_than_a_hundred_are_told()
    {
        var w = new CronWorld("* * * * *");
        w.At(100);
        w.Minutes.ShouldBe("100");
        w.Told.ShouldNotContain(t => t.StartsWith("!TooManyMissedTimes"));
        w = new CronWorld("* * * * *");
        w.At(102);
        w.Minutes.ShouldBe("102");
        w.Told.ShouldContain("!TooManyMissedTimes: too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew");
    }

    [Theory]
    [InlineData(60, "")] // due at 10, now 12
    [InlineData(180, "10")]
    public void A_time_that_is_missed_by_more_than_the_deadline_is_over(int deadline, string made)
    {
        var w = new CronWorld("10 * * * *", s => s with { StartingDeadlineSeconds = deadline });
        w.At(12);
        w.Minutes.ShouldBe(made);
    }

    [Theory]
    [InlineData("Allow", "10 20", 2)]
    [InlineData("Forbid", "10", 1)]
    [InlineData("Replace", "20", 1)]
    public void What_happens_to_one_that_still_runs(string policy, string jobs, int active)
    {
        var w = new CronWorld("*/10 * * * *", s => s with { ConcurrencyPolicy = policy });
        w.At(10);
        w.At(20);
        (w.Minutes, w.Status.Active.Count).ShouldBe((jobs, active));
        if (policy == "Replace") w.Told.ShouldContain($"SuccessfulDelete: Deleted job c-{CronWorld.Midnight + 10}");
        w.Told.ShouldNotContain(t => t.StartsWith("MissingJob"));
        if (policy != "Forbid") return;
        w.Told.ShouldContain("JobAlreadyActive: Not starting job because prior execution is running and concurrency policy is Forbid");
        w.World.WaitingFor.ShouldBe($"job c-{CronWorld.Midnight + 10} to end: its successor is due");
        w.End(w.Jobs.Single());
        w.Minutes.ShouldBe("10 20");
    }

    [Fact]
    public void Jobs_that_have_ended_are_told_and_the_oldest_taken_away()
    {
        var w = new CronWorld("*/10 * * * *");
        for (var i = 1; i <= 6; i++)
        {
            w.At(i * 10);
            w.At(i * 10 + 1);
            w.End(w.Jobs[^1], i % 3 == 0 ? "Failed" : "Complete");
        }
        w.Minutes.ShouldBe("20 40 50 60");
        w.Status.Active.ShouldBeEmpty();
        w.Status.LastSuccessfulTime.ShouldBe(new DateTimeOffset(2026, 1, 1, 0, 51, 0, TimeSpan.Zero));
        w.Told.ShouldContain($"SawCompletedJob: Saw completed job: c-{CronWorld.Midnight + 60}, condition: Failed");
    }

    [Fact]
    public void A_suspended_one_makes_nothing_and_makes_up_for_the_last_when_it_goes_on()
    {
        var w = new CronWorld("*/10 * * * *", s => s with { Suspend = true });
        w.At(35);
        (w.Minutes, w.World.At).ShouldBe(("", null));
        w.World.Put(w.Cron with { Spec = w.Cron.Spec with { Suspend = false } });
        w.Settle();
        w.Minutes.ShouldBe("30");
    }

    [Fact]
    public void A_job_that_was_made_is_never_made_again_whenever_we_are_interrupted()
    {
        var w = new CronWorld("*/10 * * * *");
        w.World.Refuse = s => s is Step.UpdateStatus ? "killed" : null;
        w.At(10);
        w.Status.LastScheduleTime.ShouldBeNull();
        w.World.Refuse = _ => null;
        w.End(w.Jobs.Single());
        w.At(11);
        (w.Minutes, w.Status.Active.Count).ShouldBe(("10", 0));
        w.World.Remove(w.Jobs.Single());
        w.At(12);
        w.Minutes.ShouldBe("");
    }

    [Fact]
    public void A_job_made_by_hand_is_told_and_not_adopted_as_a_run()
    {
        var w = new CronWorld("*/10 * * * *");
        w.World.Put(new Job { Metadata = new() { Name = "by-hand", Namespace = "default", OwnerReferences = [w.Cron.ControllerReference()] }, Spec = new() });
        w.At(1);
        w.Told.ShouldBe(["!UnexpectedJob: Saw a job that the controller did not create or forgot: by-hand"]);
        w.Status.Active.ShouldBeEmpty();
    }

    [Fact]
    public void An_active_job_that_is_gone_is_missed()
    {
        var w = new CronWorld("*/10 * * * *");
        w.At(10);
        w.World.Remove(w.Jobs.Single());
        w.Settle();
        w.Status.Active.ShouldBeEmpty();
        w.Told.ShouldContain($"MissingJob: Active job went missing: c-{CronWorld.Midnight + 10}");
        w.Jobs.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("0 0 31 2 *", null, "!InvalidSchedule: invalid schedule: 0 0 31 2 * : it is never due within five years")]
    [InlineData("* * * * *", "Mars/Olympus", "!UnknownTimeZone: invalid timeZone: \"Mars/Olympus\": unknown time zone Mars/Olympus")]
    [InlineData("whenever", null, "!UnparseableSchedule: unparseable schedule: \"whenever\" : expected exactly 5 fields, found 1: [whenever]")]
    public void What_never_comes_is_said(string schedule, string? zone, string told)
    {
        var w = new CronWorld(schedule, s => s with { TimeZone = zone });
        w.At(10);
        w.Told.ShouldBe([told]);
    }

    [Fact]
    public void A_refused_job_is_told_and_tried_again()
    {
        var w = new CronWorld("*/10 * * * *");
        w.World.Refuse = s => s is Step.Create ? "exceeded quota" : null;
        w.At(10);
        w.Told.Distinct().ShouldBe(["!FailedCreate: Error creating job: exceeded quota"]);
        w.World.Refuse = _ => null;
        w.Settle();
        w.Minutes.ShouldBe("10");
    }
}
