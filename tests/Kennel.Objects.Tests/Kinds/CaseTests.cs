using System.Text;
using System.Text.Json.Nodes;
using Kennel.Objects.Decoding;
using Kennel.Objects.Kinds;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Tests.Kinds;

/// <summary>
/// Rules as data: a file a kind in <c>Cases/</c> with a good <c>object</c> and cases that <c>set</c> a path to something (null takes it away)
/// and say which <c>errors</c> or <c>warnings</c> must come of it. A case with <c>old</c> (its own changes to the good object; <c>{}</c> for
/// none) is an update. <c>gates</c> names feature gates that are on. <c>behaviour</c> cites the specification, one id or several.
/// </summary>
public sealed class CaseTests
{
    static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "Kinds", "Cases");

    public static IEnumerable<object[]> All()
    {
        foreach (var file in Directory.GetFiles(s_folder, "*.json").Order(StringComparer.Ordinal))
            foreach (var c in JsonNode.Parse(File.ReadAllText(file))!["cases"]!.AsArray())
                yield return [Path.GetFileNameWithoutExtension(file), c!["name"]!.GetValue<string>()];
    }

    [Theory, MemberData(nameof(All))]
    public void A_kind_keeps_its_rules(string file, string name)
    {
        var cases = JsonNode.Parse(File.ReadAllText(Path.Combine(s_folder, file + ".json")))!;
        var c = cases["cases"]!.AsArray().Single(c => c!["name"]!.GetValue<string>() == name)!;
        var good = cases["object"]!.AsObject();
        var (group, version) = good["apiVersion"]!.GetValue<string>().Split('/') is [var g, var v] ? (g, v) : ("", good["apiVersion"]!.GetValue<string>());
        var type = Catalog.BuiltIn.OfKind(group, version, good["kind"]!.GetValue<string>()).ShouldNotBeNull();
        var rules = KindRules.For(type);
        var o = Made(good, c["old"], c["set"], type);
        var gates = Enum.Parse<Gates>(c["gates"]?.GetValue<string>() ?? "None");
        var errors = c["old"] is null ? Created(o, rules, gates) : Updated(o, Made(good, c["old"], null, type), rules, c["subresource"]?.GetValue<string>(), gates);
        errors.ShouldBe(c["errors"] is { } wanted ? wanted.AsArray().Select(e => e!.GetValue<string>()) : []);
        if (c["warnings"] is { } warnings) rules.Warnings(o).ShouldBe(warnings.AsArray().Select(w => w!.GetValue<string>()));
        if (c["result"] is JsonObject result)
            foreach (var (path, value) in result) Fixture.Sorted(At(o, path)).ShouldBe(Fixture.Sorted(value), path);
    }

    static IEnumerable<string> Created(JsonObject o, KindRules rules, Gates gates)
    {
        rules.Default(o);
        rules.PrepareForCreate(o, new Occasion(DateTimeOffset.UnixEpoch, gates));
        return rules.Validate(o, gates).Select(e => e.ToString());
    }

    static IEnumerable<string> Updated(JsonObject o, JsonObject old, KindRules rules, string? subresource, Gates gates)
    {
        rules.Default(old);
        rules.Default(o);
        var before = old.ToJsonString();
        rules.PrepareForUpdate(o, old, subresource, new Occasion(DateTimeOffset.UnixEpoch, gates));
        var errors = rules.ValidateUpdate(o, old, subresource, gates).Select(e => e.ToString()).ToList();
        old.ToJsonString().ShouldBe(before);
        return errors;
    }

    static JsonObject Made(JsonObject good, JsonNode? first, JsonNode? second, ResourceType type)
    {
        var o = (JsonObject)good.DeepClone();
        foreach (var changes in new[] { first, second })
            foreach (var (path, value) in changes as JsonObject ?? []) Set(o, path, value);
        var decoded = Decode.Object(Encoding.UTF8.GetBytes(o.ToJsonString()), type.Schema);
        decoded.Refusal.ShouldBeNull();
        decoded.Unknown.ShouldBeEmpty();
        return decoded.Object!;
    }

    /// <summary>Paths as errors spell them: <c>spec.containers[0].name</c>; a key with dots stands in quotes: <c>metadata.labels.'a.b'</c>.</summary>
    static IEnumerable<object> Steps(string path)
    {
        foreach (System.Text.RegularExpressions.Match m in System.Text.RegularExpressions.Regex.Matches(path, @"'([^']*)'|\[(\d+)\]|([^.\[\]']+)"))
            yield return m.Groups[1].Success ? m.Groups[1].Value : m.Groups[2].Success ? int.Parse(m.Groups[2].Value) : m.Groups[3].Value;
    }

    static JsonNode? At(JsonNode? node, string path) => Steps(path).Aggregate(node, (n, step) => step is int i ? n?[i] : n?[(string)step]);

    static void Set(JsonObject o, string path, JsonNode? value)
    {
        JsonNode node = o;
        var steps = Steps(path).ToList();
        for (var i = 0; i < steps.Count - 1; i++)
            node = (steps[i] is int at ? Item((JsonArray)node, at, steps[i + 1]) : node[(string)steps[i]] ??= steps[i + 1] is int ? new JsonArray() : new JsonObject())!;
        if (steps[^1] is int last)
        {
            var list = (JsonArray)node;
            if (value is null) list.RemoveAt(last);
            else if (last == list.Count) list.Add(value.DeepClone());
            else list[last] = value.DeepClone();
        }
        else if (value is null) ((JsonObject)node).Remove((string)steps[^1]);
        else node[(string)steps[^1]] = value.DeepClone();
    }

    static JsonNode? Item(JsonArray list, int at, object next)
    {
        if (at == list.Count) list.Add(next is int ? new JsonArray() : new JsonObject());
        return list[at];
    }
}
