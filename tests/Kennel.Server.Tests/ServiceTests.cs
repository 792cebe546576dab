using System.Net;
using System.Text.Json.Nodes;
using static Kennel.Server.Tests.Samples;

namespace Kennel.Server.Tests;

public sealed class ServiceTests
{
    static string Service(string name, string more = "", string port = "") =>
        """{"metadata":{"name":"NAME"},"spec":{"selector":{"app":"web"},"ports":[{"port":80PORT}]MORE}}""".Replace("NAME", name).Replace("PORT", port).Replace("MORE", more);

    static JsonNode Spec(JsonObject o) => o["spec"]!;

    [Fact, Trait("Behaviour", "SS-1217")]
    public async Task An_address_comes_from_above_the_lower_band_of_the_range()
    {
        await using var server = await TestServer.Start();
        var given = new HashSet<string>();
        for (var i = 0; i < 40; i++)
        {
            var spec = Spec(await server.Made(Services, Service($"s{i}")));
            var address = IPAddress.Parse(spec["clusterIP"]!.GetValue<string>());
            IPNetwork.Parse("10.96.0.0/16").Contains(address).ShouldBeTrue();
            (address.GetAddressBytes()[2] > 0).ShouldBeTrue($"{address} is in the lower band");
            given.Add(address.ToString()).ShouldBeTrue();
            spec["clusterIPs"]![0]!.GetValue<string>().ShouldBe(address.ToString());
        }
        Spec((await server.Get($"{Services}/kubernetes")).Json)["clusterIP"]!.GetValue<string>().ShouldBe("10.96.0.1");
    }

    [Fact, Trait("Behaviour", "SS-1201")]
    public async Task Headless_services_and_external_names_take_no_address()
    {
        await using var server = await TestServer.Start();
        var headless = Spec(await server.Made(Services, Service("h", ""","clusterIP":"None" """)));
        headless["clusterIPs"]!.ToJsonString().ShouldBe("""["None"]""");
        var external = Spec(await server.Made(Services, """{"metadata":{"name":"e"},"spec":{"type":"ExternalName","externalName":"example.com"}}"""));
        external["clusterIP"].ShouldBeNull();
    }

    [Fact, Trait("Behaviour", "SS-1218")]
    public async Task A_chosen_address_must_be_free_and_in_the_range()
    {
        await using var server = await TestServer.Start();
        await server.Made(Services, Service("a", ""","clusterIP":"10.96.0.10" """));
        var busy = await server.Post(Services, Service("b", ""","clusterIP":"10.96.0.10" """));
        busy.Status.ShouldBe(422);
        busy.Message.ShouldBe("Service \"b\" is invalid: spec.clusterIPs: Invalid value: [\"10.96.0.10\"]: failed to allocate IP 10.96.0.10: provided IP is already allocated");
        (await server.Post(Services, Service("b", ""","clusterIP":"10.1.0.10" """))).Message!
            .ShouldContain("the provided IP (10.1.0.10) is not in the valid range. The range of valid IPs is 10.96.0.0/16");
        await server.Delete($"{Services}/a");
        await server.Made(Services, Service("b", ""","clusterIP":"10.96.0.10" """));
    }

    [Fact, Trait("Behaviour", "SS-1219"), Trait("Behaviour", "SS-1220")]
    public async Task Node_ports_are_handed_out_and_refused_when_taken()
    {
        await using var server = await TestServer.Start();
        var spec = Spec(await server.Made(Services, Service("a", ""","type":"NodePort" """)));
        spec["ports"]![0]!["nodePort"]!.GetValue<int>().ShouldBeInRange(30086, 32767);
        await server.Made(Services, Service("b", ""","type":"NodePort" """, ""","nodePort":30002"""));
        var busy = await server.Post(Services, Service("c", ""","type":"NodePort" """, ""","nodePort":30002"""));
        busy.Message.ShouldBe("Service \"c\" is invalid: spec.ports[0].nodePort: Invalid value: 30002: provided port is already allocated");
        (await server.Post(Services, Service("c", ""","type":"NodePort" """, ""","nodePort":8080"""))).Message!
            .ShouldContain("provided port is not in the valid range. The range of valid ports is 30000-32767");
    }

    [Fact, Trait("Behaviour", "SS-1221")]
    public async Task Another_type_lets_node_ports_go_and_an_update_keeps_what_it_does_not_name()
    {
        await using var server = await TestServer.Start();
        var made = await server.Made(Services, Service("a", ""","type":"NodePort" """, ""","nodePort":30002"""));
        var kept = await server.Put($"{Services}/a", Service("a", ""","type":"NodePort" """));
        kept.Status.ShouldBe(200, kept.Text);
        Spec(kept.Json)["clusterIP"]!.GetValue<string>().ShouldBe(Spec(made)["clusterIP"]!.GetValue<string>());
        Spec(kept.Json)["ports"]![0]!["nodePort"]!.GetValue<int>().ShouldBe(30002);

        var plain = await server.Merge($"{Services}/a", """{"spec":{"type":"ClusterIP"}}""");
        Spec(plain.Json)["ports"]![0]!["nodePort"].ShouldBeNull();
        await server.Made(Services, Service("b", ""","type":"NodePort" """, ""","nodePort":30002"""));
    }

    [Fact, Trait("Behaviour", "SS-1221")]
    public async Task One_port_number_of_two_protocols_shares_its_node_port()
    {
        await using var server = await TestServer.Start();
        var made = await server.Made(Services,
            """{"metadata":{"name":"dns"},"spec":{"type":"NodePort","ports":[{"name":"u","port":53,"protocol":"UDP"},{"name":"t","port":53,"protocol":"TCP"}]}}""");
        Spec(made)["ports"]![0]!["nodePort"]!.GetValue<int>().ShouldBe(Spec(made)["ports"]![1]!["nodePort"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_refused_service_and_a_dry_run_give_back_what_they_took()
    {
        await using var server = await TestServer.Start();
        await server.Post($"{Services}?dryRun=All", Service("a", ""","clusterIP":"10.96.0.10" """));
        await server.Made(Services, Service("b", ""","clusterIP":"10.96.0.10" """));
        (await server.Post(Services, Service("b", ""","clusterIP":"10.96.0.11" """))).Status.ShouldBe(409);
        await server.Made(Services, Service("c", ""","clusterIP":"10.96.0.11" """));
    }
}
