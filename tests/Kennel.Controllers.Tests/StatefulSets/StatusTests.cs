using Kennel.Client.Running;
using Kennel.Controllers.Tests.Model;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.StatefulSets;

public sealed class StatusTests
{
    static (int, int?, int?, int?, int?) Counts(SetWorld w) => (w.Status.Replicas, w.Status.ReadyReplicas, w.Status.AvailableReplicas, w.Status.CurrentReplicas, w.Status.UpdatedReplicas);

    [Fact, Trait("Behaviour", "SS-701"), Trait("Behaviour", "SS-702"), Trait("Behaviour", "SS-703"), Trait("Behaviour", "SS-704"), Trait("Behaviour", "SS-712"), Trait("Behaviour", "SS-201"), Trait("Behaviour", "SS-202"), Trait("Behaviour", "SS-204"), Trait("Behaviour", "SS-341"), Trait("Behaviour", "SS-407")]
    public void Each_counter_counts_its_own()
    {
        var w = new SetWorld(Sets.Web(5, parallel: true));
        w.Run();
        Counts(w).ShouldBe((5, 5, 5, 5, 5));
        w.World.Run("web-0", ready: false);
        w.World.DeletePod("web-1"); // Ready still, and on its way out
        w.World.Change<Pod>("web-2", p => p with { Status = p.Status! with { Phase = "Pending" } }); // condition Ready alone isn't enough
        w.Scale(4); // web-4 is condemned
        w.Settle();
        Counts(w).ShouldBe((5, 3, 3, 3, 3));
        w.World.Fail("web-3");
        w.Round();
        w.Status.Replicas.ShouldBe(5, "a failed pod exists");
    }

    [Theory, Trait("Behaviour", "SS-203"), Trait("Behaviour", "SS-205")]
    [InlineData(9, 0)]
    [InlineData(10, 1)]
    public void A_pod_is_available_from_the_last_moment_of_minReadySeconds_on(int seconds, int available)
    {
        var w = new SetWorld(Sets.Web(1).With(s => s with { MinReadySeconds = 10 }));
        w.Settle();
        w.World.Run("web-0");
        w.World.Now = w.World.Now.AddSeconds(seconds);
        w.Settle();
        (w.Status.ReadyReplicas, w.Status.AvailableReplicas).ShouldBe((1, available));
    }

    [Fact, Trait("Behaviour", "SS-203")]
    public void A_pod_that_does_not_say_since_when_it_is_ready_is_never_available_after_some_seconds()
    {
        var w = new SetWorld(Sets.Web(1).With(s => s with { MinReadySeconds = 1 }));
        w.Settle();
        w.World.Change<Pod>("web-0", p => p with { Spec = p.Spec! with { NodeName = "n" }, Status = new() { Phase = "Running", Conditions = [new() { Type = "Ready", Status = "True" }] } });
        w.World.Now = w.World.Now.AddYears(1);
        w.Settle();
        w.Status.AvailableReplicas.ShouldBe(0);
        w.Change(s => s with { MinReadySeconds = 0 });
        w.Settle();
        w.Status.AvailableReplicas.ShouldBe(1);
    }

    [Fact, Trait("Behaviour", "SS-705"), Trait("Behaviour", "SS-707"), Trait("Behaviour", "SS-706")]
    public void What_is_made_in_a_sync_is_counted_in_the_next()
    {
        var w = new SetWorld(Sets.Web(2, parallel: true));
        w.Round();
        (w.World.Pods.Count(), w.Status.Replicas, w.Status.CollisionCount, w.Status.ObservedGeneration).ShouldBe((2, 0, 0, w.Set.Metadata.Generation));
        w.Round();
        w.Status.Replicas.ShouldBe(2);
    }

    [Fact, Trait("Behaviour", "SS-706"), Trait("Behaviour", "SS-708")]
    public void A_status_is_written_when_something_in_it_differs_and_else_not()
    {
        var w = new SetWorld(Sets.Web(1));
        w.Run();
        var version = w.Set.Metadata.ResourceVersion;
        w.World.Change<Pod>("web-0", p => p with { Metadata = p.Metadata with { Annotations = Make.Map(("a", "b")) } });
        w.Settle();
        w.Set.Metadata.ResourceVersion.ShouldBe(version);
        w.Change(s => s with { RevisionHistoryLimit = 3 });
        w.Settle();
        w.Status.ObservedGeneration.ShouldBe(w.Set.Metadata.Generation);
    }

    [Fact, Trait("Behaviour", "SS-312")]
    public void A_collision_alone_is_not_worth_a_write()
    {
        var w = new SetWorld(Sets.Web(1));
        w.Run();
        w.World.Put(w.Set with { Status = w.Status with { CollisionCount = 3 } });
        var version = w.Set.Metadata.ResourceVersion;
        w.Settle();
        w.Set.Metadata.ResourceVersion.ShouldBe(version);
        w.Scale(2);
        w.Run();
        w.Status.CollisionCount.ShouldBe(3, "and it never falls");
    }

    [Fact, Trait("Behaviour", "SS-709")]
    public void Conditions_of_others_stay_until_the_status_changes_and_are_gone_then()
    {
        var w = new SetWorld(Sets.Web(1));
        w.Run();
        w.World.Put(w.Set with { Status = w.Status with { Conditions = [new() { Type = "StatusUpdate", Status = "True" }] } });
        w.Settle();
        w.Status.Conditions.Count.ShouldBe(1);
        w.World.Run("web-0", ready: false);
        w.Settle();
        w.Status.Conditions.ShouldBeEmpty();
    }

    [Fact, Trait("Behaviour", "SS-340"), Trait("Behaviour", "SS-338"), Trait("Behaviour", "SS-411")]
    public void At_rest_both_revisions_are_one_and_scaled_to_nothing_they_stay()
    {
        var w = new SetWorld(Sets.Web(2, claims: true));
        w.Run();
        w.Image("two");
        w.Run();
        w.Status.CurrentRevision.ShouldBe(w.Status.UpdateRevision);
        Counts(w).ShouldBe((2, 2, 2, 2, 2));
        var revision = w.Status.UpdateRevision;
        w.Scale(0);
        w.Run();
        (w.Status.CurrentRevision, w.Status.UpdateRevision).ShouldBe((revision, revision));
        Counts(w).ShouldBe((0, null, 0, null, null));
        w.Claims.Count().ShouldBe(2);
    }

    [Fact, Trait("Behaviour", "SS-338")]
    public void A_rollout_is_over_when_all_are_ready_although_not_available()
    {
        var w = new SetWorld(Sets.Web(1).With(s => s with { MinReadySeconds = 3600 }));
        w.Run();
        w.World.Now = w.World.Now.AddHours(2);
        w.Image("two");
        w.Settle();
        w.World.Stop("web-0");
        w.Settle();
        w.World.Run("web-0");
        w.Settle();
        (w.Status.CurrentRevision == w.Status.UpdateRevision, w.Status.AvailableReplicas).ShouldBe((true, 0));
    }

    [Fact, Trait("Behaviour", "SS-324")]
    public void A_pod_deleted_for_its_revision_is_no_current_one_in_the_same_sync()
    {
        var w = new SetWorld(Sets.Web(3));
        w.Run();
        w.Image("two");
        w.Round();
        (w.Status.CurrentReplicas, w.Status.Replicas).ShouldBe((2, 3));
    }

    [Fact, Trait("Behaviour", "SS-342")]
    public void Pods_of_neither_revision_are_in_neither_counter_and_are_replaced_in_their_turn()
    {
        var w = new SetWorld(Sets.Web(3));
        w.Run();
        w.Image("two");
        w.Settle();
        w.World.Stop("web-2");
        w.Settle();
        w.World.Run("web-2");
        w.Image("three");
        w.Round();
        (w.Status.CurrentReplicas, w.Status.UpdatedReplicas).ShouldBe((1, null));
        w.Run().ShouldStartWith("delete pod web-2\ncreate pod web-2\ndelete pod web-1");
        w.World.Pods.ShouldAllBe(p => p.Spec!.Containers[0].Image == "three");
    }

    [Fact, Trait("Behaviour", "SS-715"), Trait("Behaviour", "SS-716"), Trait("Behaviour", "SS-717"), Trait("Behaviour", "SS-719"), Trait("Behaviour", "SS-207"), Trait("Behaviour", "SS-718")]
    public void Events_have_upstreams_words()
    {
        var w = new SetWorld(Sets.Web(1, claims: true));
        w.World.Refuse = s => s is Step.Create { Object: PersistentVolumeClaim } ? "no room" : null;
        w.Settle();
        w.World.Refuse = _ => null;
        w.World.Now = w.World.Now.AddSeconds(1);
        w.Run();
        w.World.Change<Pod>("web-0", p => p with { Metadata = p.Metadata with { Labels = Make.Map(("app", "web"), ("controller-revision-hash", w.Status.UpdateRevision!)) } });
        w.World.Refuse = s => s is Step.Update { Object: Pod } ? "it is not right" : null;
        w.Settle();
        w.World.Refuse = _ => null;
        w.World.Now = w.World.Now.AddSeconds(1);
        w.Settle();
        w.World.Fail("web-0");
        w.World.Refuse = s => s is Step.Delete ? "not now" : null;
        w.Settle();
        w.World.Refuse = _ => null;
        w.World.Now = w.World.Now.AddSeconds(1);
        w.Settle();
        w.World.Events.Select(e => $"{(e.Warning ? "Warning" : "Normal")} {e.Reason}: {e.Message}").ShouldBe([
            "Warning FailedCreate: Create Claim data-web-0 for Pod web-0 in StatefulSet web failed error: no room",
            "Normal SuccessfulCreate: Create Claim data-web-0 Pod web-0 in StatefulSet web success",
            "Normal SuccessfulCreate: Create Pod web-0 in StatefulSet web successful",
            "Warning FailedUpdate: Update Pod web-0 in StatefulSet web failed error: it is not right",
            "Normal SuccessfulUpdate: Update Pod web-0 in StatefulSet web successful",
            "Warning FailedDelete: Delete Pod web-0 in StatefulSet web failed error: not now",
            "Normal SuccessfulDelete: Delete Pod web-0 in StatefulSet web successful"]);
    }
}
