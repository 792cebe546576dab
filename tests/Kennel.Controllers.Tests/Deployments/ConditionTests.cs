using Kennel.Client.Running;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.Deployments;

public sealed class ConditionTests
{
    /// <summary>Every condition that was said of a rollout, in the order in which it was.</summary>
    static List<string> Told(DeploymentWorld w, string type)
    {
        List<string> told = [];
        w.World.Check = () =>
        {
            if (w.Condition(type) is { } c && $"{c.Status} {c.Reason}: {c.Message}" is var line && told.LastOrDefault() != line) told.Add(line);
        };
        return told;
    }

    static string Newest(DeploymentWorld w) => w.ReplicaSets.Last().Metadata.Name!;

    [Fact]
    public void A_first_rollout_tells_of_its_set_its_progress_and_its_end()
    {
        var w = new DeploymentWorld(2, 1, 0);
        var progress = Told(w, "Progressing");
        w.Run();
        progress.ShouldBe(
        [
            $"True NewReplicaSetCreated: Created new replica set \"{Newest(w)}\"",
            $"True ReplicaSetUpdated: ReplicaSet \"{Newest(w)}\" is progressing.",
            $"True NewReplicaSetAvailable: ReplicaSet \"{Newest(w)}\" has successfully progressed.",
        ]);
        var available = w.Condition("Available")!;
        (available.Status, available.Reason, available.Message).ShouldBe(("True", "MinimumReplicasAvailable", "Deployment has minimum availability."));
    }

    [Fact]
    public void Too_few_pods_are_told_in_upstreams_words()
    {
        var w = new DeploymentWorld(2, 1, 0);
        w.Settle();
        var available = w.Condition("Available")!;
        (available.Status, available.Reason, available.Message).ShouldBe(("False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability."));
        (w.Deployment.Status!.UnavailableReplicas, w.Deployment.Status.TerminatingReplicas).ShouldBe((2, 0));
    }

    [Fact]
    public void A_set_that_can_not_be_made_is_told_and_its_creation_later_too()
    {
        var w = new DeploymentWorld(2, 1, 0);
        w.World.Refuse = s => s is Step.Create { Object: ReplicaSet } ? "exceeded quota" : null;
        var told = Told(w, "Progressing");
        w.Settle();
        var name = w.World.Events.First().Message.Split('"')[1];
        w.World.Events.ShouldContain(e => e.Reason == "ReplicaSetCreateError" && e.Warning && e.Message == $"Failed to create new replica set \"{name}\": exceeded quota");
        told.ShouldBe([$"False ReplicaSetCreateError: Failed to create new replica set \"{name}\": exceeded quota"]);
        w.World.WaitingFor.ShouldBe("its new ReplicaSet to be created: exceeded quota");
        w.World.Refuse = _ => null;
        w.Run();
        told.ShouldContain($"True NewReplicaSetCreated: Created new replica set \"{name}\"");
        w.Reason("Progressing").ShouldBe("NewReplicaSetAvailable");
    }

    [Fact]
    public void A_set_that_was_there_before_anybody_cared_for_progress_is_found()
    {
        var w = new DeploymentWorld(2, 1, 0);
        w.Change(s => s with { ProgressDeadlineSeconds = null });
        w.Settle();
        w.Condition("Progressing").ShouldBeNull();
        w.Change(s => s with { ProgressDeadlineSeconds = 60 });
        w.Settle();
        var found = w.Condition("Progressing")!;
        (found.Reason, found.Message).ShouldBe(("FoundNewReplicaSet", $"Found new replica set \"{Newest(w)}\""));
        w.Change(s => s with { ProgressDeadlineSeconds = int.MaxValue });
        w.Settle();
        w.Condition("Progressing").ShouldBeNull();
    }

    [Fact]
    public void A_rollout_that_stands_still_is_looked_at_again_when_its_time_is_up()
    {
        var w = new DeploymentWorld(1, 1, 0);
        w.Run();
        w.Image("broken");
        w.Settle();
        w.Reason("Progressing").ShouldBe("ReplicaSetUpdated");
        w.Round();
        w.World.At.ShouldBe(w.World.Now.AddSeconds(600));
        w.World.Now = w.World.Now.AddSeconds(600);
        w.Settle();
        var late = w.Condition("Progressing")!;
        (late.Status, late.Reason, late.Message, late.LastTransitionTime).ShouldBe(("False", "ProgressDeadlineExceeded", $"ReplicaSet \"{Newest(w)}\" has timed out progressing.", w.World.Now));
        w.Round();
        (w.World.At, w.World.WaitingFor).ShouldBe((null, "1 of 1 updated pods to become available (no progress for more than 600s): " + w.World.Pods.Single(p => p.Spec!.NodeName is null).Metadata.Name + ": it has no node yet"));
    }

    /// <summary>Progress renews the time of the last update, not that of the last transition: the deadline counts from the former.</summary>
    [Fact]
    public void Each_step_forward_gives_the_rollout_its_whole_time_again()
    {
        var w = new DeploymentWorld(2, 0, 1);
        w.Run();
        var began = w.Condition("Progressing")!.LastTransitionTime;
        w.World.Now = w.World.Now.AddHours(1);
        w.Image("two");
        w.Settle();
        w.World.Now = w.World.Now.AddSeconds(500);
        foreach (var pod in w.World.Pods.Where(p => p.Metadata.DeletionTimestamp is not null).ToList()) w.World.Stop(pod.Metadata.Name!);
        foreach (var pod in w.World.Pods.Where(p => p.Status!.Phase == "Pending").ToList()) w.World.Run(pod.Metadata.Name!);
        w.Settle();
        var moved = w.Condition("Progressing")!;
        (moved.Reason, moved.LastUpdateTime, moved.LastTransitionTime).ShouldBe(("ReplicaSetUpdated", w.World.Now, began));
        w.World.Now = w.World.Now.AddSeconds(599);
        w.Settle();
        w.Reason("Progressing").ShouldBe("ReplicaSetUpdated");
    }

    [Fact]
    public void A_paused_rollout_is_never_late_and_counts_anew_when_it_is_resumed()
    {
        var w = new DeploymentWorld(1, 1, 0);
        w.Run();
        w.Image("broken");
        w.Settle();
        w.Change(s => s with { Paused = true });
        w.Settle();
        var paused = w.Condition("Progressing")!;
        (paused.Status, paused.Reason, paused.Message).ShouldBe(("Unknown", "DeploymentPaused", "Deployment is paused"));
        w.World.Now = w.World.Now.AddHours(5);
        w.Settle();
        w.Reason("Progressing").ShouldBe("DeploymentPaused");
        w.Change(s => s with { Paused = null });
        w.Settle();
        var resumed = w.Condition("Progressing")!;
        (resumed.Status, resumed.Reason, resumed.Message, resumed.LastUpdateTime).ShouldBe(("Unknown", "DeploymentResumed", "Deployment is resumed", w.World.Now));
        w.World.Now = w.World.Now.AddSeconds(600);
        w.Settle();
        w.Reason("Progressing").ShouldBe("ProgressDeadlineExceeded");
        w.Change(s => s with { Paused = true });
        w.Settle();
        w.Reason("Progressing").ShouldBe("ProgressDeadlineExceeded", "a rollout that is late stays late");
    }

    [Fact]
    public void What_its_sets_can_not_do_is_told_with_their_times_and_goes_when_they_can()
    {
        var w = new DeploymentWorld(1, 1, 0);
        w.Run();
        w.World.Refuse = s => s is Step.Create { Object: Pod } ? "exceeded quota" : null;
        var since = w.World.Now = w.World.Now.AddMinutes(1);
        w.Image("two");
        w.Settle();
        var failure = w.Condition("ReplicaFailure")!;
        (failure.Status, failure.Reason, failure.Message, failure.LastUpdateTime, failure.LastTransitionTime).ShouldBe(("True", "FailedCreate", "exceeded quota", since, since));
        w.World.WaitingFor.ShouldNotBeNull();
        w.World.Refuse = _ => null;
        w.Run();
        w.Condition("ReplicaFailure").ShouldBeNull();
    }

    [Fact]
    public void Pods_of_its_sets_that_are_on_their_way_out_are_counted()
    {
        var w = new DeploymentWorld(3, 1, 0);
        w.Run();
        w.Change(s => s with { Replicas = 1 });
        w.Settle();
        w.Deployment.Status!.TerminatingReplicas.ShouldBe(2);
        w.Run();
        w.Deployment.Status!.TerminatingReplicas.ShouldBe(0);
    }
}
