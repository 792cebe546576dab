using System.Text.Json.Nodes;

namespace Kennel.Objects.Patches;

/// <summary>RFC 7386: objects merge, null removes, everything else replaces.</summary>
public static class MergePatch
{
    /// <param name="target">Stays as it is; the result is a copy.</param>
    public static Patched Apply(JsonObject target, JsonObject patch)
    {
        var copy = (JsonObject)target.DeepClone();
        Merge(copy, patch);
        return copy;
    }

    static void Merge(JsonObject into, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null) into.Remove(name);
            else if (value is not JsonObject fields) into[name] = Plain(value);
            else if (into.TryGetPropertyValue(name, out var old) && old is JsonObject inner) Merge(inner, fields);
            else into[name] = WithoutNulls(fields);
        }
    }

    /// <summary>Like upstream's library, objects inside lists lose their nulls too; nulls that are items stay.</summary>
    static JsonNode Plain(JsonNode value)
    {
        if (value is not JsonArray items) return value.DeepClone();
        var made = new JsonArray();
        foreach (var item in items) made.Add(item is JsonObject fields ? WithoutNulls(fields) : item is null ? null : Plain(item));
        return made;
    }

    /// <summary>A part of the patch that meets nothing: its nulls have nothing to remove.</summary>
    static JsonObject WithoutNulls(JsonObject patch)
    {
        var made = new JsonObject();
        Merge(made, patch);
        return made;
    }
}
