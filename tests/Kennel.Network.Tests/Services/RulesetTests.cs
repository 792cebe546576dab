using System.Runtime.CompilerServices;
using Kennel.Network.Filters;
using Kennel.Network.Services;
using Kennel.Objects.Core;
using Kennel.Objects.Discovery;

namespace Kennel.Network.Tests.Services;

public sealed class RulesetTests
{
    static readonly RulesetOptions _options = new("kennel-test", "10.201.0.0/16");

    /// <summary>Each case is a file of what comes out. With KENNEL_REWRITE=1 the files are written anew: the diff is the review.</summary>
    [Theory]
    [InlineData("nothing")]
    [InlineData("cluster-address")]
    [InlineData("node-port")]
    [InlineData("no-endpoints")]
    [InlineData("affinity")]
    [InlineData("outside-addresses")]
    [InlineData("masquerade-pods")]
    [InlineData("balancer")]
    [InlineData("local-elsewhere")]
    [InlineData("several-ports")]
    public void Services_become_this_ruleset(string name)
    {
        var (services, slices, options) = Case(name);
        var text = Text(services, slices, options);
        var file = Path.Combine(Folder(), name + ".nft");
        if (Environment.GetEnvironmentVariable("KENNEL_REWRITE") == "1") File.WriteAllText(file, text);
        text.ShouldBe(File.ReadAllText(file));
    }

    [Fact]
    [Trait("Behaviour", "SS-1208")]
    public void Endpoints_that_are_not_ready_get_no_traffic()
    {
        var routed = Sample.Routed([Sample.Service("web", "10.96.0.50")], [Sample.Slice("web", 8080, ("10.201.0.2", false), ("10.201.0.10", true), ("10.201.0.9", true))]);
        routed.ShouldHaveSingleItem().To.All.ShouldBe([new("10.201.0.9", 8080), new("10.201.0.10", 8080)]);
    }

    [Fact]
    [Trait("Behaviour", "SS-1201")]
    public void Headless_services_are_not_routed() =>
        Sample.Routed([Sample.Service("web", "None")], [Sample.Slice("web", 8080, ("10.201.0.2", true))]).ShouldBeEmpty();

    [Fact]
    public void The_order_in_which_objects_arrive_makes_no_difference()
    {
        Service[] services = [Sample.Service("a", "10.96.0.50"), Sample.Service("b", "10.96.0.51")];
        EndpointSlice[] slices = [Sample.Slice("a", 80, ("10.201.0.2", true)), Sample.Slice("b", 81, ("10.201.0.3", true))];
        Text([.. services.Reverse()], [.. slices.Reverse()], _options).ShouldBe(Text(services, slices, _options));
    }

    [Fact]
    public void Two_services_with_one_outside_address_do_not_make_the_ruleset_invalid()
    {
        Service Outside(string name, string address) =>
            Sample.Service(name, address) is var s ? s with { Spec = s.Spec! with { ExternalIPs = ["192.0.2.9"] } } : throw new InvalidOperationException();
        var text = Text([Outside("a", "10.96.0.50"), Outside("b", "10.96.0.51")], [Sample.Slice("a", 80, ("10.201.0.2", true)), Sample.Slice("b", 80, ("10.201.0.3", true))], _options);
        text.Split("192.0.2.9 . tcp . 80").Length.ShouldBe(2);
        text.ShouldContain("192.0.2.9 . tcp . 80 : goto ext.default/a/tcp/80");
    }

    static (Service[], EndpointSlice[], RulesetOptions) Case(string name)
    {
        var three = Sample.Slice("web", 8080, ("10.201.0.2", true), ("10.201.0.3", true), ("10.201.0.4", true));
        return name switch
        {
            "nothing" => ([], [], _options),
            "cluster-address" => ([Sample.Service("web", "10.96.0.50")], [three], _options),
            "node-port" => ([Sample.Service("web", "10.96.0.50", 8080, 30002), Sample.Service("local", "10.96.0.51", 80, 30003, policy: "Local")],
                [three, Sample.Slice("local", 80, ("10.201.0.5", true))], _options),
            "no-endpoints" => ([Sample.Service("web", "10.96.0.50", 80, 30002)], [], _options),
            "affinity" => ([Sample.Service("web", "10.96.0.50", affinity: "ClientIP")], [three], _options),
            "outside-addresses" => ([Sample.Service("web", "10.96.0.50") is var s ? s with { Spec = s.Spec! with { ExternalIPs = ["192.0.2.9"] } } : null!], [three], _options),
            "masquerade-pods" => ([Sample.Service("web", "10.96.0.50")], [three], _options with { MasqueradePods = true }),
            "balancer" => ([Sample.Service("web", "10.96.0.50", nodePort: 30002) is var s
                ? s with { Spec = s.Spec! with { LoadBalancerSourceRanges = ["192.0.2.0/24", "198.51.100.7/32"] }, Status = new() { LoadBalancer = new() { Ingress = [new() { Ip = "203.0.113.5" }] } } } : null!], [three], _options),
            "local-elsewhere" => ([Sample.Service("web", "10.96.0.50", nodePort: 30002, policy: "Local") is var s ? s with { Spec = s.Spec! with { InternalTrafficPolicy = "Local" } } : null!],
                [three with { Endpoints = [.. three.Endpoints.Select((e, i) => e with { NodeName = $"other{i}" })] }], _options),
            "several-ports" => ([Sample.Service("db", "10.96.0.60") is var s
                ? s with { Spec = s.Spec! with { Ports = [new() { Name = "sql", Port = 5432 }, new() { Name = "dns", Port = 53, Protocol = "UDP" }] } } : null!],
                [Sample.Slice("db", 0, ("10.201.0.2", true), ("10.201.0.3", true)) with { Ports = [new() { Name = "sql", Protocol = "TCP", Port = 5432 }, new() { Name = "dns", Protocol = "UDP", Port = 5353 }] },
                    Sample.Slice("db", 0, ("10.201.0.4", true)) with { Ports = [new() { Name = "sql", Protocol = "TCP", Port = 15432 }] }], _options),
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };
    }

    static string Text(Service[] services, EndpointSlice[] slices, RulesetOptions options) => Transaction.Whole(Ruleset.Of(Sample.Routed(services, slices), options));

    static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Rulesets");
}
