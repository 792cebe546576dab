using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Kennel.Objects.Applying;

namespace Kennel.Objects.Tests.Applying;

/// <summary>What holds for any deployments that two managers apply one after the other.</summary>
public sealed class ApplyLawTests
{
    static readonly Gen<JsonObject> s_wishes =
        from replicas in Gen.Choose(0, 3)
        from names in Gen.Elements("a", "b", "c", "d").ArrayOf(3)
        from image in Gen.Elements("1", "2")
        from ports in Gen.Elements(80, 443, 8080).ArrayOf(2)
        from labels in Gen.Elements("x", "y", "z").ArrayOf(2)
        from atomic in Gen.Elements("p", "q", "")
        select Wish(replicas, [.. names.Distinct()], image, [.. ports.Distinct()], [.. labels.Distinct()], atomic);

    static JsonObject Wish(int replicas, string[] names, string image, int[] ports, string[] labels, string atomic)
    {
        var containers = new JsonArray([.. names.Select(n => (JsonNode)new JsonObject
        {
            ["name"] = n,
            ["image"] = image,
            ["ports"] = new JsonArray([.. ports.Select(p => (JsonNode)new JsonObject { ["containerPort"] = p })]),
        })]);
        var pod = new JsonObject { ["containers"] = containers };
        if (atomic.Length > 0) pod["tolerations"] = new JsonArray(new JsonObject { ["key"] = atomic });
        var o = new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "Deployment",
            ["metadata"] = new JsonObject { ["name"] = "web", ["labels"] = new JsonObject(labels.Select(l => KeyValuePair.Create(l, (JsonNode?)"1"))) },
            ["spec"] = new JsonObject { ["template"] = new JsonObject { ["spec"] = pod } },
        };
        if (replicas > 0) o["spec"]!["replicas"] = replicas;
        return o;
    }

    static JsonObject Applied(JsonObject? live, JsonObject wish, string manager, int minutes = 0)
    {
        var (made, refusal) = ServerSideApply.Apply(live, wish, Objects.Deployments, Objects.Deployments.Schema, manager, force: true, null, Objects.Noon.AddMinutes(minutes));
        refusal.ShouldBeNull();
        return made!;
    }

    /// <summary>Whether every field of the wish is in the object with the wish's value; items of lists by their keys.</summary>
    static bool Holds(JsonNode? wish, JsonNode? o) => wish switch
    {
        JsonObject w => o is JsonObject x && w.All(p => Holds(p.Value, x[p.Key])),
        JsonArray w => o is JsonArray x && w.All(item => x.Any(there => Holds(item, there))),
        _ => JsonNode.DeepEquals(wish, o),
    };

    static bool SameBut(JsonObject a, JsonObject b, string field)
    {
        var (x, y) = ((JsonObject)a.DeepClone(), (JsonObject)b.DeepClone());
        ((JsonObject)x["metadata"]!).Remove(field);
        ((JsonObject)y["metadata"]!).Remove(field);
        return JsonNode.DeepEquals(x, y);
    }

    [Fact]
    public void What_is_applied_is_there() => Prop.ForAll(Gen.Two(s_wishes).ToArbitrary(), pair =>
        Holds(pair.Item2, Applied(Applied(null, pair.Item1, "first"), pair.Item2, "second", 1))).QuickCheckThrowOnFailure();

    [Fact]
    public void Applying_again_changes_nothing() => Prop.ForAll(Gen.Two(s_wishes).ToArbitrary(), pair =>
    {
        var live = Applied(Applied(null, pair.Item1, "first"), pair.Item2, "second", 1);
        return JsonNode.DeepEquals(Applied(live, pair.Item2, "second", 2), live);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Alone_the_last_wish_is_all_there_is() => Prop.ForAll(Gen.Two(s_wishes).ToArbitrary(), pair =>
        SameBut(Applied(Applied(null, pair.Item1, "me"), pair.Item2, "me", 1), Applied(null, pair.Item2, "me"), "managedFields")).QuickCheckThrowOnFailure();

    [Fact]
    public void Who_applies_nothing_any_more_owns_nothing() => Prop.ForAll(Gen.Two(s_wishes).ToArbitrary(), pair =>
    {
        var live = Applied(Applied(null, pair.Item1, "first"), pair.Item2, "second", 1);
        var made = Applied(live, Objects.Json("""{"metadata":{"name":"web"}}"""), "second", 2);
        return !Objects.Managers(made).Contains("second Apply");
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_update_owns_exactly_what_it_changed() => Prop.ForAll(Gen.Two(s_wishes).ToArbitrary(), pair =>
    {
        var live = (JsonObject)pair.Item1.DeepClone();
        ManagedFields.Update(null, live, Objects.Deployments, "first", null, Objects.Noon);
        var next = (JsonObject)pair.Item2.DeepClone();
        ManagedFields.Update(live, next, Objects.Deployments, "second", null, Objects.Noon.AddMinutes(1));
        var changes = FieldChanges.Between(live, next, Objects.Deployments.Schema, []);
        var second = ManagerEntries.Read(next).Find("second", ManagerEntry.Update, "apps/v1", null);
        return changes.Changed.IsEmpty ? second is null : second!.Fields.Equals(changes.Changed);
    }).QuickCheckThrowOnFailure();
}
