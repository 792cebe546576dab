using Kennel.Client.Running;
using Kennel.Objects.Batch;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.Jobs;

public sealed class FailureTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 3)]
    public void A_job_fails_when_more_pods_have_failed_than_it_allows(int limit, int failures)
    {
        var w = new JobWorld(s => s with { BackoffLimit = limit });
        for (var i = 0; i < failures; i++)
        {
            w.Wait(3600);
            w.Settle();
            w.End(w.Active.Single(), 1);
        }
        w.Settle();
        w.Conditions.ShouldBe("FailureTarget:BackoffLimitExceeded Failed:BackoffLimitExceeded");
        w.Status.Failed.ShouldBe(failures);
        w.Status.CompletionTime.ShouldBeNull();
        w.Told.Last().ShouldBe("!BackoffLimitExceeded: Job has reached the specified backoff limit");
        w.World.Pods.ShouldAllBe(p => p.Metadata.Finalizers.Count == 0);
    }

    [Fact]
    public void The_successor_of_a_failed_pod_waits_ten_seconds_then_twenty_and_ten_minutes_at_most()
    {
        var w = new JobWorld(s => s with { BackoffLimit = 100 });
        foreach (var seconds in (int[])[10, 20, 40, 80, 160, 320, 600, 600])
        {
            w.Settle();
            w.End(w.Active.Single(), 1);
            w.Settle();
            w.Active.ShouldBeEmpty();
            w.World.At.ShouldBe(w.World.Now.AddSeconds(seconds));
            w.World.WaitingFor.ShouldNotBeNull().ShouldStartWith("the back-off after failed pods");
            w.Wait(seconds - 1);
            w.Settle();
            w.Active.ShouldBeEmpty();
            w.Wait(1);
        }
    }

    [Fact]
    public void A_success_ends_the_back_off()
    {
        var w = new JobWorld(s => s with { Parallelism = 2, Completions = 4 });
        w.Settle();
        w.End(w.Active[0], 1);
        w.Wait(1);
        w.End(w.Active[0]);
        w.Settle();
        w.Active.Count.ShouldBe(2);
    }

    [Fact]
    public void When_a_job_fails_what_runs_is_deleted_and_counts_as_failed_and_it_ends_with_the_last()
    {
        var w = new JobWorld(s => s with { Parallelism = 3, Completions = 3, BackoffLimit = 0 });
        w.Settle();
        foreach (var pod in w.Active) w.World.Run(pod.Metadata.Name!);
        w.End(w.Active[0], 1);
        w.Settle();
        w.Conditions.ShouldBe("FailureTarget:BackoffLimitExceeded");
        (w.Status.Active, w.Status.Terminating, w.Status.Failed).ShouldBe((null, 2, 3));
        w.StopAll();
        w.Settle();
        w.Conditions.ShouldBe("FailureTarget:BackoffLimitExceeded Failed:BackoffLimitExceeded");
        (w.Status.Terminating, w.Status.Failed).ShouldBe((0, 3));
    }

    [Fact]
    public void A_job_is_over_when_its_deadline_passes()
    {
        var w = new JobWorld(s => s with { ActiveDeadlineSeconds = 30 });
        w.Settle();
        w.World.Run(w.Active.Single().Metadata.Name!);
        w.Settle();
        w.World.At.ShouldBe(w.World.Now.AddSeconds(30));
        w.Wait(30);
        w.Settle();
        w.StopAll();
        w.Settle();
        w.Conditions.ShouldBe("FailureTarget:DeadlineExceeded Failed:DeadlineExceeded");
        w.Told.Last().ShouldBe("!DeadlineExceeded: Job was active longer than specified deadline");
    }

    [Theory]
    [InlineData(2, 1, false)]
    [InlineData(2, 2, true)]
    [InlineData(0, 0, false)]
    [InlineData(0, 1, true)]
    public void Where_containers_restart_in_their_pods_restarts_are_the_failures(int limit, int restarts, bool fails)
    {
        var w = new JobWorld(s => s with { BackoffLimit = limit, Template = s.Template with { Spec = s.Template.Spec! with { RestartPolicy = "OnFailure" } } });
        w.Settle();
        w.World.Run(w.Active.Single().Metadata.Name!);
        w.World.Change<Pod>(w.Active.Single().Metadata.Name!, p => p with { Status = p.Status! with { ContainerStatuses = [new() { Name = "c", RestartCount = restarts }] } });
        w.Settle();
        w.Conditions.StartsWith("FailureTarget:BackoffLimitExceeded", StringComparison.Ordinal).ShouldBe(fails);
    }

    static PodFailurePolicyRule OnCode(string action, string op, params int[] codes) => new() { Action = action, OnExitCodes = new() { Operator = op, Values = codes } };

    [Theory]
    [InlineData("FailJob", "In", 42, 42, "FailureTarget:PodFailurePolicy Failed:PodFailurePolicy", 1)]
    [InlineData("FailJob", "In", 42, 1, "", 1)]
    [InlineData("FailJob", "NotIn", 42, 1, "FailureTarget:PodFailurePolicy Failed:PodFailurePolicy", 1)]
    [InlineData("Ignore", "In", 42, 42, "", 0)]
    [InlineData("Count", "In", 42, 42, "", 1)]
    public void A_rule_about_exit_codes_decides_what_a_failure_means(string action, string op, int listed, int code, string conditions, int failed)
    {
        var w = new JobWorld(s => s with { PodReplacementPolicy = "Failed", PodFailurePolicy = new() { Rules = [OnCode(action, op, listed)] } });
        w.Settle();
        var pod = w.Active.Single();
        w.End(pod, code);
        w.Settle();
        w.Conditions.ShouldBe(conditions);
        (w.Status.Failed ?? 0).ShouldBe(failed);
        if (conditions.Length > 0)
            w.Told.Last().ShouldBe($"!PodFailurePolicy: Container c for pod default/{pod.Metadata.Name} failed with exit code {code} matching FailJob rule at index 0");
        w.World.Pods.ShouldAllBe(p => p.Metadata.Finalizers.Count == 0);
    }

    [Fact]
    public void A_rule_about_conditions_spares_disrupted_pods()
    {
        var w = new JobWorld(s => s with
        {
            BackoffLimit = 0, PodReplacementPolicy = "Failed",
            PodFailurePolicy = new() { Rules = [new() { Action = "Ignore", OnPodConditions = [new() { Type = "DisruptionTarget", Status = "True" }] }] },
        });
        w.Settle();
        w.End(w.Active.Single(), 137, new PodCondition { Type = "DisruptionTarget", Status = "True" });
        w.Settle();
        (w.Conditions, w.Status.Failed).ShouldBe(("", null));
        w.Wait(10);
        w.Settle();
        w.Active.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("Failed", 0)]
    [InlineData("TerminatingOrFailed", 1)]
    public void A_deleted_pod_is_replaced_when_the_policy_says(string policy, int atOnce)
    {
        var w = new JobWorld(s => s with { PodReplacementPolicy = policy });
        w.Settle();
        var pod = w.Active.Single();
        w.World.Run(pod.Metadata.Name!);
        w.World.DeletePod(pod.Metadata.Name!);
        w.Wait(10); // the back-off after a deleted pod
        w.Settle();
        w.Active.Count.ShouldBe(atOnce);
        w.Status.Failed.ShouldBe(atOnce == 0 ? null : 1);
        w.StopAll();
        w.Wait(10);
        w.Settle();
        (w.Active.Count, w.Status.Failed).ShouldBe((1, 1));
    }

    [Fact]
    public void With_a_limit_of_its_own_an_index_fails_and_the_others_go_on()
    {
        var w = JobWorld.Indexed(3, 3, s => s with { BackoffLimitPerIndex = 1, BackoffLimit = int.MaxValue });
        w.Settle();
        w.OfIndex(1).Metadata.Annotations["batch.kubernetes.io/job-index-failure-count"].ShouldBe("0");
        w.End(w.OfIndex(1), 1);
        w.Settle();
        w.Status.Failed.ShouldBeNull(); // it is kept until its successor knows of it
        w.World.At.ShouldBe(w.World.Now.AddSeconds(10));
        w.Wait(10);
        w.Settle();
        w.Status.Failed.ShouldBe(1);
        w.OfIndex(1).Metadata.Annotations["batch.kubernetes.io/job-index-failure-count"].ShouldBe("1");
        w.End(w.OfIndex(1), 1);
        w.Settle();
        (w.Status.FailedIndexes, w.Conditions).ShouldBe(("1", ""));
        w.End(w.OfIndex(0));
        w.End(w.OfIndex(2));
        w.Settle();
        w.Conditions.ShouldBe("FailureTarget:FailedIndexes Failed:FailedIndexes");
        (w.Status.CompletedIndexes, w.Status.FailedIndexes, w.Status.Succeeded, w.Status.Failed).ShouldBe(("0,2", "1", 2, 2));
    }

    [Fact]
    public void Too_many_failed_indexes_end_the_job_and_a_rule_can_fail_an_index_at_once()
    {
        var w = JobWorld.Indexed(5, 5, s => s with
        {
            BackoffLimitPerIndex = 5, MaxFailedIndexes = 1, BackoffLimit = int.MaxValue, PodReplacementPolicy = "Failed",
            PodFailurePolicy = new() { Rules = [OnCode("FailIndex", "In", 42)] },
        });
        w.Settle();
        w.End(w.OfIndex(0), 42);
        w.Settle();
        (w.Status.FailedIndexes, w.Conditions).ShouldBe(("0", ""));
        w.End(w.OfIndex(3), 42);
        w.Settle();
        w.StopAll();
        w.Settle();
        w.Conditions.ShouldBe("FailureTarget:MaxFailedIndexesExceeded Failed:MaxFailedIndexesExceeded");
    }

    [Fact]
    public void Pods_that_are_refused_are_told_and_not_counted_as_active()
    {
        var w = new JobWorld(s => s with { Parallelism = 4, Completions = 4 });
        w.World.Refuse = s => s is Step.Create ? "exceeded quota" : null;
        w.Round();
        w.Round();
        (w.Status.Active, w.World.WaitingFor).ShouldBe((null, "4 pods to be created: exceeded quota"));
        w.Told.ShouldContain("!FailedCreate: Error creating: exceeded quota");
        w.World.Refuse = _ => null;
        w.Settle();
        w.Status.Active.ShouldBe(4);
    }

    [Fact]
    public void A_job_that_is_deleted_in_the_foreground_lets_its_pods_go()
    {
        var w = new JobWorld(s => s with { Parallelism = 2, Completions = 3 });
        w.Settle();
        w.World.Put(w.Job with { Metadata = w.Job.Metadata with { DeletionTimestamp = w.World.Now } });
        foreach (var pod in w.Active) w.World.DeletePod(pod.Metadata.Name!);
        w.Settle();
        w.World.Pods.ShouldBeEmpty();
    }
}
