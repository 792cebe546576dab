using Kennel.Client.Running;
using Kennel.Controllers.Tests.Model;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.StatefulSets;

public sealed class HealthTests
{
    static SetWorld Running(int replicas, bool parallel = false, bool claims = false)
    {
        var w = new SetWorld(Sets.Web(replicas, parallel, claims));
        w.Run();
        return w;
    }

    [Theory, Trait("Behaviour", "SS-216"), Trait("Behaviour", "SS-221")]
    [InlineData("unready")]
    [InlineData("terminating")]
    public void One_pod_that_is_not_well_halts_scaling_down_and_the_rollout(string how)
    {
        var w = Running(4);
        if (how == "unready") w.World.Run("web-0", ready: false);
        else w.World.DeletePod("web-0");
        w.Change(s => s with { Replicas = 3, Template = Sets.Template("two") });
        w.Settle().ShouldBe("");
        if (how != "unready") w.World.Stop("web-0");
        w.Settle();
        w.World.Run("web-0");
        w.Settle().ShouldBe("delete pod web-3", "scaling comes before updating");
        w.World.Stop("web-3");
        w.Settle().ShouldBe("delete pod web-2");
    }

    [Fact, Trait("Behaviour", "SS-218"), Trait("Behaviour", "SS-217")]
    public void A_healthy_pod_at_the_top_goes_although_a_lower_condemned_one_is_unhealthy()
    {
        var w = Running(4);
        w.World.Run("web-2", ready: false);
        w.Scale(1);
        w.Settle().ShouldBe("delete pod web-3");
        w.World.Stop("web-3");
        w.Settle().ShouldBe("delete pod web-2", "it is the first that is unavailable");
    }

    [Fact, Trait("Behaviour", "SS-218")]
    public void An_unhealthy_pod_at_the_top_waits_for_an_unhealthy_one_below()
    {
        var w = Running(4);
        w.World.Run("web-3", ready: false);
        w.World.Run("web-1", ready: false);
        w.Scale(1);
        w.Settle().ShouldBe("");
        w.World.WaitingFor!.ShouldStartWith("web-1 to become Ready before web-3 can be taken away");
        w.World.Run("web-1");
        w.Settle().ShouldBe("delete pod web-3");
    }

    [Fact, Trait("Behaviour", "SS-208"), Trait("Behaviour", "SS-214"), Trait("Behaviour", "SS-408")]
    public void One_creation_a_sync_under_OrderedReady()
    {
        var w = new SetWorld(Sets.Web(5, claims: true));
        for (var i = 0; i < 5; i++) w.Round();
        w.World.Pods.Count().ShouldBe(1);
        w.World.Run("web-0");
        for (var i = 0; i < 5; i++) w.Round();
        w.World.Pods.Count().ShouldBe(2);
    }

    [Fact, Trait("Behaviour", "SS-209"), Trait("Behaviour", "SS-505"), Trait("Behaviour", "SS-1325")]
    public void A_pending_pod_gets_its_claims_and_their_owners_back()
    {
        var w = new SetWorld(Sets.Web(1, claims: true).With(s => s with { PersistentVolumeClaimRetentionPolicy = new() { WhenDeleted = "Delete", WhenScaled = "Retain" } }));
        w.Settle();
        var claim = w.World.Caches.Of<PersistentVolumeClaim>().All().Single();
        w.World.Put(claim with { Metadata = claim.Metadata with { OwnerReferences = [] } });
        w.Settle().ShouldBe("update claim data-web-0");
        w.World.Put(claim with { Metadata = claim.Metadata with { DeletionTimestamp = w.World.Now } });
        w.Settle().ShouldBe("");
        w.World.WaitingFor.ShouldBe("claim data-web-0 to go away: it is being deleted, and web-0 needs a new one");
        w.World.Remove(claim);
        w.Settle().ShouldBe("create claim data-web-0");
    }

    [Fact, Trait("Behaviour", "SS-212"), Trait("Behaviour", "SS-213")]
    public void A_pod_without_its_claims_volume_is_updated_which_the_API_refuses()
    {
        var w = Running(1, claims: true);
        w.World.Change<Pod>("web-0", p => p with { Spec = p.Spec! with { Volumes = [] } });
        var tries = 0;
        w.World.Refuse = s => s is Step.Update { Object: Pod } && ++tries > 0 ? "pod updates may not change fields" : null;
        for (var i = 0; i < 10; i++) w.Round();
        tries.ShouldBe(1, "it is tried with back-off");
        w.World.Events.ShouldContain(e => e.Reason == "FailedUpdate" && e.Message == "Update Pod web-0 in StatefulSet web failed error: pod updates may not change fields");
        w.World.DeletePod("web-0");
        w.World.Stop("web-0");
        w.Run().ShouldBe("create pod web-0");
    }

    [Fact, Trait("Behaviour", "SS-230")]
    public void A_lost_race_is_tried_again_with_what_is_there_then()
    {
        var w = Running(1);
        w.World.Change<Pod>("web-0", p => p with { Metadata = p.Metadata with { Labels = Make.Map(("app", "web"), ("controller-revision-hash", w.Status.UpdateRevision!)) } });
        var races = 2;
        w.World.Refuse = s => s is Step.Update { Object: Pod } && races-- > 0 ? "conflict" : null;
        for (var i = 0; i < 5; i++) { w.Round(); w.World.Now = w.World.Now.AddSeconds(1); }
        w.World.Pod("web-0")!.Metadata.Labels["statefulset.kubernetes.io/pod-name"].ShouldBe("web-0");
    }

    [Fact, Trait("Behaviour", "SS-229"), Trait("Behaviour", "SS-246"), Trait("Behaviour", "SS-243")]
    public void A_pod_that_somebody_deleted_is_made_anew_once_it_is_gone()
    {
        var w = Running(2);
        w.World.DeletePod("web-1");
        w.Settle().ShouldBe("");
        w.World.Stop("web-1");
        w.Settle().ShouldBe("create pod web-1");
    }

    [Fact, Trait("Behaviour", "SS-616"), Trait("Behaviour", "SS-210")]
    public void A_pod_that_a_finalizer_holds_is_waited_for_by_name()
    {
        var w = Running(1);
        w.World.Change<Pod>("web-0", p => p with { Metadata = p.Metadata with { DeletionTimestamp = w.World.Now, Finalizers = ["example.com/hold"] } });
        w.Settle().ShouldBe("");
        w.World.WaitingFor.ShouldBe("web-0 to go away: it is terminating and has the finalizer example.com/hold");
    }

    [Fact, Trait("Behaviour", "SS-233"), Trait("Behaviour", "SS-236"), Trait("Behaviour", "SS-240"), Trait("Behaviour", "SS-607"), Trait("Behaviour", "SS-1341")]
    public void While_a_set_is_deleted_nothing_is_adopted_or_released_and_ours_are_counted()
    {
        var w = Running(3);
        w.World.Change<Pod>("web-0", p => p with { Metadata = p.Metadata with { OwnerReferences = [] } });
        w.World.Change<Pod>("web-1", p => p with { Metadata = p.Metadata with { Labels = Make.Map(("app", "other")) } });
        w.World.Put(w.Set with { Metadata = w.Set.Metadata with { DeletionTimestamp = w.World.Now, Finalizers = ["orphan"] } });
        w.Settle().ShouldBe("");
        w.Status.Replicas.ShouldBe(1);
    }

    [Fact, Trait("Behaviour", "SS-238"), Trait("Behaviour", "SS-233")]
    public void An_orphan_on_its_way_out_is_not_adopted()
    {
        var w = Running(1);
        w.World.Change<Pod>("web-0", p => p with { Metadata = p.Metadata with { OwnerReferences = [], DeletionTimestamp = w.World.Now } });
        w.Settle().ShouldBe("");
        w.World.WaitingFor.ShouldBe("the name web-0: a pod has it that is terminating");
    }

    [Theory]
    [InlineData("waiting", "web-0 to become Ready: CrashLoopBackOff: back-off 10s (it ended with Error: exit code 1, no such file)")]
    [InlineData("unready", "web-0 to become Ready: container c is running but not ready (its readiness probe fails or has not succeeded yet)")]
    [InlineData("unscheduled", "web-0 to become Ready: Unschedulable: 0/1 nodes are available: 1 Insufficient cpu.")]
    [InlineData("evicted", "web-0 to go away: it is Failed (Evicted: The node was low on resource: memory.) and will be made anew")]
    public void What_is_waited_for_says_why(string what, string sentence)
    {
        var w = new SetWorld(Sets.Web(2).With(s => s with { Template = s.Template with { Spec = new() { Containers = [new() { Name = "c", Image = "i", ReadinessProbe = new() }] } } }));
        w.Settle();
        w.World.Change<Pod>("web-0", p => p with { Spec = p.Spec! with { NodeName = what == "unscheduled" ? null : "n" }, Status = Of(what) });
        w.Round();
        w.World.WaitingFor.ShouldBe(sentence);
    }

    static PodStatus Of(string what) => what switch
    {
        "waiting" => new() { Phase = "Running", ContainerStatuses = [new() { Name = "c", State = new() { Waiting = new() { Reason = "CrashLoopBackOff", Message = "back-off 10s" } }, LastState = new() { Terminated = new() { ExitCode = 1, Reason = "Error", Message = "no such file\n" } } }] },
        "unready" => new() { Phase = "Running", Conditions = [new() { Type = "Ready", Status = "False", Reason = "ContainersNotReady" }], ContainerStatuses = [new() { Name = "c", Started = true, State = new() { Running = new() } }] },
        "unscheduled" => new() { Phase = "Pending", Conditions = [new() { Type = "PodScheduled", Status = "False", Reason = "Unschedulable", Message = "0/1 nodes are available: 1 Insufficient cpu." }] },
        _ => new() { Phase = "Failed", Reason = "Evicted", Message = "The node was low on resource: memory." },
    };
}
