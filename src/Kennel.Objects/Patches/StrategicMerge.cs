using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Patches;

/// <summary>
/// Upstream's strategic merge patch: objects merge field by field, null removes, and lists merge by the keys that the schema names.
/// Fields that the schema doesn't know merge as in a merge patch.
/// </summary>
public static class StrategicMerge
{
    /// <param name="target">Stays as it is; the result is a copy.</param>
    /// <returns>400 for a malformed directive, 422 for a list item without its merge key.</returns>
    public static Patched Apply(JsonObject target, JsonObject patch, Schema schema)
    {
        var copy = (JsonObject)target.DeepClone();
        return Merge(copy, patch, schema) is { } refusal ? refusal : copy;
    }

    /// <summary>Merges into <paramref name="original"/> in place.</summary>
    internal static Refusal? Merge(JsonObject original, JsonObject patch, Schema? schema)
    {
        switch (Directives.Of(patch))
        {
            case null or "merge":
                break;
            case "replace":
                Fill(original, patch);
                return null;
            case "delete":
                original.Clear();
                return null;
            case var other:
                return Unknown(other, patch);
        }
        if (RetainKeys(original, patch) is { } refusal) return refusal;
        HashSet<string>? done = null;
        foreach (var (name, order) in patch)
        {
            if (Directives.ListOf(name, Directives.SetElementOrder) is not { } list) continue;
            if (Ordered(original, patch, list, order, schema?[list]) is { } problem) return problem;
            (done ??= []).Add(list);
        }
        foreach (var (name, value) in patch)
        {
            if (done?.Contains(name) == true) continue;
            if (Directives.ListOf(name, Directives.DeleteFromPrimitiveList) is { } list) DeleteScalars(original, list, value);
            else if (!Directives.IsOne(name) && Field(original, name, value, schema?[name]) is { } problem) return problem;
        }
        return null;
    }

    static Refusal? Field(JsonObject original, string name, JsonNode? value, Schema? schema)
    {
        if (value is null) original.Remove(name);
        else if (!original.TryGetPropertyValue(name, out var old)) original[name] = Directives.Plain(value);
        else if (old is JsonObject into && value is JsonObject fields && schema?.PatchReplace != true) return Merge(into, fields, schema);
        else if (old is JsonArray items && value is JsonArray added && schema?.PatchMerge == true) return StrategicList.Merge(items, added, schema);
        else original[name] = Directives.Plain(value);
        return null;
    }

    static void Fill(JsonObject original, JsonObject patch)
    {
        original.Clear();
        foreach (var (name, value) in patch) if (name != Directives.Patch && value is not null) original[name] = Directives.Plain(value);
    }

    /// <summary>With <c>$retainKeys</c>, fields that the patch doesn't name there are cleared first (a volume's other source).</summary>
    static Refusal? RetainKeys(JsonObject original, JsonObject patch)
    {
        if (!patch.TryGetPropertyValue(Directives.RetainKeys, out var node)) return null;
        if (node is not JsonArray list) return Refusal.BadRequest("invalid patch format of retainKeys");
        var retained = new HashSet<string>(list.Count);
        foreach (var item in list) if (item is JsonValue v && v.TryGetValue<string>(out var name)) retained.Add(name);
        foreach (var (name, value) in patch)
            if (value is not null && !Directives.IsOne(name) && !retained.Contains(name)) return Refusal.BadRequest("invalid patch format of retainKeys");
        foreach (var name in original.Select(f => f.Key).Where(k => !retained.Contains(k)).ToList()) original.Remove(name);
        return null;
    }

    /// <summary><c>$setElementOrder/list</c>: the list is merged first, and then ordered as the patch says.</summary>
    static Refusal? Ordered(JsonObject original, JsonObject patch, string name, JsonNode? order, Schema? schema)
    {
        if (order is not JsonArray wanted) return Refusal.BadRequest("invalid patch format of setElementOrder list");
        var live = original[name] as JsonArray;
        var changes = patch[name] as JsonArray;
        if (patch.TryGetPropertyValue(name, out var given) && given is null)
        {
            original.Remove(name);
            return null;
        }
        if (changes is not null && StrategicList.CheckOrder(changes, wanted, schema?.PatchMergeKey) is { } problem) return problem;
        if (live is null && changes is null) return null;
        if (live is null) original[name] = live = (JsonArray)Directives.Plain(changes)!;
        else if (changes is not null)
        {
            var before = live.ToList();
            if (schema?.PatchMerge != true) original[name] = live = (JsonArray)Directives.Plain(changes)!;
            else if (StrategicList.Join(live, changes, schema) is { } refusal) return refusal;
            return StrategicList.Order(live, wanted, before, schema?.PatchMergeKey);
        }
        return StrategicList.Order(live, wanted, live.ToList(), schema?.PatchMergeKey);
    }

    static void DeleteScalars(JsonObject original, string name, JsonNode? values)
    {
        if (values is not JsonArray gone || original[name] is not JsonArray live) return;
        for (var i = live.Count - 1; i >= 0; i--)
            foreach (var value in gone)
                if (JsonNode.DeepEquals(live[i], value))
                {
                    live.RemoveAt(i);
                    break;
                }
    }

    internal static Refusal Unknown(string directive, JsonObject map) => Patched.Unprocessable($"unknown patch type: {directive} in map: {map.ToJsonString()}").Refusal!;
}
