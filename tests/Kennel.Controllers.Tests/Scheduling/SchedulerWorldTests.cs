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
        await world.Until<Pod>("gated", p => p.Status!.Conditions.Any(c =>
            c is { Type: "PodScheduled", Status: "False", Reason: "SchedulingGated", Message: "Scheduling is blocked due to non-empty scheduling gates" }));
        world.Runner.Waiting.ShouldContain(w => w.For == "its scheduling gates to be removed: wait");
        world.Api.Put(world.Api.Get<Pod>("default", "gated") is var g ? g! with { Spec = g.Spec! with { SchedulingGates = [] } } : null!);
        await world.Until<Pod>("gated", p => p.Spec!.NodeName == "n1");
    }

    [Fact]
    public async Task More_important_pods_are_placed_first_and_then_those_that_came_first()
    {
        await using var world = new LiveWorld(c => [new Scheduler(c)], api =>
        {
            for (var i = 0; i < 20; i++) api.Put(Make.Pod($"p{i:00}", cpu: "1").Worth(i == 13 ? 5 : 0, "Never"));
        });
        await world.UntilAll<Pod>(all => all.All(p => p.Status!.Conditions.Any(c => c is { Reason: "Unschedulable", Message: "no nodes available to schedule pods" })));
        world.Api.Put(Make.Node("n1", cpu: "3"));
        await world.UntilAll<Pod>(all => all.Count(p => p.Spec!.NodeName == "n1") == 3);
        world.Api.All<Pod>().Where(p => p.Spec!.NodeName is not null).Select(p => p.Metadata.Name).ShouldBe(["p00", "p01", "p13"]);
    }

    [Fact]
    public async Task Unschedulable_pods_cost_nothing_while_nothing_changes()
    {
        Scheduler scheduler = null!;
        await using var world = new LiveWorld(c => [scheduler = new Scheduler(c)], api =>
        {
            for (var i = 0; i < 5; i++) api.Put(Make.Node($"n{i}", cpu: "1"));
            for (var i = 0; i < 50; i++) api.Put(Make.Pod($"p{i:00}", cpu: "2"));
        });
        await world.UntilAll<Pod>(all => all.All(p => p.Status!.Conditions.Any(c => c.Reason == "Unschedulable")));
        scheduler.Looks.ShouldBe(50 * 5, "each pod has looked once at each node");
        // Nothing that could help them: a heartbeat, a pod that comes, a pod that goes and leaves too little.
        world.Api.Put(Make.Node("n0", cpu: "1"));
        world.Api.Put(Make.Pod("small", cpu: "500m"));
        await world.Until<Pod>("small", p => p.Spec!.NodeName is not null);
        world.Api.Remove(Make.Pod("small"));
        world.Api.Put(Make.Pod("last", cpu: "500m"));
        await world.Until<Pod>("last", p => p.Spec!.NodeName is not null);
        scheduler.Looks.ShouldBe(50 * 5 + 10);
    }

    [Fact]
    public async Task A_binding_that_is_refused_is_told_and_tried_again()
    {
        var refusals = 0;
        await using var world = new LiveWorld(c => [new Scheduler(c)], api =>
        {
            api.Put(Make.Node("n1"));
            api.Put(Make.Pod("p"));
            api.Instead = call => call.Path.EndsWith("/binding", StringComparison.Ordinal) && refusals++ < 2
                ? new(403, """{"kind":"Status","status":"Failure","reason":"Forbidden","message":"not today","code":403}"""u8.ToArray()) : null;
        });
        await world.Until<Pod>("p", p => p.Spec!.NodeName == "n1");
        world.Api.Get<Pod>("default", "p")!.Status!.Conditions.ShouldContain(c => c.Type == "PodScheduled" && c.Status == "False" && c.Reason == "SchedulerError" && c.Message == "not today");
        await world.UntilAll<Event>(e => e.Any(x => x is { Reason: "FailedScheduling", Message: "not today", Type: "Warning" }));
    }
}
