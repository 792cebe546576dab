using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Kennel.Objects.Applying;

namespace Kennel.Objects.Tests.Applying;

public sealed class FieldSetTests
{
    static readonly Gen<string> s_step = Gen.Elements("f:a", "f:b", "f:c", "k:{\"name\":\"x\"}", "k:{\"port\":80,\"protocol\":\"TCP\"}", "k:{\"port\":443,\"protocol\":\"TCP\"}", "v:\"s\"", "v:1", "i:0");

    static Gen<FieldSet> Sets(int depth) =>
        from n in Gen.Choose(0, 4)
        from steps in s_step.ArrayOf(n)
        from members in Gen.Elements(true, false).ArrayOf(n)
        from below in (depth == 0 ? Gen.Constant(FieldSet.Empty) : Sets(depth - 1)).ArrayOf(n)
        select Build(steps, members, below);

    static FieldSet Build(string[] steps, bool[] members, FieldSet[] below)
    {
        var set = new FieldSet([]);
        for (var i = 0; i < steps.Length; i++) set.Put(PathElement.Parse(steps[i])!.Value, members[i], below[i]);
        return set;
    }

    static void Holds(Func<FieldSet, FieldSet, bool> law) =>
        Prop.ForAll(Gen.Two(Sets(3)).ToArbitrary(), pair => law(pair.Item1, pair.Item2)).QuickCheckThrowOnFailure();

    static HashSet<string> Paths(FieldSet set) => [.. set.Paths()];

    [Fact]
    public void A_set_reads_back_as_it_was_written() => Holds((a, _) => FieldSetJson.Read(JsonNode.Parse(a.ToString())) is { } read && read.Equals(a) && read.ToString() == a.ToString());

    [Fact]
    public void Operations_are_those_of_sets_of_paths() => Holds((a, b) =>
        Paths(a.Union(b)).SetEquals(Paths(a).Union(Paths(b)))
        && Paths(a.Intersection(b)).SetEquals(Paths(a).Intersect(Paths(b)))
        && Paths(a.Difference(b)).SetEquals(Paths(a).Except(Paths(b)))
        && a.Count == Paths(a).Count);

    [Fact]
    public void Nothing_is_left_empty_inside() => Holds((a, b) => a.Difference(a).IsEmpty && a.Difference(b).Union(a.Intersection(b)).Equals(a) && a.Union(b).Equals(b.Union(a)));

    [Fact]
    public void Steps_are_in_upstreams_order() =>
        Build(["v:1", "k:{\"port\":443}", "k:{\"port\":80}", "f:b", "f:a", "v:\"x\"", "i:3"], [true, true, true, true, true, true, true], [.. Enumerable.Repeat(FieldSet.Empty, 7)])
            .ToString().ShouldBe("""{"f:a":{},"f:b":{},"k:{\"port\":80}":{},"k:{\"port\":443}":{},"v:1":{},"v:\"x\"":{},"i:3":{}}""");

    [Theory]
    [InlineData("""{"x":{}}""")]
    [InlineData("""{"k:nope":{}}""")]
    [InlineData("""{"f:a":1}""")]
    public void What_is_no_set_is_not_read(string json) => FieldSetJson.Read(JsonNode.Parse(json)).ShouldBeNull();
}
