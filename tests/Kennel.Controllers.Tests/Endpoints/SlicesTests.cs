using Kennel.Client.Running;
using Kennel.Controllers.Endpoints;
using Kennel.Objects.Core;
using Kennel.Objects.Discovery;

namespace Kennel.Controllers.Tests.Endpoints;

public sealed class SlicesTests
{
    [Fact]
    [Trait("Behaviour", "SS-1203")]
    public void A_headless_service_gets_a_slice_with_upstreams_labels_and_owner()
    {
        var slice = Created(Decide(Web(headless: true), Pod("web-0"))).ShouldHaveSingleItem();
        slice.Metadata.Name!.ShouldMatch("^web-[bcdfghjklmnpqrstvwxz2456789]{5}$");
        slice.Metadata.Labels.ShouldBe(Make.Map(("app", "web"), ("kubernetes.io/service-name", "web"), ("endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io"), ("service.kubernetes.io/headless", "")));
        slice.Metadata.OwnerReferences.ShouldHaveSingleItem().ShouldSatisfyAllConditions(o => o.Kind.ShouldBe("Service"), o => o.Controller.ShouldBe(true), o => o.Uid.ShouldBe("uid-web"));
        slice.AddressType.ShouldBe("IPv4");
        slice.Ports.ShouldHaveSingleItem().ShouldBe(new() { Name = "http", Port = 8080, Protocol = "TCP" });
    }

    [Fact]
    [Trait("Behaviour", "SS-1204")]
    public void Finished_pods_pods_without_address_and_pods_of_others_are_not_listed()
    {
        var finished = Pod("done") is var d ? d with { Status = d.Status! with { Phase = "Succeeded" } } : null!;
        var addressless = Pod("new") is var n ? n with { Status = n.Status! with { PodIP = null } } : null!;
        var other = Pod("other") is var o ? o with { Metadata = o.Metadata with { Labels = Make.Map(("app", "db")) } } : null!;
        Created(Decide(Web(), finished, addressless, other)).ShouldHaveSingleItem().Endpoints.ShouldBeEmpty();
    }

    [Theory]
    [Trait("Behaviour", "SS-1205")]
    [InlineData(true, false, false, true, true, false)]
    [InlineData(false, false, false, false, false, false)]
    [InlineData(true, true, false, false, true, true)]
    [InlineData(false, false, true, true, false, false)]
    [InlineData(true, true, true, true, true, true)]
    public void Conditions_follow_readiness_and_deletion(bool podReady, bool leaving, bool publish, bool ready, bool serving, bool terminating)
    {
        var service = Web() is var s ? s with { Spec = s.Spec! with { PublishNotReadyAddresses = publish } } : null!;
        Created(Decide(service, Pod("web-0", podReady, leaving)))[0].Endpoints[0].Conditions.ShouldBe(new() { Ready = ready, Serving = serving, Terminating = terminating });
    }

    [Theory]
    [Trait("Behaviour", "SS-1206")]
    [InlineData("web-0", "web", "web-0")]
    [InlineData("web-0", "other", null)]
    [InlineData(null, "web", null)]
    public void Only_the_governing_service_gives_hostnames(string? hostname, string subdomain, string? wanted)
    {
        var pod = Pod("web-0") is var p ? p with { Spec = p.Spec! with { Hostname = hostname, Subdomain = subdomain } } : null!;
        var endpoint = Created(Decide(Web(), pod))[0].Endpoints[0];
        endpoint.Hostname.ShouldBe(wanted);
        endpoint.NodeName.ShouldBe("n1");
        endpoint.TargetRef.ShouldBe(new() { Kind = "Pod", Namespace = "default", Name = "web-0", Uid = "uid-web-0" });
    }

    [Fact]
    [Trait("Behaviour", "SS-1205")]
    public void An_endpoint_is_in_the_zone_of_its_node()
    {
        Backend.Of(Web(), [Pod("web-0")], node => node == "n1" ? "west" : null)[0].Endpoint.Zone.ShouldBe("west");
        Backend.Of(Web(), [Pod("web-0")], _ => null)[0].Endpoint.Zone.ShouldBeNull();
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("PreferClose", "zone west")]
    [InlineData("PreferSameZone", "zone west")]
    [InlineData("PreferSameNode", "node n1 zone west")]
    public void Traffic_that_is_to_stay_near_gets_hints(string? distribution, string wanted)
    {
        var service = Web() is var s ? s with { Spec = s.Spec! with { TrafficDistribution = distribution } } : null!;
        string Hints(Pod pod) => Backend.Of(service, [pod], _ => "west")[0].Endpoint.Hints is { } h ? string.Join(' ', h.ForNodes.Select(n => "node " + n.Name).Concat(h.ForZones.Select(z => "zone " + z.Name))) : "";
        Hints(Pod("web-0")).ShouldBe(wanted);
        Hints(Pod("web-0", ready: false)).ShouldBe("");
    }

    [Fact]
    [Trait("Behaviour", "SS-1207")]
    public void Pods_that_resolve_a_named_port_differently_land_in_different_slices()
    {
        Pod Named(string name, int port) => Pod(name) is var p
            ? p with { Spec = p.Spec! with { Containers = [new() { Name = "c", Ports = [new() { Name = "web", ContainerPortValue = port, Protocol = "TCP" }] }] } } : null!;
        var service = Web() is var s ? s with { Spec = s.Spec! with { Ports = [new() { Name = "http", Port = 80, TargetPort = "web" }] } } : null!;
        Created(Decide(service, Named("a", 1), Named("b", 2), Named("c", 1))).Select(x => $"{x.Ports[0].Port}:{string.Join(',', x.Endpoints.Select(e => e.TargetRef!.Name))}").ShouldBe(["1:a,c", "2:b"]);
        Created(Decide(Web(headless: true) is var h ? h with { Spec = h.Spec! with { Ports = [] } } : null!, Named("a", 1)))[0].Ports.ShouldBeEmpty();
    }

    [Fact]
    [Trait("Behaviour", "SS-1203")]
    public void Slices_hold_a_hundred_and_a_change_of_one_pod_writes_one_slice()
    {
        var pods = Enumerable.Range(0, 250).Select(i => Pod($"web-{i:000}")).ToArray();
        var slices = Created(Decide(Web(), pods)).ToList();
        slices.Select(s => s.Endpoints.Count).ShouldBe([100, 100, 50]);
        Decide(Web(), pods, slices).Steps.ShouldBeEmpty();
        pods[120] = Pod("web-120", ready: false);
        Decide(Web(), pods, slices).Steps.ShouldHaveSingleItem().ShouldBeOfType<Step.Update>().Object.Metadata.Name.ShouldBe(slices[1].Metadata.Name);
        Decide(Web(), [.. pods[..100]], slices).Steps.ShouldAllBe(s => s is Step.Delete);
    }

    [Fact]
    [Trait("Behaviour", "SS-1203")]
    public void A_slice_that_is_written_says_since_when_it_was_out_of_date()
    {
        const string Annotation = "endpoints.kubernetes.io/last-change-trigger-time";
        var slices = Created(Decide(Web(), [Pod("web-0")], [], Make.Now)).ToList();
        slices[0].Metadata.Annotations[Annotation].ShouldBe("2026-01-01T12:00:00Z");
        Decide(Web(), [Pod("web-0")], slices, Make.Now.AddMinutes(1)).Steps.ShouldBeEmpty("the time alone is nothing to write");
        Updated(Decide(Web(), [Pod("web-0", ready: false)], slices, Make.Now.AddMilliseconds(1500))).Metadata.Annotations[Annotation].ShouldBe("2026-01-01T12:00:01.5Z");
        Updated(Decide(Web(), [], slices)).Metadata.Annotations.ContainsKey(Annotation).ShouldBeFalse();
    }

    [Fact]
    public void Slices_of_a_service_that_lost_its_selector_or_leads_outside_stay_as_they_are()
    {
        var slices = Created(Decide(Web(), Pod("web-0"))).ToList();
        Decide(Web() is var s ? s with { Spec = s.Spec! with { Selector = Make.Map() } } : null!, [], slices).Steps.ShouldBeEmpty();
        Decide(Web() is var e ? e with { Spec = e.Spec! with { Type = "ExternalName" } } : null!, [], slices).Steps.ShouldBeEmpty();
    }

    [Fact]
    [Trait("Behaviour", "SS-1204")]
    public void A_pod_on_its_way_out_stays_listed_until_it_is_gone()
    {
        var slices = Created(Decide(Web(), Pod("web-0"), Pod("web-1"))).ToList();
        var leaving = Updated(Decide(Web(), [Pod("web-0", leaving: true), Pod("web-1")], slices));
        leaving.Endpoints.Select(e => (e.TargetRef!.Name, e.Conditions!.Ready, e.Conditions.Serving)).ShouldBe([("web-0", false, true), ("web-1", true, true)]);
        Updated(Decide(Web(), [Pod("web-1")], [leaving])).Endpoints.ShouldHaveSingleItem().TargetRef!.Name.ShouldBe("web-1");
    }

    [Fact]
    public void What_can_not_be_written_is_told_of_the_service()
    {
        var failed = Decide(Web(), Pod("web-0")).Steps[0].Failed!;
        (failed.Reason, failed.Warning, failed.Message).ShouldBe(("FailedToUpdateEndpointSlices", true, "Error updating Endpoint Slices for Service default/web: failed to create EndpointSlice for Service default/web: {0}"));
    }

    [Fact]
    public void A_service_that_loses_its_last_pod_keeps_an_empty_slice()
    {
        var slices = Created(Decide(Web(), Pod("web-0"))).ToList();
        var emptied = Decide(Web(), [], slices).Steps.ShouldHaveSingleItem().ShouldBeOfType<Step.Update>().Object.ShouldBeOfType<EndpointSlice>();
        emptied.Endpoints.ShouldBeEmpty();
        Decide(Web(), [], [emptied]).Steps.ShouldBeEmpty();
    }

    [Fact]
    public async Task Slices_and_endpoints_follow_the_pods()
    {
        await using var world = new LiveWorld(c => [new EndpointSliceController(c), new EndpointsController(c)], api =>
        {
            api.Put(Web(headless: true));
            api.Put(Pod("web-0", ready: false));
        });
        await world.UntilAll<EndpointSlice>(all => all is [{ Endpoints: [{ Conditions.Ready: false }] }]);
        world.Api.Put(Pod("web-0"));
        await world.UntilAll<EndpointSlice>(all => all is [{ Endpoints: [{ Conditions.Ready: true }] }]);
        await world.UntilAll<Kennel.Objects.Core.Endpoints>(all => all is [{ Subsets: [{ Addresses: [{ Ip: "10.201.0.9" }] }] }]);
        world.Api.Remove(Pod("web-0"));
        await world.UntilAll<EndpointSlice>(all => all is [{ Endpoints.Count: 0 }]);
        world.Api.Remove(Web());
        await world.UntilAll<Kennel.Objects.Core.Endpoints>(all => all.Count == 0);
    }

    static Service Web(bool headless = false) => new()
    {
        Metadata = Make.Meta("web") with { Labels = Make.Map(("app", "web")) },
        Spec = new() { ClusterIP = headless ? "None" : "10.96.0.9", Selector = Make.Map(("app", "web")), Ports = [new() { Name = "http", Port = 80, TargetPort = 8080, Protocol = "TCP" }] },
    };

    static Pod Pod(string name, bool ready = true, bool leaving = false) => Make.Pod(name, "n1") is var p
        ? p with
        {
            Metadata = p.Metadata with { Labels = Make.Map(("app", "web")), DeletionTimestamp = leaving ? Make.Now : null },
            Status = new() { Phase = "Running", PodIP = "10.201.0.9", Conditions = [new() { Type = "Ready", Status = ready ? "True" : "False" }] },
        }
        : null!;

    static Decision Decide(Service service, params Pod[] pods) => Decide(service, pods, []);

    static Decision Decide(Service service, Pod[] pods, List<EndpointSlice> slices, DateTimeOffset? since = null) =>
        Slices.Decide(new(service, Backend.Of(service, pods, _ => null), [.. slices], since, new Random(1)));

    static EndpointSlice Updated(Decision decision) => decision.Steps.ShouldHaveSingleItem().ShouldBeOfType<Step.Update>().Object.ShouldBeOfType<EndpointSlice>();

    static List<EndpointSlice> Created(Decision decision) => [.. decision.Steps.OfType<Step.Create>().Select(s => (EndpointSlice)s.Object)];
}
