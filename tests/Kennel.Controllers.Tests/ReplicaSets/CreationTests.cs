using Kennel.Client.Running;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.ReplicaSets;

public sealed class CreationTests
{
    [Theory]
    [InlineData(1, 1)] // the very first is refused: nobody else is tried
    [InlineData(2, 3)] // the second or third: their batch of two is tried whole
    [InlineData(3, 3)]
    [InlineData(4, 7)]
    [InlineData(20, 31)]
    public void A_refused_pod_costs_no_more_tries_than_its_batch(int refused, int tried)
    {
        var w = new SetWorld(100);
        var tries = 0;
        w.World.Refuse = s => s is Step.Create { Object: Pod } && ++tries == refused ? "exceeded quota" : null;
        w.Round();
        tries.ShouldBe(tried);
        w.World.Pods.Count().ShouldBe(tried - 1);
        w.World.Events.Count(e => e is { Reason: "SuccessfulCreate" }).ShouldBe(tried - 1);
        w.World.Events.ShouldContain(e => e.Reason == "FailedCreate" && e.Message == "Error creating: exceeded quota" && e.Warning);
    }

    [Fact]
    public void At_most_500_pods_are_made_in_one_round()
    {
        var w = new SetWorld(700);
        w.Round();
        w.World.Pods.Count().ShouldBe(500);
        w.Settle();
        w.World.Pods.Count().ShouldBe(700);
    }

    [Fact]
    public void A_failure_stays_as_it_was_first_said_until_a_round_succeeds()
    {
        var w = new SetWorld(3);
        var why = "exceeded quota";
        w.World.Refuse = s => s is Step.Create { Object: Pod } ? why : null;
        w.Settle();
        var first = w.Failure.ShouldNotBeNull();
        (first.Status, first.Reason, first.Message, first.LastTransitionTime).ShouldBe(("True", "FailedCreate", "exceeded quota", w.World.Now));
        w.World.WaitingFor.ShouldBe("3 of 3 pods to be created: exceeded quota");
        (why, w.World.Now) = ("exceeded another quota", w.World.Now.AddMinutes(1));
        w.Settle();
        w.Failure.ShouldBe(first);
        w.World.Refuse = _ => null;
        w.Settle();
        w.Failure.ShouldBeNull();
        w.Status.Replicas.ShouldBe(3);
    }

    [Fact]
    public void Pods_that_can_not_be_deleted_are_a_failure_too_and_do_not_keep_others_from_going()
    {
        var w = new SetWorld(4);
        w.Run();
        w.Change(s => s with { Replicas = 1 });
        var refused = 0;
        w.World.Refuse = s => s is Step.Delete && refused++ == 0 ? "not now" : null;
        w.Round();
        w.World.Pods.Count(p => p.Metadata.DeletionTimestamp is not null).ShouldBe(2);
        w.World.Events.ShouldContain(e => e.Reason == "FailedDelete" && e.Message == "Error deleting: not now");
        w.World.Events.Count(e => e.Reason == "SuccessfulDelete").ShouldBe(2);
        w.Round();
        w.Failure!.Reason.ShouldBe("FailedDelete");
        w.Settle();
        w.Failure.ShouldBeNull();
        w.World.Pods.Count(p => p.Metadata.DeletionTimestamp is null).ShouldBe(1);
    }

    [Fact]
    public void An_orphan_that_can_not_be_adopted_does_not_keep_others_from_it()
    {
        var w = new SetWorld(3);
        foreach (var name in (string[])["a", "b", "c"])
            w.World.Put(new Pod { Metadata = new() { Name = name, Labels = new Dictionary<string, string> { ["app"] = "web" } }, Spec = new() { NodeName = "n" } });
        w.World.Refuse = s => s is Step.Patch { Key.Name: "b" } ? "no" : null;
        w.Round();
        w.World.Pods.Where(p => p.Metadata.OwnerReferences.Count > 0).Select(p => p.Metadata.Name).ShouldBe(["a", "c"]);
    }
}
