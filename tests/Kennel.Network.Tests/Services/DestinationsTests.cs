using Kennel.Objects.Discovery;

namespace Kennel.Network.Tests.Services;

public sealed class DestinationsTests
{
    [Fact]
    public void The_last_endpoints_on_their_way_out_serve_until_another_is_ready()
    {
        To(Leaving("10.201.0.2"), Unready("10.201.0.3")).All.Select(t => t.Address).ShouldBe(["10.201.0.2"]);
        To(Leaving("10.201.0.2"), Ready("10.201.0.3")).All.Select(t => t.Address).ShouldBe(["10.201.0.3"]);
        To(Leaving("10.201.0.2") with { Conditions = new() { Ready = false, Serving = false, Terminating = true } }).All.ShouldBeEmpty();
    }

    [Fact]
    public void Local_ones_are_those_of_this_node_and_drain_by_themselves()
    {
        var to = To(Ready("10.201.0.2") with { NodeName = "other" }, Leaving("10.201.0.3"));
        to.All.Select(t => t.Address).ShouldBe(["10.201.0.2"]);
        to.Local.Select(t => t.Address).ShouldBe(["10.201.0.3"]);
    }

    [Theory]
    [InlineData("west", "west", "10.201.0.2 10.201.0.3")]
    [InlineData("west", "east", "10.201.0.2")]
    [InlineData("east", "east", "10.201.0.2 10.201.0.3")] // nobody for this zone: everybody
    [InlineData("west", null, "10.201.0.2 10.201.0.3")] // one without a hint: hints don't count
    public void Hints_keep_traffic_in_its_zone(string first, string? second, string wanted)
    {
        EndpointHints? In(string? zone) => zone is null ? null : new() { ForZones = [new() { Name = zone }] };
        To(Ready("10.201.0.2") with { Hints = In(first) }, Ready("10.201.0.3") with { Hints = In(second) }).All.Select(t => t.Address).ShouldBe(wanted.Split(' '));
    }

    [Fact]
    public void Hints_keep_traffic_on_its_node() =>
        To(Ready("10.201.0.2") with { Hints = new() { ForNodes = [new() { Name = "other" }] } }, Ready("10.201.0.3") with { Hints = new() { ForNodes = [new() { Name = "here" }] } })
            .All.Select(t => t.Address).ShouldBe(["10.201.0.3"]);

    static Kennel.Network.Services.Destinations To(params Endpoint[] endpoints) =>
        Sample.Routed([Sample.Service("web", "10.96.0.50")], [Sample.Slice("web", 8080) with { Endpoints = endpoints }]).ShouldHaveSingleItem().To;

    static Endpoint Ready(string address) => new() { Addresses = [address], NodeName = "here", Conditions = new() { Ready = true, Serving = true, Terminating = false } };

    static Endpoint Unready(string address) => Ready(address) with { Conditions = new() { Ready = false, Serving = false, Terminating = false } };

    static Endpoint Leaving(string address) => Ready(address) with { Conditions = new() { Ready = false, Serving = true, Terminating = true } };
}
