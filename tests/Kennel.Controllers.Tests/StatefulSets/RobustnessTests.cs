using Kennel.Client.Running;
using Kennel.Controllers.Tests.Model;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.StatefulSets;

/// <summary>What went wrong in the field with other controllers of sets, or could.</summary>
public sealed class RobustnessTests
{
    static bool Creates(Step step, string pod) => step is Step.Create { Object: Pod { Metadata.Name: var name } } && name == pod;

    [Fact, Trait("Behaviour", "SS-232")]
    public void A_refused_ordinal_backs_off_by_itself_whatever_happens_to_the_others()
    {
        var w = new SetWorld(Sets.Web(3, parallel: true));
        var tries = 0;
        w.World.Refuse = s => Creates(s, "web-1") ? $"no, {++tries}" : null;
        w.Settle();
        for (var i = 0; i < 20; i++)
        {
            w.World.Run("web-0", ready: i % 2 == 0);
            w.Settle();
        }
        tries.ShouldBe(1, "its back-off is not over, though the set was looked at again and again");
        w.World.At.ShouldNotBeNull();
        w.World.At!.Value.ShouldBeInRange(w.World.Now, w.World.Now.AddMilliseconds(5));
        w.World.Now = w.World.At.Value;
        w.Settle();
        tries.ShouldBe(2);
        w.World.At.Value.ShouldBeGreaterThan(w.World.Now.AddMilliseconds(5));
        w.World.Refuse = _ => null;
        w.World.Now = w.World.At.Value;
        w.Settle().ShouldContain("create pod web-1");
    }

    [Fact]
    public void A_set_whose_pods_are_refused_says_why_and_costs_nothing_while_it_waits()
    {
        var w = new SetWorld(Sets.Web(3));
        var tries = 0;
        w.World.Refuse = s => Creates(s, "web-0") && ++tries > 0 ? "pods \"web-0\" is forbidden: exceeded quota: small" : null;
        w.Settle();
        w.Round();
        w.World.WaitingFor.ShouldBe("web-0 to be created: pods \"web-0\" is forbidden: exceeded quota: small");
        var version = w.Set.Metadata.ResourceVersion;
        for (var i = 0; i < 1000 && w.World.At is { } at && at < Make.Now.AddYears(1); i++)
        {
            w.World.Now = at;
            w.Round();
            if (i > 30) break;
        }
        tries.ShouldBeGreaterThan(20);
        (w.World.At!.Value - w.World.Now).TotalSeconds.ShouldBeInRange(900, 1000, "it is tried again, ever more seldom");
        w.Set.Metadata.ResourceVersion.ShouldBe(version, "nothing is written meanwhile");
        tries = 0;
        w.Image("two");
        w.Round();
        tries.ShouldBe(1, "an edit is tried at once");
    }

    [Theory, Trait("Behaviour", "SS-413")]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_too_many_goes_although_a_quota_refuses_what_lacks(bool parallel)
    {
        var w = new SetWorld(Sets.Web(2, parallel));
        w.Run();
        w.World.Refuse = s => s is Step.Create { Object: Pod } && w.World.Pods.Count() >= 2 ? "exceeded quota" : null;
        w.Change(s => s with { Ordinals = new() { Start = 5 } });
        for (var i = 0; i < 20; i++)
        {
            w.Run();
            w.World.Now = w.World.Now.AddSeconds(100);
        }
        w.World.Pods.Select(p => p.Metadata.Name).ShouldBe(["web-5", "web-6"]);
    }

    [Theory, Trait("Behaviour", "SS-245")]
    [InlineData(true, "Failed")]
    [InlineData(false, "Failed")]
    [InlineData(false, "Succeeded")]
    public void A_pod_that_fails_at_once_again_and_again_is_made_anew_ever_more_seldom(bool parallel, string phase)
    {
        var w = new SetWorld(Sets.Web(2, parallel));
        w.Run();
        var deletions = new List<DateTimeOffset>();
        for (var second = 0; second < 600; second++)
        {
            w.World.Fail("web-1", phase);
            if (w.Settle().Contains("delete pod web-1")) deletions.Add(w.World.Now);
            w.World.Stop("web-1");
            w.Settle();
            w.World.Now = w.World.Now.AddSeconds(1);
        }
        deletions.Count.ShouldBeInRange(8, 11);
        deletions[0].ShouldBe(deletions[1].AddSeconds(-1), "the first time at once");
        w.World.WaitingFor!.ShouldMatch($"^web-1 to be made anew at \\d\\d:\\d\\d:\\d\\d: it is {phase}, \\d+ times in a row$");
    }

    [Fact]
    public void A_failing_ordinal_leaves_the_back_off_of_the_others_alone_and_is_forgiven_in_time()
    {
        var w = new SetWorld(Sets.Web(2, parallel: true));
        w.Run();
        for (var i = 0; i < 5; i++) Fail("web-0");
        Fail("web-1").ShouldBe("delete pod web-1");
        Fail("web-0").ShouldBe("");
        w.World.Now = w.World.Now.AddMinutes(1);
        w.Run();
        w.World.Now = w.World.Now.AddMinutes(30);
        w.Run();
        Fail("web-0").ShouldBe("delete pod web-0");
        w.Settle();
        w.World.Now = w.World.Now.AddSeconds(1);
        Fail("web-0").ShouldBe("delete pod web-0", "it starts with a second again");

        string Fail(string name)
        {
            w.World.Fail(name);
            var did = w.Settle();
            w.World.Stop(name);
            w.Settle();
            if (w.World.Pod(name) is { Status.Phase: "Pending" }) w.World.Run(name);
            return did;
        }
    }

    [Fact, Trait("Behaviour", "SS-227"), Trait("Behaviour", "SS-720")]
    public void A_squatted_name_is_neither_tried_nor_told_until_it_is_free()
    {
        var w = new SetWorld(Sets.Web(2, parallel: true));
        w.World.Put(new Pod { Metadata = new() { Name = "web-0", Namespace = "default", OwnerReferences = [new() { Kind = "ReplicaSet", Name = "other", Uid = "o", Controller = true }] } });
        var tries = 0;
        w.World.Refuse = s => Creates(s, "web-0") && ++tries > 0 ? "already exists" : null;
        w.Settle().ShouldBe("create pod web-1");
        for (var i = 0; i < 10; i++) { w.World.Run("web-1", ready: i % 2 == 0); w.Settle(); }
        tries.ShouldBe(0);
        w.World.WaitingFor.ShouldBe("the name web-0: a pod has it that ReplicaSet other controls");
        w.World.At.ShouldBeNull();
        w.World.Events.ShouldAllBe(e => e.Message.Contains("web-1"));
        w.World.Remove(w.World.Pod("web-0")!);
        w.World.Refuse = _ => null;
        w.Settle().ShouldBe("create pod web-0");
    }

    [Fact, Trait("Behaviour", "SS-347")]
    public void The_history_is_cut_although_nothing_else_succeeds()
    {
        var w = new SetWorld(Sets.Web(1).With(s => s with { RevisionHistoryLimit = 1 }));
        w.World.Refuse = s => s is Step.Create { Object: Pod } or Step.UpdateStatus ? "no" : null;
        for (var i = 0; i < 10; i++) { w.Image($"image-{i}"); w.Round(); w.Round(); }
        w.Revisions.Count().ShouldBeLessThanOrEqualTo(3);
        w.World.Refuse = s => s is Step.Create { Object: ControllerRevision } ? "no" : null;
        w.Image("last");
        w.Round();
        w.Revisions.Count().ShouldBeLessThanOrEqualTo(2);
    }

    [Fact, Trait("Behaviour", "SS-304"), Trait("Behaviour", "SS-306"), Trait("Behaviour", "SS-309"), Trait("Behaviour", "SS-343")]
    public void A_thousand_failing_syncs_and_edits_of_anything_else_make_no_second_revision()
    {
        var w = new SetWorld(Sets.Web(3).With(s => s with { RevisionHistoryLimit = -1 }));
        w.World.Refuse = s => s is Step.Create { Object: Pod } ? "no" : null;
        for (var i = 0; i < 1000; i++)
        {
            w.Change(s => s with { Replicas = i % 5, MinReadySeconds = i % 3, Template = s.Template with { Metadata = s.Template.Metadata with { Labels = new Dictionary<string, string> { ["app"] = "web" } } } });
            w.Round();
        }
        w.Revisions.Count().ShouldBe(1);
    }

    [Fact, Trait("Behaviour", "SS-322"), Trait("Behaviour", "SS-242")]
    public void Under_Parallel_too_a_rollout_waits_for_minReadySeconds_and_wakes_when_they_are_over()
    {
        var w = new SetWorld(Sets.Web(2, parallel: true).With(s => s with { MinReadySeconds = 10 }));
        w.Settle();
        w.World.Run("web-0");
        w.World.Run("web-1");
        w.World.Now = w.World.Now.AddSeconds(20);
        w.Image("two");
        w.Settle().ShouldBe("delete pod web-1");
        w.World.Stop("web-1");
        w.Settle();
        w.World.Run("web-1");
        w.Settle().ShouldBe("");
        w.World.WaitingFor.ShouldBe("web-1 to be Ready for 10s");
        w.World.At.ShouldBe(w.World.Now.AddSeconds(10));
        w.World.Now = w.World.At!.Value;
        w.Settle().ShouldBe("delete pod web-0");
    }

    [Fact]
    public void A_claim_that_another_controls_is_told_about_seldom()
    {
        var w = new SetWorld(Sets.Web(1, claims: true).With(s => s with { PersistentVolumeClaimRetentionPolicy = new() { WhenDeleted = "Delete", WhenScaled = "Retain" } }));
        w.Run();
        w.World.Change<PersistentVolumeClaim>("data-web-0", c => c with { Metadata = c.Metadata with { OwnerReferences = [new() { ApiVersion = "v1", Kind = "ConfigMap", Name = "boss", Uid = "b", Controller = true }] } });
        for (var i = 0; i < 10; i++) { w.World.Run("web-0"); w.Round(); }
        w.World.Events.Count(e => e.Reason == "ConflictingController").ShouldBe(1);
    }
}
