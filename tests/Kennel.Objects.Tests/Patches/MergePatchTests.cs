using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Kennel.Objects.Patches;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Tests.Patches;

public sealed class MergePatchTests
{
    static readonly Schema s_free = Catalog.BuiltIn.Find("", "v1", "configmaps")!.Schema;

    internal static Gen<JsonNode?> Value(int depth, bool nulls) =>
        depth == 0 ? Scalar(nulls) : Gen.Frequency((2, Scalar(nulls)), (3, Object(depth - 1, nulls).Select(o => (JsonNode?)o)), (1, List(depth - 1).Select(l => (JsonNode?)l)));

    static Gen<JsonNode?> Scalar(bool nulls) => Gen.Elements<Func<JsonNode?>>(() => 1, () => "x", () => true, () => "", () => nulls ? null : 0).Select(make => make());

    static Gen<JsonArray> List(int depth) => Gen.Choose(0, 3).SelectMany(n => Value(depth, false).ArrayOf(n)).Select(items => new JsonArray([.. items.Select(i => i?.DeepClone())]));

    internal static Gen<JsonObject> Object(int depth, bool nulls) =>
        from n in Gen.Choose(0, 4)
        from names in Gen.Elements("a", "b", "c", "d", "e").ArrayOf(n)
        from values in Value(depth, nulls).ArrayOf(n)
        select new JsonObject(names.Zip(values).DistinctBy(p => p.First).Select(p => KeyValuePair.Create(p.First, p.Second?.DeepClone())));

    static void Holds(Func<JsonObject, JsonObject, bool> law) =>
        Prop.ForAll(Object(3, false).Zip(Object(3, true)).ToArbitrary(), pair => law(pair.Item1, pair.Item2)).QuickCheckThrowOnFailure();

    static JsonObject Merged(JsonObject target, JsonObject patch) => MergePatch.Apply(target, patch).Object!;

    [Fact]
    public void Patching_twice_is_patching_once() => Holds((o, patch) => JsonNode.DeepEquals(Merged(Merged(o, patch), patch), Merged(o, patch)));

    [Fact]
    public void The_empty_patch_changes_nothing_and_the_target_is_never_touched() => Holds((o, patch) =>
    {
        var before = o.ToJsonString();
        Merged(o, patch);
        return o.ToJsonString() == before && JsonNode.DeepEquals(Merged(o, []), o);
    });

    [Fact]
    public void No_null_of_a_patch_stays_in_an_object() => Holds((o, patch) => NoNulls(Merged(o, patch)));

    [Fact]
    public void Without_a_schema_for_the_fields_a_strategic_merge_is_a_merge_patch() =>
        Holds((o, patch) => JsonNode.DeepEquals(StrategicMerge.Apply(o, patch, s_free).Object, Merged(o, patch)));

    static bool NoNulls(JsonNode? node) => node switch
    {
        null => false,
        JsonObject o => o.All(p => NoNulls(p.Value)),
        JsonArray a => a.All(i => i is null || NoNulls(i)),
        _ => true,
    };
}
