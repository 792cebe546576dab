using Kennel.Client.Running;
using Kennel.Controllers.Endpoints;
using Kennel.Objects.Core;

namespace Kennel.Controllers.Tests.Endpoints;

public sealed class MirrorTests
{
    [Fact]
    [Trait("Behaviour", "SS-1205")]
    public void Ready_and_unready_addresses_stand_apart_and_those_on_their_way_out_are_left_out()
    {
        var subset = Made(Web(), Pod("a", 1), Pod("b", 2, ready: false), Pod("c", 3, leaving: true)).Subsets.ShouldHaveSingleItem();
        subset.Addresses.Select(a => a.Ip).ShouldBe(["10.0.0.1"]);
        subset.NotReadyAddresses.Select(a => a.Ip).ShouldBe(["10.0.0.2"]);
        subset.Ports.ShouldHaveSingleItem().Port.ShouldBe(8080);
    }

    [Fact]
    [Trait("Behaviour", "SS-1208")]
    public void A_service_that_publishes_unready_pods_lists_all_of_them_as_ready()
    {
        var service = Web() is var s ? s with { Spec = s.Spec! with { PublishNotReadyAddresses = true } } : null!;
        var subset = Made(service, Pod("a", 1), Pod("b", 2, ready: false), Pod("c", 3, leaving: true)).Subsets.ShouldHaveSingleItem();
        subset.Addresses.Select(a => a.Ip).ShouldBe(["10.0.0.1", "10.0.0.2", "10.0.0.3"]);
        subset.NotReadyAddresses.ShouldBeEmpty();
    }

    [Fact]
    [Trait("Behaviour", "SS-1207")]
    public void A_pod_that_has_none_of_the_named_ports_is_not_reached()
    {
        var service = Web() is var s ? s with { Spec = s.Spec! with { Ports = [new() { Name = "http", Port = 80, TargetPort = "web", Protocol = "TCP" }] } } : null!;
        var named = Pod("a", 1) is var p ? p with { Spec = p.Spec! with { Containers = [new() { Name = "c", Ports = [new() { Name = "web", ContainerPortValue = 8000 }] }] } } : null!;
        Made(service, named, Pod("b", 2)).Subsets.ShouldHaveSingleItem().Addresses.ShouldHaveSingleItem().Ip.ShouldBe("10.0.0.1");
        var portless = Web() is var h ? h with { Spec = h.Spec! with { ClusterIP = "None", Ports = [] } } : null!;
        Made(portless, Pod("b", 2)).Subsets.ShouldHaveSingleItem().Addresses.ShouldHaveSingleItem().Ip.ShouldBe("10.0.0.2");
    }

    [Fact]
    public void Of_more_than_a_thousand_the_ready_ones_are_kept_and_an_annotation_says_so()
    {
        var pods = Enumerable.Range(0, 1005).Select(i => Pod($"p{i:0000}", i, ready: i % 100 != 0)).ToArray();
        var many = Made(Web(), pods);
        var subset = many.Subsets.ShouldHaveSingleItem();
        (subset.Addresses.Count, subset.NotReadyAddresses.Count).ShouldBe((994, 6));
        many.Metadata.Annotations["endpoints.kubernetes.io/over-capacity"].ShouldBe("truncated");
        Changed(Web(), many, Pod("a", 1)).Metadata.Annotations.ContainsKey("endpoints.kubernetes.io/over-capacity").ShouldBeFalse();
    }

    [Fact]
    public void Annotations_of_others_stay_and_the_time_of_the_change_is_told()
    {
        var before = Made(Web(), Pod("a", 1)) is var m ? m with { Metadata = m.Metadata with { Annotations = Make.Map(("example.com/note", "mine")) } } : null!;
        Changed(Web(), before, Pod("a", 1, ready: false)).Metadata.Annotations.ShouldBe(
            Make.Map(("endpoints.kubernetes.io/last-change-trigger-time", "2026-01-01T12:00:00Z"), ("example.com/note", "mine")));
        Mirror.Decide(Web(), Backend.Of(Web(), [Pod("a", 1)], _ => null), before, Make.Now).Steps.ShouldBeEmpty();
    }

    [Fact]
    public void What_can_not_be_written_is_told()
    {
        var failed = Mirror.Decide(Web(), [], null, null).Steps[0].Failed!;
        (failed.Reason, failed.Message).ShouldBe(("FailedToCreateEndpoint", "Failed to create endpoint for service default/web: {0}"));
    }

    static Kennel.Objects.Core.Endpoints Made(Service service, params Pod[] pods) =>
        Mirror.Decide(service, Backend.Of(service, pods, _ => null), null, null).Steps.ShouldHaveSingleItem().ShouldBeOfType<Step.Create>().Object.ShouldBeOfType<Kennel.Objects.Core.Endpoints>();

    static Kennel.Objects.Core.Endpoints Changed(Service service, Kennel.Objects.Core.Endpoints known, params Pod[] pods) =>
        Mirror.Decide(service, Backend.Of(service, pods, _ => null), known, Make.Now).Steps.ShouldHaveSingleItem().ShouldBeOfType<Step.Update>().Object.ShouldBeOfType<Kennel.Objects.Core.Endpoints>();

    static Service Web() => new()
    {
        Metadata = Make.Meta("web"),
        Spec = new() { ClusterIP = "10.96.0.9", Selector = Make.Map(("app", "web")), Ports = [new() { Name = "http", Port = 80, TargetPort = 8080, Protocol = "TCP" }] },
    };

    static Pod Pod(string name, int number, bool ready = true, bool leaving = false) => Make.Pod(name, "n1") is var p
        ? p with
        {
            Metadata = p.Metadata with { Labels = Make.Map(("app", "web")), DeletionTimestamp = leaving ? Make.Now : null },
            Status = new() { Phase = "Running", PodIP = $"10.0.{number / 250}.{number % 250}", Conditions = [new() { Type = "Ready", Status = ready ? "True" : "False" }] },
        }
        : null!;
}
