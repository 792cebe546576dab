using Kennel.Client.Running;
using Kennel.Controllers.Jobs;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.Jobs;

public sealed class CompletionTests
{
    [Fact]
    public void A_job_makes_a_pod_counts_it_and_is_complete()
    {
        var w = new JobWorld();
        w.Settle();
        (w.Status.Active, w.Status.Ready, w.Status.Terminating, w.Status.StartTime).ShouldBe((1, 0, 0, w.World.Now));
        var pod = w.Active.Single();
        pod.Metadata.Finalizers.ShouldBe(["batch.kubernetes.io/job-tracking"]);
        w.World.Run(pod.Metadata.Name!);
        w.Settle();
        (w.Status.Active, w.Status.Ready).ShouldBe((1, 1));
        w.Wait(5);
        w.End(pod);
        w.Settle();
        w.Conditions.ShouldBe("SuccessCriteriaMet:CompletionsReached Complete:CompletionsReached");
        (w.Status.Active, w.Status.Succeeded, w.Status.Failed, w.Status.CompletionTime).ShouldBe((null, 1, null, w.World.Now));
        w.Status.UncountedTerminatedPods.ShouldNotBeNull().Succeeded.ShouldBeEmpty();
        w.World.Pods.Single().Metadata.Finalizers.ShouldBeEmpty();
        w.Told.ShouldBe([$"SuccessfulCreate: Created pod: {{name}}", "Completed: Job completed"]);
    }

    [Fact]
    public void A_pod_is_counted_in_three_moves()
    {
        var w = new JobWorld();
        w.Settle();
        var pod = w.Active.Single();
        w.End(pod);
        w.World.Refuse = s => s is Step.Patch ? "not now" : null;
        w.Round();
        w.Status.UncountedTerminatedPods!.Succeeded.ShouldBe([pod.Metadata.Uid!]);
        (w.Status.Succeeded, w.Conditions).ShouldBe((null, "SuccessCriteriaMet:CompletionsReached"));
        w.World.Refuse = _ => null;
        w.Round();
        w.World.Pods.Single().Metadata.Finalizers.ShouldBeEmpty();
        w.Status.Succeeded.ShouldBeNull();
        w.Round();
        (w.Status.Succeeded, w.Status.UncountedTerminatedPods!.Succeeded.Count).ShouldBe((1, 0));
    }

    [Theory]
    [InlineData(5, 2)]
    [InlineData(3, 10)]
    [InlineData(1, 1)]
    [InlineData(0, 3)]
    public void Never_more_pods_run_than_are_wanted_at_once_or_still_lack(int completions, int parallelism)
    {
        var w = new JobWorld(s => s with { Completions = completions, Parallelism = parallelism });
        for (var left = completions; left > 0; left--)
        {
            w.Settle();
            w.Active.Count.ShouldBe(Math.Min(parallelism, left));
            w.End(w.Active[0]);
        }
        w.Settle();
        w.World.Pods.Count().ShouldBe(completions);
        (w.Status.Succeeded ?? 0).ShouldBe(completions);
        w.Conditions.ShouldContain("Complete:");
    }

    [Fact]
    public void Without_a_number_one_success_is_enough_and_the_others_end_in_peace()
    {
        var w = new JobWorld(s => s with { Completions = null, Parallelism = 3 });
        w.Settle();
        w.End(w.Active[0]);
        w.Settle();
        w.Active.Count.ShouldBe(2);
        w.Conditions.ShouldBe("");
        w.End(w.Active[0], 1);
        w.End(w.Active[0]);
        w.Settle();
        (w.Status.Succeeded, w.Status.Failed).ShouldBe((2, 1));
        w.Conditions.ShouldContain("Complete:");
    }

    [Fact]
    public void An_indexed_job_has_a_pod_for_each_index_that_knows_which_it_is()
    {
        var w = JobWorld.Indexed(3, 2);
        w.Settle();
        var pod = w.OfIndex(1);
        pod.Metadata.GenerateName.ShouldBe("j-1-");
        pod.Metadata.Labels["batch.kubernetes.io/job-completion-index"].ShouldBe("1");
        pod.Spec!.Hostname.ShouldBe("j-1");
        pod.Spec.Containers[0].Env.ShouldHaveSingleItem().ValueFrom!.FieldRef!.FieldPath.ShouldBe("metadata.labels['batch.kubernetes.io/job-completion-index']");
        w.End(w.OfIndex(1));
        w.Settle();
        w.Status.CompletedIndexes.ShouldBe("1");
        w.OfIndex(2).ShouldNotBeNull();
        w.End(w.OfIndex(0));
        w.End(w.OfIndex(2));
        w.Settle();
        (w.Status.CompletedIndexes, w.Status.Succeeded).ShouldBe(("0-2", 3));
        w.Conditions.ShouldContain("Complete:CompletionsReached");
    }

    [Fact]
    public void Of_two_pods_of_an_index_one_goes_and_so_does_one_of_none()
    {
        var w = JobWorld.Indexed(2, 2);
        w.Settle();
        foreach (var i in (int[])[0, 1]) w.World.Run(w.OfIndex(i).Metadata.Name!);
        var twin = w.OfIndex(0);
        w.World.Put(twin with { Metadata = twin.Metadata with { Name = "twin", Uid = null }, Spec = twin.Spec! with { NodeName = null }, Status = new() { Phase = "Pending" } });
        w.World.Put(twin with { Metadata = twin.Metadata with { Name = "lost", Uid = null, Annotations = new Dictionary<string, string>() } });
        w.Settle();
        w.StopAll();
        w.Settle();
        w.Active.Select(p => p.Metadata.Name).ShouldBe([w.OfIndex(0).Metadata.Name, w.OfIndex(1).Metadata.Name], ignoreOrder: true);
        w.World.Pod("twin").ShouldBeNull();
        w.World.Pod("lost").ShouldBeNull();
        w.Status.Failed.ShouldBeNull();
    }

    [Theory]
    [InlineData("0,2", null, "0 1", "")]
    [InlineData("0,2", null, "0 2", "Matched rules at index 0")]
    [InlineData("0-2", 2, "1 2", "Matched rules at index 0")]
    [InlineData(null, 2, "3 1", "Matched rules at index 0")]
    [InlineData(null, 3, "3 1", "")]
    public void A_success_policy_says_which_indexes_are_enough(string? indexes, int? count, string succeeded, string message)
    {
        var w = JobWorld.Indexed(4, 4, s => s with { SuccessPolicy = new() { Rules = [new() { SucceededIndexes = indexes, SucceededCount = count }] } });
        w.Settle();
        foreach (var i in succeeded.Split(' ')) w.End(w.OfIndex(int.Parse(i)));
        w.Settle();
        w.StopAll();
        w.Settle();
        (w.Status.Conditions.FirstOrDefault(c => c.Type == "Complete")?.Message ?? "").ShouldBe(message);
        if (message.Length == 0) return;
        w.Conditions.ShouldBe("SuccessCriteriaMet:SuccessPolicy Complete:SuccessPolicy");
        (w.Status.Succeeded, w.Status.Failed, w.Active.Count).ShouldBe((2, null, 0));
    }

    [Fact]
    public void A_job_is_suspended_and_goes_on_with_another_deadline()
    {
        var w = new JobWorld(s => s with { Suspend = true, ActiveDeadlineSeconds = 60, Parallelism = 2, Completions = 2 });
        w.Settle();
        (w.Active.Count, w.Status.StartTime, w.Conditions).ShouldBe((0, null, "Suspended:JobSuspended"));
        w.Wait(100);
        w.Change(s => s with { Suspend = false });
        w.Settle();
        (w.Active.Count, w.Status.StartTime, w.Conditions).ShouldBe((2, w.World.Now, ""));
        w.World.At.ShouldBe(w.World.Now.AddSeconds(60));
        foreach (var pod in w.Active) w.World.Run(pod.Metadata.Name!);
        w.Change(s => s with { Suspend = true });
        w.Settle();
        (w.Status.Active, w.Status.Terminating).ShouldBe((null, 2));
        w.StopAll();
        w.Settle();
        (w.World.Pods.Count(), w.Status.Failed, w.Status.Terminating).ShouldBe((0, null, 0));
        w.Told.Where(t => t.EndsWith("ed", StringComparison.Ordinal)).ShouldBe(["Suspended: Job suspended", "Resumed: Job resumed", "Suspended: Job suspended"]);
    }

    [Fact]
    public void Fewer_at_once_takes_those_away_that_have_got_the_least_far()
    {
        var w = new JobWorld(s => s with { Parallelism = 3, Completions = 3 });
        w.Settle();
        w.World.Run(w.Active[1].Metadata.Name!);
        var kept = w.Active[1].Metadata.Name;
        w.Change(s => s with { Parallelism = 1 });
        w.Settle();
        w.Active.ShouldHaveSingleItem().Metadata.Name.ShouldBe(kept);
        w.Status.Failed.ShouldBeNull();
    }

    [Fact]
    public void A_job_of_another_manager_and_one_that_has_ended_are_left_alone()
    {
        var w = new JobWorld(s => s with { ManagedBy = "acme.io/queue" });
        w.Settle();
        w.World.Did().ShouldBe("");
        w = new JobWorld(s => s with { ManagedBy = "kubernetes.io/job-controller" });
        w.Settle();
        w.End(w.Active.Single());
        w.Settle();
        w.World.Did();
        w.World.Remove(w.World.Pods.Single());
        w.Settle();
        w.World.Did().ShouldBe("");
    }

    [Fact]
    public void Pods_are_adopted_and_tracked_and_those_that_match_no_more_are_let_go()
    {
        var w = new JobWorld(s => s with { Parallelism = 1 });
        w.World.Put(new Pod { Metadata = new() { Name = "stray", Labels = new Dictionary<string, string> { ["app"] = "web" } }, Spec = new() { NodeName = "n" }, Status = new() { Phase = "Running" } });
        w.Settle();
        var pod = w.World.Pods.Single();
        (pod.Metadata.Name, pod.Metadata.Finalizers.Single()).ShouldBe(("stray", JobPod.Finalizer));
        w.World.Put(pod with { Metadata = pod.Metadata with { Labels = new Dictionary<string, string>() } });
        w.Settle();
        pod = w.World.Pod("stray")!;
        (pod.Metadata.OwnerReferences.Count, pod.Metadata.Finalizers.Count, w.World.Pods.Count()).ShouldBe((0, 0, 2));
    }

    [Fact]
    public void Pods_of_a_job_that_is_gone_are_freed()
    {
        var w = new JobWorld();
        w.Settle();
        w.World.Run(w.Active.Single().Metadata.Name!);
        w.World.Remove(w.Job);
        w.World.DeletePod(w.World.Pods.Single().Metadata.Name!);
        var left = new LeftPods(w.World.Caches);
        w.World.Round(left, Objects.ObjectKey.Of(w.World.Pods.Single()));
        w.World.Pods.Single().Metadata.Finalizers.ShouldBeEmpty();
    }
}
