using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Patches;

/// <summary>
/// Lists in a strategic merge: items are joined by their merge key (scalars by their value), and then ordered as upstream does:
/// the patch's items keep the patch's order, the others keep theirs, and both are interleaved by where they stood in the live list.
/// </summary>
static class StrategicList
{
    public static Refusal? Merge(JsonArray live, JsonArray patch, Schema schema)
    {
        var before = live.ToList();
        return Join(live, patch, schema) ?? Order(live, patch, before, schema.PatchMergeKey);
    }

    /// <summary>Merges items without ordering them; new ones go to the end.</summary>
    public static Refusal? Join(JsonArray live, JsonArray patch, Schema schema)
    {
        if (schema.PatchMergeKey is not { } key)
        {
            foreach (var value in patch) if (Find(live, null, value) < 0) live.Add(value?.DeepClone());
            return null;
        }
        if (Special(live, patch, key) is { } refusal) return refusal;
        foreach (var node in patch)
        {
            if (node is not JsonObject item) return Patched.Unprocessable($"expected a map in a list that merges by {key}").Refusal;
            if (Directives.Of(item) is not null) continue;
            if (!item.ContainsKey(key)) return NoKey(item, key);
            var at = Find(live, key, item);
            if (at < 0) live.Add(Directives.Plain(item));
            else if (StrategicMerge.Merge((JsonObject)live[at]!, item, schema.Items) is { } problem) return problem;
        }
        return null;
    }

    /// <summary>Items with a directive: delete one, or replace the whole list.</summary>
    static Refusal? Special(JsonArray live, JsonArray patch, string key)
    {
        var replace = false;
        foreach (var node in patch)
        {
            if (node is not JsonObject item || Directives.Of(item) is not { } directive) continue;
            switch (directive)
            {
                case "replace":
                    replace = true;
                    break;
                case "delete" when !item.ContainsKey(key):
                    return NoKey(item, key);
                case "delete":
                    for (var at = Find(live, key, item); at >= 0; at = Find(live, key, item)) live.RemoveAt(at);
                    break;
                case "merge":
                    return Patched.Unprocessable("merging lists cannot yet be specified in the patch").Refusal;
                default:
                    return StrategicMerge.Unknown(directive, item);
            }
        }
        if (replace) live.Clear();
        return null;
    }

    /// <param name="wanted">The patch's order: items or, in <c>$setElementOrder</c>, only their keys.</param>
    /// <param name="before">The live list before the merge.</param>
    public static Refusal? Order(JsonArray live, JsonArray wanted, List<JsonNode?> before, string? key)
    {
        List<(int Place, JsonNode? Item)> ours = [], theirs = [];
        foreach (var item in live)
            if (Find(wanted, key, item) is var place and >= 0) ours.Add((place, item));
            else theirs.Add((Find(before, key, item), item));
        if (ours.Count == 0) return null;
        ours.Sort((a, b) => a.Place.CompareTo(b.Place));
        theirs.Sort((a, b) => a.Place.CompareTo(b.Place));
        live.Clear();
        var next = 0;
        foreach (var (_, item) in ours)
        {
            var stood = Find(before, key, item);
            while (stood >= 0 && next < theirs.Count && theirs[next].Place >= 0 && theirs[next].Place < stood) live.Add(theirs[next++].Item);
            live.Add(item);
        }
        while (next < theirs.Count) live.Add(theirs[next++].Item);
        return null;
    }

    /// <summary>The items of the patch must all stand in the order list, in the same order.</summary>
    public static Refusal? CheckOrder(JsonArray patch, JsonArray wanted, string? key)
    {
        var last = -1;
        foreach (var item in patch)
        {
            if (item is JsonObject o && Directives.Of(o) is not null) continue;
            var at = Find(wanted, key, item);
            if (at < last || at < 0) return Refusal.BadRequest($"The order in patch list:\n{patch.ToJsonString()}\n doesn't match $setElementOrder list:\n{wanted.ToJsonString()}\n");
            last = at;
        }
        return null;
    }

    static int Find(IList<JsonNode?> list, string? key, JsonNode? item)
    {
        var value = key is null ? item : (item as JsonObject)?[key];
        if (key is not null && value is null) return -1;
        for (var i = 0; i < list.Count; i++)
            if (JsonNode.DeepEquals(key is null ? list[i] : (list[i] as JsonObject)?[key], value)) return i;
        return -1;
    }

    static Refusal NoKey(JsonObject item, string key) => Patched.Unprocessable($"map: {item.ToJsonString()} does not contain declared merge key: {key}").Refusal!;
}
