using static Kennel.Simulation.Tests.Scenarios.Scenario;

namespace Kennel.Simulation.Tests.Scenarios;

/// <summary>What upstream's end-to-end and integration tests ask of a set's pods.</summary>
public sealed class LifeTests
{
    static readonly TimeSpan s_while = TimeSpan.FromSeconds(10);

    [Fact]
    [Trait("Behaviour", "SS-1314")]
    public void Identity_stays_when_all_pods_go_and_come_back()
    {
        var s = Begin();
        s.World.Broken.UnionWith(["ss-0", "ss-1", "ss-2"]);
        s.Create(Manifest(3, claims: true));
        for (var i = 0; i < 3; i++)
        {
            var count = i + 1;
            s.Until($"{count} are there", () => s.Members.Count == count && s.Members[^1].Status?.Phase == "Running");
            s.For(s_while, "the next waits", () => s.Members.Count == count);
            s.World.Broken.Remove($"ss-{i}");
        }
        s.WhenReady(3);
        s.Members.Select(p => (p.Spec!.Hostname, p.Spec.Subdomain, p.Metadata.Labels["apps.kubernetes.io/pod-index"]))
            .ShouldBe([("ss-0", "test", "0"), ("ss-1", "test", "1"), ("ss-2", "test", "2")]);
        var volumes = s.AllClaims.ToDictionary(c => c.Metadata.Name!, c => c.Spec!.VolumeName);
        s.Scale(0);
        s.WhenReady(0);
        s.Scale(3);
        s.WhenReady(3); // that each reads on where it wrote before, the simulation's checkers see
        s.AllClaims.ToDictionary(c => c.Metadata.Name!, c => c.Spec!.VolumeName).ShouldBe(volumes);
        s.Members.ShouldAllBe(p => p.Spec!.Volumes.Any(v => v.PersistentVolumeClaim != null && v.PersistentVolumeClaim.ClaimName == "datadir-" + p.Metadata.Name));
    }

    [Fact]
    [Trait("Behaviour", "SS-1315")]
    public void Orphans_that_match_are_adopted_and_pods_that_do_not_are_released()
    {
        var s = Begin();
        s.Create(Manifest(1));
        s.WhenReady(1);
        s.Patch($"{Pods}/ss-0", """{"metadata":{"ownerReferences":null}}""");
        s.Until("it is adopted", () => s.Pod("ss-0").Metadata.OwnerReferences is [{ Controller: true, Kind: "StatefulSet", Name: "ss" } owner] && owner.Uid == s.Set.Metadata.Uid);
        s.Patch($"{Pods}/ss-0", """{"metadata":{"labels":{"foo":null,"baz":null}}}""");
        s.Until("it is released", () => s.Pod("ss-0").Metadata.OwnerReferences.Count == 0);
        s.Patch($"{Pods}/ss-0", """{"metadata":{"labels":{"foo":"bar","baz":"blah"}}}""");
        s.Until("it is adopted again", () => s.Pod("ss-0").Metadata.OwnerReferences is [{ Controller: true }]);
    }

    [Fact]
    [Trait("Behaviour", "SS-1316")]
    public void A_pod_that_is_not_ready_does_not_keep_its_predecessor_away()
    {
        var s = Begin();
        s.World.Broken.Add("ss-1");
        s.Create(Manifest(2));
        s.Until("ss-1 runs, not ready", () => s.Members is [var one, var two] && Ready(one) && two.Status?.Phase == "Running");
        var uid = s.Pod("ss-0").Metadata.Uid;
        s.DeletePod("ss-0");
        s.Until("ss-0 is back", () => s.Members is [var one, _] && one.Metadata.Uid != uid && Ready(one));
        Ready(s.Pod("ss-1")).ShouldBeFalse();
        s.World.Broken.Clear();
        s.WhenReady(2);
    }

    [Fact]
    [Trait("Behaviour", "SS-1322")]
    [Trait("Behaviour", "SS-1323")]
    public void Pods_are_available_when_they_have_been_ready_for_long_enough()
    {
        var s = Begin();
        s.Create(Manifest(2, """ "minReadySeconds":30,"podManagementPolicy":"Parallel","""));
        s.WhenReady(2);
        s.For(TimeSpan.FromSeconds(5), "none is available", () => (s.Status.AvailableReplicas ?? 0) == 0);
        s.Until("both are available", () => s.Status.AvailableReplicas == 2);
        s.Patch("""{"spec":{"minReadySeconds":3600}}""");
        s.Until("none is available", () => (s.Status.AvailableReplicas ?? 0) == 0);
        s.Patch("""{"spec":{"minReadySeconds":0}}""");
        s.Until("both are available", () => s.Status.AvailableReplicas == 2);
    }

    [Theory]
    [InlineData("podAffinity", "OrderedReady", 1)]
    [InlineData("podAffinity", "Parallel", 1)]
    [InlineData("podAntiAffinity", "OrderedReady", 3)]
    [InlineData("podAntiAffinity", "Parallel", 3)]
    [Trait("Behaviour", "SS-1327")]
    public void Pods_stand_together_or_apart(string affinity, string policy, int nodes)
    {
        var s = Begin(nodes: 3);
        s.Create(Manifest(3, $"\"podManagementPolicy\":\"{policy}\",", claims: true, pod:
            $$""" "affinity":{"{{affinity}}":{"requiredDuringSchedulingIgnoredDuringExecution":[{"labelSelector":{"matchLabels":{"foo":"bar"} },"topologyKey":"kubernetes.io/hostname"}] } },"""));
        s.WhenReady(3);
        s.Members.Select(p => p.Spec!.NodeName).Distinct().Count().ShouldBe(nodes);
    }

    [Fact]
    [Trait("Behaviour", "SS-1329")]
    public void Replicas_follow_their_number_and_a_changed_template_is_observed()
    {
        var s = Begin();
        s.Create(Manifest(2));
        s.WhenReady(2);
        foreach (var replicas in new[] { 3, 0, 2 })
        {
            s.Scale(replicas);
            s.WhenReady(replicas);
        }
        var before = s.Set.Metadata.Generation!.Value;
        s.Patch("""{"spec":{"template":{"metadata":{"annotations":{"test":"test"}}}}}""");
        s.Set.Metadata.Generation.ShouldBe(before + 1);
        s.WhenObserved();
    }

    [Fact]
    [Trait("Behaviour", "SS-1330")]
    public void A_leaving_pod_is_waited_for_and_ended_ones_are_replaced()
    {
        var s = Begin();
        s.Create(Manifest(3, """ "podManagementPolicy":"Parallel","""));
        s.WhenReady(3);
        var uids = s.Members.Select(p => p.Metadata.Uid).ToList();
        s.Patch($"{Pods}/ss-0", """{"metadata":{"finalizers":["example.com/hold"]}}""");
        s.DeletePod("ss-0");
        s.Patch($"{Pods}/ss-1/status", """{"status":{"phase":"Failed"}}""");
        s.Patch($"{Pods}/ss-2/status", """{"status":{"phase":"Succeeded"}}""");
        s.Until("the ended ones are replaced", () => s.Members is [var held, var one, var two] && held.Metadata.Uid == uids[0] && one.Metadata.Uid != uids[1] && two.Metadata.Uid != uids[2]);
        s.For(s_while, "the leaving one stays", () => s.Pod("ss-0").Metadata.Uid == uids[0]);
        s.Patch($"{Pods}/ss-0", """{"metadata":{"finalizers":null}}""");
        s.WhenReady(3);
        s.Pod("ss-0").Metadata.Uid.ShouldNotBe(uids[0]);
    }

    [Fact]
    [Trait("Behaviour", "SS-1331")]
    public void Replicas_ready_and_available_are_counted_each_for_itself()
    {
        var s = Begin();
        s.World.Broken.UnionWith(["ss-2", "ss-3"]);
        s.Create(Manifest(4, """ "minReadySeconds":60,"podManagementPolicy":"Parallel","""));
        s.Until("two are available", () => s.Status.AvailableReplicas == 2);
        s.World.Broken.Remove("ss-2");
        s.Until("three are ready", () => s.Status.ReadyReplicas == 3);
        (s.Status.Replicas, s.Status.ReadyReplicas, s.Status.AvailableReplicas).ShouldBe((4, 3, 2));
    }

    [Fact]
    [Trait("Behaviour", "SS-1332")]
    public void Pods_that_can_not_be_made_do_not_count()
    {
        var s = Begin();
        s.Send("POST", Pods, """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"ss-2"},"spec":{"containers":[{"name":"stranger","image":"stranger:1"}]}}""");
        s.Create(Manifest(4));
        s.Until("two are counted", () => s.Status.Replicas == 2 && s.Status.ObservedGeneration == s.Set.Metadata.Generation);
        s.For(s_while, "and not more", () => s.Status.Replicas == 2);
    }
}
