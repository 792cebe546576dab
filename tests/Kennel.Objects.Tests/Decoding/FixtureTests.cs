using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Objects.Decoding;

namespace Kennel.Objects.Tests.Decoding;

public sealed class FixtureTests
{
    public static IEnumerable<object[]> All() => Fixture.All();

    [Theory, MemberData(nameof(All))]
    public void Every_kind_decodes_strictly_and_comes_out_as_it_went_in(string name)
    {
        var decoded = Decode.Object(Fixture.Bytes(name), Fixture.SchemaOf(name));
        decoded.Refusal.ShouldBeNull();
        decoded.Unknown.ShouldBeEmpty();
        Fixture.Differences(decoded.Object, JsonNode.Parse(Fixture.Bytes(name))).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(All))]
    public void Typed_records_lose_nothing_of_a_kind(string name)
    {
        var json = Encoding.UTF8.GetString(Fixture.Bytes(name));
        if (Typed(Fixture.SchemaOf(name).Id!) is not { } type) return;
        var read = typeof(Json).GetMethod(nameof(Json.Read))!.MakeGenericMethod(type).CreateDelegate<ReadDocument>();
        var document = read(Fixture.Bytes(name));
        Fixture.Differences(JsonNode.Parse(Json.Write(document)), JsonNode.Parse(json)).ShouldBeEmpty();
        read(Json.Write(document)).ShouldBe(document);
    }

    delegate IDocument ReadDocument(ReadOnlySpan<byte> json);

    /// <summary>The record that the generator made of a definition, if it made one.</summary>
    static Type? Typed(string id)
    {
        var parts = id.Split('.');
        var group = char.ToUpperInvariant(parts[^3][0]) + parts[^3][1..];
        var version = parts[^2] == "v1" ? "" : char.ToUpperInvariant(parts[^2][0]) + parts[^2][1..];
        return typeof(Json).Assembly.GetType($"Kennel.Objects.{group}{version}.{parts[^1]}");
    }

    [Fact]
    public void Typed_kinds_are_among_the_fixtures() =>
        All().Count(f => Typed(Fixture.SchemaOf((string)f[0]).Id!) is not null).ShouldBeGreaterThan(15);
}
