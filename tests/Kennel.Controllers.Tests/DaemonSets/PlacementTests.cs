using Kennel.Client.Running;
using Kennel.Controllers.Tests.Model;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.DaemonSets;

public sealed class PlacementTests
{
    [Fact]
    public void Each_node_gets_one_pod_that_the_scheduler_can_only_put_there()
    {
        var w = new DaemonWorld(3);
        w.Settle();
        w.Places.ShouldBe("a b c");
        w.World.Events.Count(e => e.Reason == "SuccessfulCreate" && e.Message.StartsWith("Created pod: ")).ShouldBe(3);
        var pod = w.Living.First();
        pod.Spec!.NodeName.ShouldBeNull();
        pod.Spec.Tolerations.Select(t => $"{t.Key!.Split('/')[1]}:{t.Effect}").ShouldBe(
            ["not-ready:NoExecute", "unreachable:NoExecute", "disk-pressure:NoSchedule", "memory-pressure:NoSchedule", "pid-pressure:NoSchedule", "unschedulable:NoSchedule"]);
        pod.Metadata.Labels["controller-revision-hash"].ShouldBe(w.Revisions.Single().Metadata.Labels["controller-revision-hash"]);
        w.Revisions.Single().Metadata.Name.ShouldBe("agent-" + pod.Metadata.Labels["controller-revision-hash"]);
        pod.Metadata.OwnerReferences.ShouldHaveSingleItem().Kind.ShouldBe("DaemonSet");
    }

    [Fact]
    public void Pods_on_the_network_of_the_node_are_there_before_the_network_is()
    {
        var w = new DaemonWorld(1);
        w.Change(s => s with { Template = s.Template with { Spec = s.Template.Spec! with { HostNetwork = true } } });
        w.Settle();
        w.Living.Single().Spec!.Tolerations.Select(t => t.Key).ShouldContain("node.kubernetes.io/network-unavailable");
    }

    [Fact]
    public void Tolerations_of_the_template_stay_and_none_is_there_twice()
    {
        var w = new DaemonWorld(1);
        Toleration own = new() { Key = "mine", Operator = "Exists" }, limited = new() { Key = "node.kubernetes.io/not-ready", Operator = "Exists", Effect = "NoExecute", TolerationSeconds = 5 };
        w.Change(s => s with { Template = s.Template with { Spec = s.Template.Spec! with { Tolerations = [own, limited] } } });
        w.Settle();
        var all = w.Living.Single().Spec!.Tolerations;
        all.Count.ShouldBe(7);
        all[0].ShouldBe(own);
        all[1].TolerationSeconds.ShouldBeNull();
    }

    [Theory]
    [InlineData("NoSchedule", "a b", "b c")] // what runs stays, nothing new comes
    [InlineData("NoExecute", "a b", "c")]
    [InlineData("PreferNoSchedule", "a b", "a b c")]
    public void A_taint_keeps_new_pods_away_and_may_send_those_that_are_there(string effect, string tainted, string left)
    {
        var w = new DaemonWorld(3);
        w.RunAll();
        var lost = w.Living.First(p => DaemonWorld.Target(p) == "a");
        foreach (var node in tainted.Split(' ')) w.Node(node, null, new Taint { Key = "k", Effect = effect });
        w.World.DeletePod(lost.Metadata.Name!);
        w.RunAll();
        w.Places.ShouldBe(left);
        w.Status.DesiredNumberScheduled.ShouldBe(effect == "PreferNoSchedule" ? 3 : 1);
        w.Status.NumberMisscheduled.ShouldBe(effect == "NoSchedule" ? 1 : 0);
    }

    [Fact]
    public void Nodes_come_and_go_and_change_their_labels()
    {
        var w = new DaemonWorld(0);
        w.Change(s => s with { Template = s.Template with { Spec = s.Template.Spec! with { NodeSelector = new Dictionary<string, string> { ["disk"] = "yes" } } } });
        w.Node("a", "disk");
        w.Node("b");
        w.RunAll();
        w.Places.ShouldBe("a");
        w.Node("b", "disk");
        w.RunAll();
        w.Places.ShouldBe("a b");
        w.Node("a");
        w.RunAll();
        w.Places.ShouldBe("b");
        (w.Status.DesiredNumberScheduled, w.Status.CurrentNumberScheduled, w.Status.NumberReady, w.Status.NumberAvailable, w.Status.NumberUnavailable).ShouldBe((1, 1, 1, 1, null));
    }

    [Fact]
    public void A_pod_that_waits_for_a_node_that_is_gone_goes_too()
    {
        var w = new DaemonWorld(2);
        w.Settle();
        w.RemoveNode("b");
        w.Settle();
        w.Places.ShouldBe("a");
    }

    [Fact]
    public void Required_affinity_selects_nodes_and_the_pod_names_its_own()
    {
        var w = new DaemonWorld(1);
        w.Node("z", "disk");
        NodeSelectorTerm term = new() { MatchExpressions = [new() { Key = "disk", Operator = "Exists" }] };
        w.Change(s => s with { Template = s.Template with { Spec = s.Template.Spec! with { Affinity = new() { PodAffinity = new(), NodeAffinity = new() { RequiredDuringSchedulingIgnoredDuringExecution = new() { NodeSelectorTerms = [term] } } } } } });
        w.Settle();
        w.Places.ShouldBe("z");
        w.Living.Single().Spec!.Affinity!.PodAffinity.ShouldNotBeNull();
    }

    [Fact]
    public void Of_two_pods_on_a_node_the_older_stays()
    {
        var w = new DaemonWorld(1);
        w.RunAll();
        var first = w.Living.Single();
        w.World.Now = w.World.Now.AddMinutes(1);
        w.World.Put(first with { Metadata = first.Metadata with { Name = "second", Uid = null, CreationTimestamp = w.World.Now } });
        w.RunAll();
        w.Living.Single().Metadata.Name.ShouldBe(first.Metadata.Name);
    }

    [Fact]
    public void A_failed_pod_is_made_anew_at_once_and_then_less_and_less_often()
    {
        var w = new DaemonWorld(1);
        w.RunAll();
        var first = w.Living.Single().Metadata.Name;
        Fail();
        w.Living.Single().Status!.Phase.ShouldBe("Pending");
        w.World.Events.Single(e => e.Reason == "FailedDaemonPod").Message.ShouldBe($"Found failed daemon pod default/{first} on node a, will try to kill it");
        Fail();
        w.Living.Single().Status!.Phase.ShouldBe("Failed");
        w.World.At.ShouldNotBeNull().ShouldBeInRange(w.World.Now.AddSeconds(0.9), w.World.Now.AddSeconds(1));
        w.World.Now = w.World.Now.AddSeconds(1);
        w.RunAll();
        w.Living.Single().Status!.Phase.ShouldBe("Running");

        void Fail()
        {
            var pod = w.Living.Single();
            w.Run(pod);
            w.World.Change<Pod>(pod.Metadata.Name!, p => p with { Status = new() { Phase = "Failed" } });
            w.Settle();
            if (w.World.Pods.FirstOrDefault(p => p.Metadata.DeletionTimestamp is not null) is { } gone) w.World.Stop(gone.Metadata.Name!);
            w.Settle();
        }
    }

    [Fact]
    public void What_refuses_one_pod_is_told_and_costs_few_tries()
    {
        var w = new DaemonWorld(20);
        w.World.Refuse = s => s is Step.Create { Object: Pod } ? "exceeded quota" : null;
        w.Round();
        w.World.Events.Count(e => e.Reason == "FailedCreate").ShouldBe(1);
        w.Round();
        w.World.WaitingFor.ShouldBe("a pod to be created on node a: exceeded quota");
    }

    [Fact]
    public void Pods_are_adopted_by_their_labels_and_released_when_they_lose_them()
    {
        var w = new DaemonWorld(1);
        w.RunAll();
        var pod = w.Living.Single();
        w.World.Put(pod with { Metadata = pod.Metadata with { OwnerReferences = [] } });
        w.RunAll();
        w.Living.ShouldHaveSingleItem().Metadata.OwnerReferences.ShouldHaveSingleItem();
        w.World.Change<Pod>(pod.Metadata.Name!, p => p with { Metadata = p.Metadata with { Labels = new Dictionary<string, string> { ["app"] = "other" } } });
        w.RunAll();
        w.World.Pod(pod.Metadata.Name!)!.Metadata.OwnerReferences.ShouldBeEmpty();
        w.Living.Count().ShouldBe(2);
    }

    [Fact]
    public void A_set_that_is_being_deleted_is_left_alone()
    {
        var w = new DaemonWorld(2);
        w.World.Put(w.Set with { Metadata = w.Set.Metadata with { DeletionTimestamp = w.World.Now } });
        w.Settle();
        w.World.Did().ShouldBe("");
    }
}
