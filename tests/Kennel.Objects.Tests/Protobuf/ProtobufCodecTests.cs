using System.Text;
using System.Text.Json.Nodes;
using Kennel.Objects.Protobuf;

namespace Kennel.Objects.Tests.Protobuf;

public sealed class ProtobufCodecTests
{
    /// <summary>Bodies that kubectl 1.33 sent, beside what the same command prints with <c>--dry-run=client -o json</c>.</summary>
    public static TheoryData<string> Kubectl() => [.. TestFiles.Names("Protobuf/kubectl", "*.json").Select(n => Path.GetFileNameWithoutExtension(n))];

    public static TheoryData<string> Fixtures() => [.. TestFiles.Names("Fixtures", "*.json")];

    [Theory, MemberData(nameof(Kubectl))]
    public void A_body_from_kubectl_is_what_kubectl_prints(string name)
    {
        var (o, refusal) = ProtobufCodec.Decode(TestFiles.Bytes($"Protobuf/kubectl/{name}.bin"));
        refusal.ShouldBeNull();
        Fixture.Differences(o, JsonNode.Parse(TestFiles.Text($"Protobuf/kubectl/{name}.json"))).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Fixtures))]
    public void Every_kind_survives_the_way_there_and_back(string name)
    {
        var json = TestFiles.Bytes($"Fixtures/{name}");
        var (o, refusal) = ProtobufCodec.Decode(ProtobufCodec.Encode(json).ShouldNotBeNull());
        refusal.ShouldBeNull();
        // The types of claim templates aren't in the message: upstream loses them in protobuf too.
        Fixture.Differences(o, JsonNode.Parse(json)).Where(d => !d.StartsWith(".spec.volumeClaimTemplates[0].apiVersion") && !d.StartsWith(".spec.volumeClaimTemplates[0].kind")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"a"},"spec":{"replicas":0,"template":{"spec":{"containers":[{"name":"c","securityContext":{"privileged":false}}],"automountServiceAccountToken":false,"volumes":[{"name":"v","emptyDir":{}}]}}}}""")]
    [InlineData("""{"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"a"},"spec":{"storageClassName":"","resources":{"requests":{"storage":"1Gi"}}}}""")]
    [InlineData("""{"apiVersion":"v1","kind":"Status","metadata":{},"status":"Failure","message":"no","reason":"NotFound","details":{"name":"x","kind":"pods","causes":[{"reason":"r","message":"m","field":"f"}]},"code":404}""")]
    [InlineData("""{"apiVersion":"v1","kind":"PodList","metadata":{"resourceVersion":"7","remainingItemCount":0},"items":[{"metadata":{"name":"a"}},{"metadata":{"name":"b"}}]}""")]
    [InlineData("""{"apiVersion":"meta.k8s.io/v1","kind":"PartialObjectMetadata","metadata":{"name":"a","ownerReferences":[{"apiVersion":"v1","kind":"Pod","name":"p","uid":"u","controller":false}]}}""")]
    [InlineData("""{"apiVersion":"policy/v1","kind":"PodDisruptionBudget","metadata":{"name":"a"},"spec":{"maxUnavailable":0,"minAvailable":"50%"}}""")]
    [InlineData("""{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"a"},"spec":{"leaseTransitions":0,"renewTime":"2026-11-20T12:00:00.123456Z"}}""")]
    [InlineData("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"ü"},"data":{"empty":"","z":"ß"},"binaryData":{"b":"AAEC"}}""")]
    [InlineData("""{"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview","metadata":{},"spec":{"token":"t"},"status":{"user":{"username":"u","extra":{"a":["1","2"]}},"authenticated":true}}""")]
    public void Zeros_that_mean_something_survive(string json)
    {
        var (o, refusal) = ProtobufCodec.Decode(ProtobufCodec.Encode(Encoding.UTF8.GetBytes(json)).ShouldNotBeNull());
        refusal.ShouldBeNull();
        Fixture.Differences(o, JsonNode.Parse(json)).ShouldBeEmpty();
    }

    [Fact]
    public void Reviews_and_tokens_of_kubectl_are_read()
    {
        ProtobufCodec.Decode(TestFiles.Bytes("Protobuf/kubectl/token.bin")).Object!["spec"]!["expirationSeconds"]!.GetValue<long>().ShouldBe(600);
        ProtobufCodec.Decode(TestFiles.Bytes("Protobuf/kubectl/can-i.bin")).Object!["spec"]!["resourceAttributes"]!["resource"]!.GetValue<string>().ShouldBe("pods");
        ProtobufCodec.Decode(TestFiles.Bytes("Protobuf/kubectl/role.bin")).Object!["rules"]![0]!["verbs"]!.AsArray().Count.ShouldBe(2);
    }

    [Fact]
    public void Every_cut_body_is_refused_or_read_but_never_worse()
    {
        var body = TestFiles.Bytes("Protobuf/kubectl/deployment.bin");
        for (var length = 0; length < body.Length; length++)
        {
            var (o, refusal) = ProtobufCodec.Decode(body.AsSpan(0, length));
            (o is null).ShouldBe(refusal is not null);
            refusal?.Code.ShouldBe(400);
        }
    }

    [Fact]
    public void What_has_no_protobuf_form_gives_nothing()
    {
        ProtobufCodec.Encode("""{"apiVersion":"meta.k8s.io/v1","kind":"Table","rows":[]}"""u8).ShouldBeNull();
        ProtobufCodec.Encode("""{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"a"}}"""u8).ShouldBeNull();
    }

    [Fact]
    public void A_watch_event_wraps_an_enveloped_object()
    {
        var frame = ProtobufCodec.EncodeWatchEvent("ADDED", """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}}"""u8).ShouldNotBeNull();
        frame.AsSpan(0, 7).ToArray().ShouldBe([0x0a, 5, .. "ADDED"u8]);
        var inner = frame.AsSpan().IndexOf("k8s\0"u8);
        ProtobufCodec.Decode(frame.AsSpan(inner)).Object!["metadata"]!["name"]!.GetValue<string>().ShouldBe("a");
    }
}
