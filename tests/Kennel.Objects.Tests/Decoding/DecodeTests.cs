using System.Text;
using System.Text.Json.Nodes;
using Kennel.Objects.Decoding;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Tests.Decoding;

public sealed class DecodeTests
{
    static readonly Schema Set = Catalog.BuiltIn.SchemaOf("apps", "v1", "StatefulSet")!;
    static readonly Schema Pod = Catalog.BuiltIn.SchemaOf("", "v1", "Pod")!;

    static Decoded Read(string json, Schema? schema = null) => Decode.Object(Encoding.UTF8.GetBytes(json), schema ?? Set);

    [Fact, Trait("Behaviour", "SS-804")]
    public void Unknown_fields_are_named_with_their_path_and_dropped()
    {
        var decoded = Read("""{"spec":{"foo":{"a":[1]},"template":{"spec":{"containers":[{"name":"a"},{"name":"b","imagee":"x"}]}}}}""");
        decoded.Unknown.ShouldBe(["unknown field \"spec.foo\"", "unknown field \"spec.template.spec.containers[1].imagee\""]);
        decoded.Object!["spec"]!.AsObject().ContainsKey("foo").ShouldBeFalse();
        decoded.Strict(Set)!.Message.ShouldBe("StatefulSet in version \"v1\" cannot be handled as a StatefulSet: strict decoding error: unknown field \"spec.foo\", unknown field \"spec.template.spec.containers[1].imagee\"");
        decoded.Strict(Set)!.Code.ShouldBe(400);
    }

    [Fact, Trait("Behaviour", "SS-804")]
    public void Duplicate_fields_are_named_and_the_last_one_wins()
    {
        var decoded = Read("""{"metadata":{"labels":{"a":"1","a":"2"}},"spec":{"replicas":1,"replicas":3}}""");
        decoded.Unknown.ShouldBe(["duplicate field \"metadata.labels.a\"", "duplicate field \"spec.replicas\""]);
        decoded.Object!["spec"]!["replicas"]!.GetValue<long>().ShouldBe(3);
    }

    [Theory, Trait("Behaviour", "SS-804")]
    [InlineData("""{"spec":{"replicas":"three"}}""", "json: cannot unmarshal string into Go struct field StatefulSetSpec.spec.replicas of type int32")]
    [InlineData("""{"spec":{"replicas":1.5}}""", "json: cannot unmarshal number 1.5 into Go struct field StatefulSetSpec.spec.replicas of type int32")]
    [InlineData("""{"spec":{"replicas":3000000000}}""", "json: cannot unmarshal number 3000000000 into Go struct field StatefulSetSpec.spec.replicas of type int32")]
    [InlineData("""{"metadata":{"labels":{"a":1}}}""", "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string")]
    [InlineData("""{"spec":{"template":{"spec":{"containers":[{"env":[{"value":1}]}]}}}}""", "json: cannot unmarshal number into Go struct field EnvVar.spec.template.spec.containers.env.value of type string")]
    [InlineData("""{"spec":{"template":{"spec":{"containers":{}}}}}""", "json: cannot unmarshal object into Go struct field PodSpec.spec.template.spec.containers of type []v1.Container")]
    [InlineData("""{"spec":{"template":"x"}}""", "json: cannot unmarshal string into Go struct field StatefulSetSpec.spec.template of type v1.PodTemplateSpec")]
    [InlineData("""{"metadata":{"creationTimestamp":"yesterday"}}""", "parsing time \"yesterday\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"yesterday\" as \"2006\"")]
    public void Wrong_types_are_refused_in_upstreams_words(string json, string message) =>
        Read(json).Refusal!.Message.ShouldBe("StatefulSet in version \"v1\" cannot be handled as a StatefulSet: " + message);

    [Theory]
    [InlineData("1", "1"), InlineData("\"1000m\"", "1"), InlineData("0.5", "500m"), InlineData("\"0.1\"", "100m"), InlineData("\"1024Mi\"", "1Gi"), InlineData("\"1.5Gi\"", "1536Mi")]
    [InlineData("\"1000\"", "1k"), InlineData("\"1e3\"", "1e3"), InlineData("\"0\"", "0"), InlineData("\"0Gi\"", "0"), InlineData("\"100Mi\"", "100Mi"), InlineData("\"2000Mi\"", "2000Mi")]
    [InlineData("\"512\"", "512"), InlineData("\"0.5Ki\"", "512"), InlineData("\"1500m\"", "1500m"), InlineData("\"-1\"", "-1"), InlineData("\"10G\"", "10G"), InlineData("\"1E\"", "1E"), InlineData("\"123456789\"", "123456789")]
    public void Quantities_come_out_in_canonical_form(string given, string canonical)
    {
        var decoded = Read($$$$"""{"spec":{"containers":[{"resources":{"limits":{"cpu":{{{{given}}}}}}}]}}""", Pod);
        decoded.Object!["spec"]!["containers"]![0]!["resources"]!["limits"]!["cpu"]!.GetValue<string>().ShouldBe(canonical);
    }

    [Theory]
    [InlineData("\"lots\""), InlineData("\"1GiB\""), InlineData("\"\""), InlineData("\"1 Gi\"")]
    public void Nonsense_is_not_a_quantity(string given) =>
        Read($$$$"""{"spec":{"containers":[{"resources":{"limits":{"cpu":{{{{given}}}}}}}]}}""", Pod).Refusal!.Message
            .ShouldBe("Pod in version \"v1\" cannot be handled as a Pod: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");

    [Fact]
    public void Nulls_are_dropped_and_stand_for_nothing_in_maps_and_lists()
    {
        var decoded = Read("""{"metadata":{"name":null,"labels":{"a":null},"finalizers":[null]},"spec":null}""");
        decoded.Object!.ToJsonString().ShouldBe("""{"metadata":{"labels":{"a":""},"finalizers":[""]}}""");
    }

    [Fact]
    public void Whole_numbers_may_be_written_with_a_point() => Read("""{"spec":{"replicas":2.0}}""").Object!["spec"]!["replicas"]!.ToJsonString().ShouldBe("2");

    [Fact]
    public void Names_are_case_sensitive() => Read("""{"Spec":{}}""").Unknown.ShouldBe(["unknown field \"Spec\""]);

    [Fact]
    public void Times_are_kept_in_utc() =>
        Read("""{"metadata":{"creationTimestamp":"2026-11-20T18:00:00+02:00"}}""").Object!["metadata"]!["creationTimestamp"]!.GetValue<string>().ShouldBe("2026-11-20T16:00:00Z");

    [Fact]
    public void Bytes_must_be_base64() =>
        Read("""{"data":{"a":"no*good"}}""", Catalog.BuiltIn.SchemaOf("", "v1", "Secret")).Refusal!.Message
            .ShouldBe("Secret in version \"v1\" cannot be handled as a Secret: illegal base64 data at input byte 2");

    [Fact]
    public void Ports_may_be_numbers_or_names_and_nothing_else()
    {
        var service = Catalog.BuiltIn.SchemaOf("", "v1", "Service");
        Read("""{"spec":{"ports":[{"targetPort":80},{"targetPort":"http"}]}}""", service).Refusal.ShouldBeNull();
        Read("""{"spec":{"ports":[{"targetPort":true}]}}""", service).Refusal!.Code.ShouldBe(400);
    }

    [Theory]
    [InlineData("{"), InlineData(""), InlineData("{} {}"), InlineData("{\"a\":}"), InlineData("nonsense"), InlineData("null")]
    public void Broken_json_is_a_bad_request(string json)
    {
        var refusal = Read(json).Refusal.ShouldNotBeNull();
        refusal.Code.ShouldBe(400);
        refusal.Message.ShouldStartWith("the object provided is unrecognized (must be of type StatefulSet)");
    }

    [Fact]
    public void Texts_must_be_unicode()
    {
        Read("""{"metadata":{"name":"\ud800"}}""").Refusal!.Code.ShouldBe(400);
        Decode.Object([.. "{\"metadata\":{\"name\":\""u8, 0xff, .. "\"}}"u8], Set).Refusal!.Code.ShouldBe(400);
    }

    const string Meaningful = "{}[]\",:0nt\\ -";

    [Fact]
    public void No_bytes_make_it_fail()
    {
        var random = new Random(20261120);
        foreach (var fixture in Fixture.All().Select(f => (string)f[0]))
        {
            var (good, schema) = (Fixture.Bytes(fixture), Fixture.SchemaOf(fixture));
            for (var round = 0; round < 20; round++)
            {
                var bytes = good[..random.Next(good.Length / 2, good.Length + 1)];
                for (var i = random.Next(4); i > 0; i--) bytes[random.Next(bytes.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)Meaningful[random.Next(Meaningful.Length)];
                var decoded = Decode.Object(bytes, schema);
                (decoded.Object is null).ShouldBe(decoded.Refusal is not null);
            }
        }
    }

    [Fact]
    public void Depth_and_size_are_limited()
    {
        Read("{\"metadata\":" + string.Concat(Enumerable.Repeat("{\"x\":", 10_000))).Refusal!.Code.ShouldBe(400);
        Decode.Object(new byte[Decode.MaxBytes + 1], Set).Refusal!.Code.ShouldBe(413);
    }

    [Fact]
    public void A_flood_of_unknown_fields_makes_a_short_answer()
    {
        var body = "{" + string.Join(",", Enumerable.Range(0, 5000).Select(i => $"\"x{i}\":1")) + "}";
        Read(body).Unknown.Length.ShouldBe(100);
    }

    [Fact]
    public void A_patched_document_is_checked_like_a_body()
    {
        var patched = (JsonObject)JsonNode.Parse("""{"spec":{"replicas":"x"}}""")!;
        Decode.Prune(patched, Set).Refusal.ShouldNotBeNull();
        patched = (JsonObject)JsonNode.Parse("""{"spec":{"replicas":2,"oops":1}}""")!;
        var pruned = Decode.Prune(patched, Set);
        pruned.Unknown.ShouldBe(["unknown field \"spec.oops\""]);
        pruned.Object!.ToJsonString().ShouldBe("""{"spec":{"replicas":2}}""");
    }

    [Fact]
    public void Data_without_a_schema_is_kept_as_it_is()
    {
        var revision = Catalog.BuiltIn.SchemaOf("apps", "v1", "ControllerRevision");
        var data = """{"a":null,"b":[1,2.50,true,"x"],"c":{"d":{}}}""";
        Read($$"""{"data":{{data}},"revision":1}""", revision).Object!["data"]!.ToJsonString().ShouldBe(data);
    }
}
