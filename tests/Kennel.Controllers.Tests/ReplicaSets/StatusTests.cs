using Kennel.Controllers.ReplicaSets;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.ReplicaSets;

public sealed class StatusTests
{
    [Fact]
    public void Ready_pods_are_available_at_the_second_that_they_have_been_ready_long_enough()
    {
        var w = new SetWorld(2, minReadySeconds: 10);
        w.Run();
        (w.Status.ReadyReplicas, w.Status.AvailableReplicas).ShouldBe((2, null));
        w.World.At.ShouldBe(w.World.Now.AddSeconds(10));
        w.World.WaitingFor.ShouldBe("the pods to be Ready for 10s");
        w.World.Now = w.World.Now.AddSeconds(9);
        w.Settle();
        w.Status.AvailableReplicas.ShouldBeNull();
        w.World.Now = w.World.Now.AddSeconds(1);
        w.Settle();
        w.Status.AvailableReplicas.ShouldBe(2);
        w.World.At.ShouldBeNull();
        w.World.WaitingFor.ShouldBeNull();
    }

    [Fact]
    public void Pods_on_their_way_out_are_counted_apart_until_they_are_gone_or_finished()
    {
        var w = new SetWorld(3);
        w.Run();
        w.Status.TerminatingReplicas.ShouldBe(0);
        w.Change(s => s with { Replicas = 1 });
        w.Settle();
        (w.Status.Replicas, w.Status.TerminatingReplicas).ShouldBe((1, 2));
        var going = w.World.Pods.Where(p => p.Metadata.DeletionTimestamp is not null).Select(p => p.Metadata.Name!).ToList();
        w.World.Stop(going[0]);
        w.World.Fail(going[1]);
        w.Settle();
        (w.Status.Replicas, w.Status.TerminatingReplicas).ShouldBe((1, 0));
    }

    [Fact]
    public void Pods_that_have_lost_a_label_of_the_template_are_not_fully_labeled()
    {
        var w = new SetWorld(2);
        w.Run();
        w.Change(s => s with { Template = s.Template! with { Metadata = s.Template.Metadata with { Labels = new Dictionary<string, string> { ["app"] = "web", ["tier"] = "new" } } } });
        w.Settle();
        (w.Status.Replicas, w.Status.FullyLabeledReplicas, w.Status.ObservedGeneration).ShouldBe((2, null, 2));
    }

    [Fact]
    public void A_set_that_is_being_deleted_makes_and_releases_nothing_but_tells_what_is_there()
    {
        var w = new SetWorld(2);
        w.Run();
        w.World.Did();
        w.World.Put(w.Set with { Metadata = w.Set.Metadata with { DeletionTimestamp = w.World.Now } });
        var pod = w.World.Pods.First();
        w.World.Put(pod with { Metadata = pod.Metadata with { Labels = new Dictionary<string, string> { ["app"] = "other" } } });
        w.Settle();
        w.World.Did().ShouldBe("");
        w.Status.Replicas.ShouldBe(1);
    }

    [Fact]
    public void A_replication_controller_tells_the_same_in_its_own_words()
    {
        var w = new SetWorld(0);
        w.World.Put(new ReplicationController
        {
            Metadata = new() { Name = "rc", Namespace = "default" },
            Spec = new() { Replicas = 2, Selector = new Dictionary<string, string> { ["app"] = "web" }, Template = Model.Sets.Template() },
        });
        w.World.Refuse = s => s is Client.Running.Step.Create ? "exceeded quota" : null;
        var controller = new ReplicationControllerController(w.World.Caches);
        w.World.Settle(controller, new("default", "rc"));
        var status = w.World.Caches.Of<ReplicationController>().Get(new("default", "rc"))!.Status!;
        (status.Replicas, status.ObservedGeneration).ShouldBe((0, 1));
        var failure = status.Conditions.ShouldHaveSingleItem();
        (failure.Type, failure.Status, failure.Reason, failure.Message).ShouldBe(("ReplicaFailure", "True", "FailedCreate", "exceeded quota"));
        controller.Name.ShouldBe("replication-controller");
    }
}
