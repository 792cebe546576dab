using Kennel.Client.Running;
using Kennel.Controllers.LoadBalancers;
using Kennel.Objects.Core;
using Balancers = Kennel.Controllers.LoadBalancers.LoadBalancers;

namespace Kennel.Controllers.Tests.LoadBalancers;

public sealed class LoadBalancerTests
{
    [Fact]
    public void A_service_gets_the_addresses_of_nodes_that_are_ready()
    {
        var step = Decide(Web("a"), nodes: [Node("n2", "192.0.2.2"), Node("n1", "192.0.2.1"), Node("n3", "192.0.2.3", ready: false), Node("n4", "192.0.2.4") is var n
            ? n with { Metadata = n.Metadata with { Labels = Make.Map(("node.kubernetes.io/exclude-from-external-load-balancers", "")) } } : null!]).Steps.ShouldHaveSingleItem();
        var written = step.ShouldBeOfType<Step.UpdateStatus>().Object.ShouldBeOfType<Service>();
        written.Status!.LoadBalancer!.Ingress.Select(i => i.Ip).ShouldBe(["192.0.2.1", "192.0.2.2"]);
        step.Done!.Reason.ShouldBe("EnsuredLoadBalancer");
        Decide(written, nodes: [Node("n1", "192.0.2.1"), Node("n2", "192.0.2.2")]).Steps.ShouldBeEmpty();
    }

    [Fact]
    public void Of_two_that_want_a_port_the_older_one_has_it_and_the_other_says_so()
    {
        var (older, younger) = (Web("b", age: 9), Web("a", age: 1));
        Decide(older, [younger]).Steps.ShouldHaveSingleItem().ShouldBeOfType<Step.UpdateStatus>();
        var waiting = Decide(younger, [older]);
        waiting.WaitingFor.ShouldBe("port TCP/80 of the machine is taken by service default/b");
        waiting.Steps.ShouldHaveSingleItem().ShouldBeOfType<Step.Say>().Done!.Reason.ShouldBe("SyncLoadBalancerFailed");
        Decide(younger, [older is var o ? o with { Spec = o.Spec! with { Ports = [new() { Port = 80, Protocol = "UDP" }] } } : null!]).WaitingFor.ShouldBeNull();
    }

    [Fact]
    public void The_port_of_the_api_is_nobodys() => Decide(Web("a", port: 6443)).WaitingFor.ShouldBe("port 6443 is the API server's own");

    [Fact]
    public void Another_class_is_another_programs_and_another_type_has_no_address()
    {
        var had = Web("a") with { Status = new() { LoadBalancer = new() { Ingress = [new() { Ip = "192.0.2.1" }] } } };
        Decide(had with { Spec = had.Spec! with { LoadBalancerClass = "example.com/x" } }).Steps.ShouldBeEmpty();
        Decide(had with { Spec = had.Spec! with { Type = "ClusterIP" } }).Steps.ShouldHaveSingleItem().ShouldBeOfType<Step.UpdateStatus>().Object.ShouldBeOfType<Service>().Status!.LoadBalancer!.Ingress.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_port_that_becomes_free_goes_to_the_one_who_waits()
    {
        await using var world = new LiveWorld(c => [new LoadBalancerController(c)], api =>
        {
            api.Put(Node("n1", "192.0.2.1"));
            api.Put(Web("first", age: 9));
            api.Put(Web("second", age: 1));
        });
        await world.Until<Service>("first", s => s.Status?.LoadBalancer?.Ingress is [{ Ip: "192.0.2.1" }]);
        world.Api.Get<Service>("default", "second")!.Status?.LoadBalancer?.Ingress.ShouldBeEmpty();
        world.Api.Remove(Web("first"));
        await world.Until<Service>("second", s => s.Status?.LoadBalancer?.Ingress is [{ Ip: "192.0.2.1" }]);
    }

    static Decision Decide(Service service, Service[]? others = null, Node[]? nodes = null) =>
        Balancers.Decide(new(service, [.. others ?? []], [.. nodes ?? [Node("n1", "192.0.2.1")]], [6443]));

    static Service Web(string name, int port = 80, int age = 5) => new()
    {
        Metadata = Make.Meta(name) with { CreationTimestamp = Make.Now.AddMinutes(-age) },
        Spec = new() { Type = "LoadBalancer", ClusterIP = "10.96.0.9", Ports = [new() { Port = port, Protocol = "TCP" }] },
    };

    static Node Node(string name, string address, bool ready = true) =>
        Make.Node(name, ready: ready) is var n ? n with { Status = n.Status! with { Addresses = [new() { Type = "InternalIP", Address = address }, new() { Type = "Hostname", Address = name }] } } : null!;
}
