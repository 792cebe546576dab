using Kennel.Controllers.Scheduling;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.Scheduling;

public sealed class SchedulerWorldTests
{
    [Fact]
    public async Task A_pod_that_fits_nowhere_says_so_and_goes_when_room_is_made()
    {
        await using var world = new LiveWorld(c => [new Scheduler(c)], api =>
        {
            api.Put(Make.Node("n1", cpu: "1"));
            api.Put(Make.Pod("first", "n1", cpu: "800m"));
            api.Put(Make.Pod("second", cpu: "800m"));
        });
        await world.Until<Pod>("second", p => p.Status!.Conditions.Any(c =>
            c is { Type: "PodScheduled", Status: "False", Reason: "Unschedulable", Message: "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod." }));
        await world.UntilAll<Event>(e => e.Any(x => x.Reason == "FailedScheduling" && x.Message == "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod."));
        world.Api.Remove(Make.Pod("first"));
        await world.Until<Pod>("second", p => p.Spec!.NodeName == "n1");
        await world.UntilAll<Event>(e => e.Any(x => x is { Reason: "Scheduled", Message: "Successfully assigned default/second to n1", Source.Component: "default-scheduler" }));
    }

    [Fact]
    public async Task Many_pods_at_once_fill_the_nodes_evenly_and_never_beyond()
    {
        await using var world = new LiveWorld(c => [new Scheduler(c)], api =>
        {
            for (var n = 0; n < 10; n++) api.Put(Make.Node($"n{n}", cpu: "4"));
            for (var i = 0; i < 200; i++) api.Put(Make.Pod($"p{i:000}", cpu: "200m"));
        });
        await world.UntilAll<Pod>(all => all.All(p => p.Spec!.NodeName is not null));
        world.Api.All<Pod>().GroupBy(p => p.Spec!.NodeName).ShouldAllBe(g => g.Count() == 20);
    }

    [Fact]
    public async Task Pods_of_other_schedulers_and_pods_held_by_gates_are_left_alone()
    {
        await using var world = new LiveWorld(c => [new Scheduler(c)], api =>
        {
            api.Put(Make.Node("n1"));
            api.Put(Make.Pod("other") is var o ? o with { Spec = o.Spec! with { SchedulerName = "mine" } } : null!);
            api.Put(Make.Pod("gated") is var g ? g with { Spec = g.Spec! with { SchedulingGates = [new() { Name = "wait" }] } } : null!);
            api.Put(Make.Pod("plain"));
        });
        await world.Until<Pod>("plain", p => p.Spec!.NodeName == "n1");
        world.Api.All<Pod>().Where(p => p.Spec!.NodeName is null).Select(p => p.Metadata.Name).ShouldBe(["gated", "other"]);
    }
}
