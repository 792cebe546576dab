using System.Text.Json.Nodes;
using Kennel.Objects.Patches;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Tests.Patches;

/// <summary>What kubectl 1.33 itself made of these patches (<c>kubectl patch --local</c>) is what we make of them.</summary>
public sealed class PatchCaseTests
{
    public static TheoryData<string, string> Cases()
    {
        var data = new TheoryData<string, string>();
        foreach (var kind in (string[])["strategic", "json", "merge"])
            foreach (var one in All(kind)) data.Add(kind, one!["name"]!.GetValue<string>());
        return data;
    }

    static JsonArray All(string kind) => JsonNode.Parse(TestFiles.Text($"Patches/{kind}-patches.json"))!.AsArray()!;

    static string Sorted(JsonNode? node) => Order(node)?.ToJsonString() ?? "null";

    static JsonNode? Order(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, Order(p.Value)))),
        JsonArray a => new JsonArray([.. a.Select(Order)]),
        _ => node?.DeepClone(),
    };

    [Theory, MemberData(nameof(Cases))]
    public void A_patch_does_what_kubectl_does_with_it(string kind, string name)
    {
        var one = (JsonObject)All(kind).Single(c => c!["name"]!.GetValue<string>() == name)!;
        var target = (JsonObject)one["target"]!;
        var before = target.ToJsonString();
        var (made, refusal) = kind switch
        {
            "strategic" => StrategicMerge.Apply(target, (JsonObject)one["patch"]!, SchemaOf(target)),
            "json" => JsonPatch.Apply(target, (JsonArray)one["patch"]!),
            _ => MergePatch.Apply(target, (JsonObject)one["patch"]!),
        };
        target.ToJsonString().ShouldBe(before);
        if (one["error"] is { } error)
        {
            var said = refusal.ShouldNotBeNull().Causes.Count > 0 ? refusal.Causes[0].Message : refusal.Message;
            said.ShouldStartWith(error.GetValue<string>()["error: ".Length..].Split("map[")[0]);
            return;
        }
        refusal.ShouldBeNull();
        Sorted(made).ShouldBe(Sorted(one["expected"]));
    }

    static Schema SchemaOf(JsonObject o)
    {
        var version = o["apiVersion"]!.GetValue<string>().Split('/');
        return Catalog.BuiltIn.OfKind(version.Length == 1 ? "" : version[0], version[^1], o["kind"]!.GetValue<string>())!.Schema;
    }
}
