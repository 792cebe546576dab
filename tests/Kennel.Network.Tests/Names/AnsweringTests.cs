using Kennel.Network.Names;
using Kennel.Network.Names.Wire;
using Kennel.Objects.Core;

namespace Kennel.Network.Tests.Names;

public sealed class AnsweringTests
{
    static readonly Kennel.Network.Names.Directory _town = Town.Directory(("web-0", "10.201.0.2", true), ("web-1", "10.201.0.3", true), ("web-2", "10.201.0.4", false), ("", "10.201.0.5", true));

    [Theory]
    [Trait("Behaviour", "SS-1209")]
    [InlineData("front.shop.svc.cluster.local", RecordType.A, "10.96.0.50")]
    [InlineData("web.shop.svc.cluster.local", RecordType.A, "10.201.0.2 10.201.0.3 10.201.0.5")]
    [InlineData("front.shop.svc.cluster.local", RecordType.Aaaa, "NODATA")]
    [InlineData("nobody.shop.svc.cluster.local", RecordType.A, "NXDOMAIN")]
    [InlineData("front.elsewhere.svc.cluster.local", RecordType.A, "NXDOMAIN")]
    [InlineData("shop.svc.cluster.local", RecordType.A, "NODATA")]
    [InlineData("elsewhere.svc.cluster.local", RecordType.A, "NXDOMAIN")]
    [InlineData("svc.cluster.local", RecordType.A, "NODATA")]
    [InlineData("cluster.local", RecordType.A, "NODATA")]
    [InlineData("example.org.shop.svc.cluster.local", RecordType.A, "NXDOMAIN")]
    [InlineData("example.org", RecordType.A, "elsewhere")]
    [InlineData("notcluster.local", RecordType.A, "elsewhere")]
    public void Services_are_found_by_name(string name, RecordType type, string answer) => Ask(name, type).ShouldBe(answer);

    [Theory]
    [Trait("Behaviour", "SS-1210")]
    [InlineData("web-0.web.shop.svc.cluster.local", "10.201.0.2")]
    [InlineData("web-1.web.shop.svc.cluster.local", "10.201.0.3")]
    [InlineData("10-201-0-5.web.shop.svc.cluster.local", "10.201.0.5")]
    [InlineData("web-9.web.shop.svc.cluster.local", "NXDOMAIN")]
    [InlineData("x.web-0.web.shop.svc.cluster.local", "NXDOMAIN")]
    public void Each_pod_of_a_governing_service_has_its_own_name(string name, string answer) => Ask(name, RecordType.A).ShouldBe(answer);

    [Fact]
    [Trait("Behaviour", "SS-1208")]
    public void A_pod_that_is_not_ready_is_not_found() => Ask("web-2.web.shop.svc.cluster.local", RecordType.A).ShouldBe("NXDOMAIN");

    /// <summary>A service that publishes unready addresses has slices that call them ready: the first member of a cluster is found before it is.</summary>
    [Fact]
    [Trait("Behaviour", "SS-1214")]
    public void A_pod_that_is_published_before_it_is_ready_is_found()
    {
        Service service = new()
        {
            Metadata = new() { Name = "web", Namespace = "shop", Uid = "uid-web" },
            Spec = new() { ClusterIP = "None", PublishNotReadyAddresses = true, Selector = new Dictionary<string, string> { ["app"] = "web" } },
        };
        Pod pod = new()
        {
            Metadata = new() { Name = "web-0", Namespace = "shop", Labels = new Dictionary<string, string> { ["app"] = "web" } },
            Spec = new() { Hostname = "web-0", Subdomain = "web" },
            Status = new() { Phase = "Running", PodIP = "10.201.0.2", Conditions = [new() { Type = "Ready", Status = "False" }] },
        };
        Ask("web-0.web.shop.svc.cluster.local", RecordType.A, Town.Of(service, pod)).ShouldBe("10.201.0.2");
        Ask("web.shop.svc.cluster.local", RecordType.A, Town.Of(service, pod)).ShouldBe("10.201.0.2");
        var shy = service with { Spec = service.Spec with { PublishNotReadyAddresses = false } };
        Ask("web-0.web.shop.svc.cluster.local", RecordType.A, Town.Of(shy, pod)).ShouldBe("NXDOMAIN");
    }

    [Fact]
    [Trait("Behaviour", "SS-1215")]
    public void A_name_leads_nowhere_while_its_pod_is_replaced_and_then_to_the_new_address()
    {
        const string Name = "web-0.web.shop.svc.cluster.local";
        Ask(Name, RecordType.A, Town.Directory(("web-0", "10.201.0.2", true))).ShouldBe("10.201.0.2");
        Ask(Name, RecordType.A, Town.Directory(("web-1", "10.201.0.3", true))).ShouldBe("NXDOMAIN");
        Ask(Name, RecordType.A, Town.Directory(("web-0", "10.201.0.9", false), ("web-1", "10.201.0.3", true))).ShouldBe("NXDOMAIN");
        Ask(Name, RecordType.A, Town.Directory(("web-0", "10.201.0.9", true), ("web-1", "10.201.0.3", true))).ShouldBe("10.201.0.9");
        Answering.Answer(new(Name, RecordType.A), Town.Directory(("web-0", "10.201.0.2", true)))!.Answers.ShouldAllBe(r => r.TtlSeconds == 5);
    }

    [Fact]
    [Trait("Behaviour", "SS-1209")]
    public void A_headless_name_without_ready_endpoints_does_not_exist() =>
        Ask("web.shop.svc.cluster.local", RecordType.A, Town.Directory(("web-0", "10.201.0.2", false))).ShouldBe("NXDOMAIN");

    [Theory]
    [Trait("Behaviour", "SS-1211")]
    [InlineData("_http._tcp.front.shop.svc.cluster.local", "80 front.shop.svc.cluster.local")]
    [InlineData("_dns._udp.front.shop.svc.cluster.local", "53 front.shop.svc.cluster.local")]
    [InlineData("_http._udp.front.shop.svc.cluster.local", "NXDOMAIN")]
    [InlineData("_http._tcp.web.shop.svc.cluster.local", "8080 10-201-0-5.web.shop.svc.cluster.local 8080 web-0.web.shop.svc.cluster.local 8080 web-1.web.shop.svc.cluster.local")]
    public void Named_ports_have_service_records(string name, string answer) => Ask(name, RecordType.Srv).ShouldBe(answer);

    [Fact]
    [Trait("Behaviour", "SS-1211")]
    public void Service_records_bring_the_addresses_along() =>
        Answering.Answer(new("_http._tcp.front.shop.svc.cluster.local", RecordType.Srv), _town)!.Additional.ShouldHaveSingleItem().Data.ShouldBe(new Data.Address(System.Net.IPAddress.Parse("10.96.0.50")));

    [Theory]
    [Trait("Behaviour", "SS-1212")]
    [InlineData("2.0.201.10.in-addr.arpa", "web-0.web.shop.svc.cluster.local")]
    [InlineData("5.0.201.10.in-addr.arpa", "10-201-0-5.web.shop.svc.cluster.local")]
    [InlineData("50.0.96.10.in-addr.arpa", "front.shop.svc.cluster.local")]
    [InlineData("1.2.0.192.in-addr.arpa", "elsewhere")]
    public void Addresses_are_found_back(string name, string answer) => Ask(name, RecordType.Ptr).ShouldBe(answer);

    [Theory]
    [Trait("Behaviour", "SS-1213")]
    [InlineData("dns-version.cluster.local", RecordType.Txt, "1.1.0")]
    [InlineData("outside.shop.svc.cluster.local", RecordType.A, "example.org")]
    [InlineData("10-201-0-77.shop.pod.cluster.local", RecordType.A, "10.201.0.77")]
    [InlineData("10-201-0-777.shop.pod.cluster.local", RecordType.A, "NXDOMAIN")]
    [InlineData("web-0.shop.pod.cluster.local", RecordType.A, "NXDOMAIN")]
    public void The_other_names_of_the_specification(string name, RecordType type, string answer) => Ask(name, type).ShouldBe(answer);

    [Fact]
    public void No_such_name_may_be_remembered_only_shortly()
    {
        var reply = Answering.Answer(new("nobody.shop.svc.cluster.local", RecordType.A), _town)!;
        reply.Authority.ShouldHaveSingleItem().Data.ShouldBeOfType<Data.Soa>().Minimum.ShouldBe(5u);
    }

    static string Ask(string name, RecordType type, Kennel.Network.Names.Directory? names = null)
    {
        if (Answering.Answer(new(name, type), names ?? _town) is not { } reply) return "elsewhere";
        if (reply.Code == ResponseCode.NameError) return "NXDOMAIN";
        if (reply.Answers.IsEmpty) return "NODATA";
        return string.Join(' ', reply.Answers.Select(a => a.Data switch
        {
            Data.Address x => x.Value.ToString(),
            Data.Cname x => x.Target,
            Data.Ptr x => x.Target,
            Data.Srv x => $"{x.Port} {x.Target}",
            Data.Txt x => x.Text,
            _ => "?",
        }).Order(StringComparer.Ordinal));
    }
}
