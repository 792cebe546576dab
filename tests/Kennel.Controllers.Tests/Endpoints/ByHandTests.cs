using Kennel.Client.Running;
using Kennel.Controllers.Endpoints;
using Kennel.Objects.Core;
using Kennel.Objects.Discovery;
using Written = Kennel.Objects.Core.Endpoints;

namespace Kennel.Controllers.Tests.Endpoints;

public sealed class ByHandTests
{
    [Fact]
    public void Endpoints_that_somebody_wrote_become_a_slice()
    {
        var slice = Created(Decide(Db(("192.0.2.7", true), ("192.0.2.8", false)))).ShouldHaveSingleItem();
        slice.Metadata.Name!.ShouldMatch("^db-[bcdfghjklmnpqrstvwxz2456789]{5}$");
        slice.Metadata.Labels.ShouldBe(Make.Map(("kubernetes.io/service-name", "db"), ("endpointslice.kubernetes.io/managed-by", "endpointslicemirroring-controller.k8s.io")));
        slice.Metadata.OwnerReferences.ShouldHaveSingleItem().Kind.ShouldBe("Endpoints");
        slice.AddressType.ShouldBe("IPv4");
        slice.Ports.ShouldHaveSingleItem().ShouldBe(new() { Name = "sql", Port = 5432, Protocol = "TCP" });
        slice.Endpoints.Select(e => (e.Addresses[0], e.Conditions!.Ready)).ShouldBe([("192.0.2.7", true), ("192.0.2.8", false)]);
    }

    [Fact]
    public void Addresses_of_both_families_and_other_ports_are_slices_of_their_own()
    {
        var two = Db(("192.0.2.7", true), ("fd00::7", true));
        var other = two with { Subsets = [.. two.Subsets, new() { Addresses = [new() { Ip = "192.0.2.9" }], Ports = [new() { Name = "sql", Port = 5433 }] }] };
        Created(Decide(other)).Select(s => $"{s.AddressType} {s.Ports[0].Port} {string.Join(',', s.Endpoints.Select(e => e.Addresses[0]))}")
            .ShouldBe(["IPv4 5432 192.0.2.7", "IPv4 5433 192.0.2.9", "IPv6 5432 fd00::7"]);
    }

    [Fact]
    public void A_change_writes_the_slice_and_nothing_else_does()
    {
        var slices = Created(Decide(Db(("192.0.2.7", true)))).ToArray();
        Decide(Db(("192.0.2.7", true)), slices: slices).Steps.ShouldBeEmpty();
        Decide(Db(("192.0.2.8", true)), slices: slices).Steps.ShouldHaveSingleItem().ShouldBeOfType<Step.Update>().Object.ShouldBeOfType<EndpointSlice>().Endpoints[0].Addresses.ShouldBe(["192.0.2.8"]);
        Decide(null, slices: slices).Steps.ShouldHaveSingleItem().ShouldBeOfType<Step.Delete>();
    }

    [Fact]
    public void Those_of_a_service_with_a_selector_those_without_a_service_and_those_that_ask_for_it_are_not_mirrored()
    {
        var db = Db(("192.0.2.7", true));
        Decide(db, Service() is var s ? s with { Spec = s.Spec! with { Selector = Make.Map(("app", "db")) } } : null).Steps.ShouldBeEmpty();
        ByHand.Decide(new(db, null, [], new Random(1))).Steps.ShouldBeEmpty();
        Decide(db with { Metadata = db.Metadata with { Labels = Make.Map(("endpointslice.kubernetes.io/skip-mirror", "true")) } }).Steps.ShouldBeEmpty();
    }

    [Fact]
    public async Task Slices_follow_what_is_written()
    {
        await using var world = new LiveWorld(c => [new EndpointsController(c), new EndpointSliceController(c), new ByHandController(c)], api =>
        {
            api.Put(Service());
            api.Put(Db(("192.0.2.7", true)));
        });
        await world.UntilAll<EndpointSlice>(all => all is [{ Endpoints: [{ Addresses: ["192.0.2.7"] }] }]);
        world.Api.Put(Db(("192.0.2.8", true)));
        await world.UntilAll<EndpointSlice>(all => all is [{ Endpoints: [{ Addresses: ["192.0.2.8"] }] }]);
        world.Api.Remove(Db());
        await world.UntilAll<EndpointSlice>(all => all.Count == 0);
    }

    static Decision Decide(Written? endpoints, Service? service = null, params EndpointSlice[] slices) => ByHand.Decide(new(endpoints, service ?? Service(), [.. slices], new Random(1)));

    static IEnumerable<EndpointSlice> Created(Decision decision) => decision.Steps.Select(s => s.ShouldBeOfType<Step.Create>().Object.ShouldBeOfType<EndpointSlice>());

    static Service Service() => new() { Metadata = Make.Meta("db"), Spec = new() { ClusterIP = "10.96.0.9", Ports = [new() { Name = "sql", Port = 5432 }] } };

    static Written Db(params (string Address, bool Ready)[] addresses) => new()
    {
        Metadata = Make.Meta("db"),
        Subsets = addresses.Length == 0 ? [] :
        [
            new()
            {
                Addresses = [.. addresses.Where(a => a.Ready).Select(a => new EndpointAddress { Ip = a.Address })],
                NotReadyAddresses = [.. addresses.Where(a => !a.Ready).Select(a => new EndpointAddress { Ip = a.Address })],
                Ports = [new() { Name = "sql", Port = 5432, Protocol = "TCP" }],
            },
        ],
    };
}
