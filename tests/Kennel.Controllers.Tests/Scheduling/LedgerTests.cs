using FsCheck;
using FsCheck.Fluent;
using Kennel.Controllers.Scheduling;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.Scheduling;

public sealed class LedgerTests
{
    [Fact]
    public void A_promise_holds_room_until_the_pod_is_seen_on_its_node()
    {
        var ledger = new Ledger();
        ledger.Seen("a", Make.Node("a"));
        var pod = Make.Pod("p", cpu: "1");
        ledger.Promise(Guest.Of(pod, "a", ["v"]));
        ledger.Rooms[0].Used.Cpu.ShouldBe(1000);
        ledger.IsReserved("v").ShouldBeTrue();
        ledger.Seen(new("default", "p"), pod).ShouldBeFalse("it still has no node");
        ledger.Rooms[0].Used.Cpu.ShouldBe(1000);
        ledger.Seen(new("default", "p"), pod with { Spec = pod.Spec! with { NodeName = "a" } }).ShouldBeFalse();
        ledger.Rooms[0].Used.Cpu.ShouldBe(1000);
        ledger.IsReserved("v").ShouldBeFalse();
        ledger.Seen(new ObjectKey("default", "p"), null).ShouldBeTrue("it left room");
        ledger.Rooms[0].Used.Cpu.ShouldBe(0);
    }

    [Fact]
    public void Pods_of_a_node_that_is_not_known_yet_count_when_it_comes()
    {
        var ledger = new Ledger();
        ledger.Seen(new("default", "p"), Make.Pod("p", "late", cpu: "1"));
        ledger.Seen("late", Make.Node("late"));
        ledger.Rooms.ShouldHaveSingleItem().Used.Cpu.ShouldBe(1000);
        ledger.Seen("late", null);
        ledger.Seen(new ObjectKey("default", "p"), null);
        ledger.Rooms.ShouldBeEmpty();
    }

    /// <summary>Whatever happens in whatever order, the running totals are the sums of what is there.</summary>
    [Fact]
    public void Running_totals_are_the_sums() => Prop.ForAll<int>(Sums).QuickCheckThrowOnFailure();

    static void Sums(int seed)
    {
        var random = new Random(seed);
        var ledger = new Ledger();
        var pods = new SortedDictionary<string, Pod>(StringComparer.Ordinal);
        for (var i = 0; i < 60; i++)
        {
            var name = $"p{random.Next(8)}";
            var node = $"n{random.Next(3)}";
            switch (random.Next(5))
            {
                case 0:
                    ledger.Seen(node, random.Next(2) == 0 ? null : Make.Node(node));
                    break;
                case 1:
                    pods.Remove(name);
                    ledger.Seen(new ObjectKey("default", name), null);
                    break;
                default:
                    pods[name] = Make.Pod(name, node, cpu: $"{random.Next(1, 4)}");
                    ledger.Seen(new ObjectKey("default", name), null);
                    ledger.Seen(new("default", name), pods[name]);
                    break;
            }
        }
        foreach (var room in ledger.Rooms)
        {
            var here = pods.Values.Where(p => p.Spec!.NodeName == room.Name).ToList();
            room.Guests.Count.ShouldBe(here.Count);
            room.Used.Cpu.ShouldBe(here.Sum(p => Demand.Of(p).Requests.Cpu));
        }
        ledger.Rooms.Sum(r => r.Guests.Count).ShouldBe(pods.Count);
    }

    [Fact]
    public void Init_containers_and_sidecars_count_as_upstream_counts_them()
    {
        Container Of(string cpu, string? restart = null) => new() { Name = "c", RestartPolicy = restart, Resources = new() { Requests = Make.Map(("cpu", cpu)) } };
        var spec = new PodSpec { Containers = [Of("1"), Of("1")], InitContainers = [Of("5"), Of("500m", "Always"), Of("6")], Overhead = Make.Map(("cpu", "250m")) };
        // Running: 2 + 0.5 of the sidecar; the last step of the initialization runs beside the sidecar: 6.5.
        Demand.Of(new Pod { Spec = spec }).Requests.Cpu.ShouldBe(6750);
    }
}
