using System.Text.Json.Nodes;

namespace Kennel.Objects.Patches;

/// <summary>The words of a strategic merge patch that say how to merge and aren't part of the object.</summary>
static class Directives
{
    public const string Patch = "$patch";
    public const string RetainKeys = "$retainKeys";
    public const string SetElementOrder = "$setElementOrder/";
    public const string DeleteFromPrimitiveList = "$deleteFromPrimitiveList/";

    public static bool IsOne(string name) =>
        name.Length > 0 && name[0] == '$' && (name is Patch or RetainKeys || name.StartsWith(SetElementOrder, StringComparison.Ordinal) || name.StartsWith(DeleteFromPrimitiveList, StringComparison.Ordinal));

    /// <summary>The list that a directive is about, or null when the name is another.</summary>
    public static string? ListOf(string name, string directive) => name.StartsWith(directive, StringComparison.Ordinal) ? name[directive.Length..] : null;

    /// <summary>delete, replace, merge; null when an item has no directive.</summary>
    public static string? Of(JsonObject item) =>
        !item.TryGetPropertyValue(Patch, out var node) ? null : node is JsonValue value && value.TryGetValue<string>(out var text) ? text : node?.ToJsonString() ?? "null";

    /// <summary>A copy of a part of the patch that meets nothing in the object: without directives, nulls and items that are to be deleted.</summary>
    public static JsonNode? Plain(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject fields:
                var made = new JsonObject();
                foreach (var (name, value) in fields) if (value is not null && !IsOne(name)) made[name] = Plain(value);
                return made;
            case JsonArray items:
                var list = new JsonArray();
                foreach (var item in items)
                    if (item is not JsonObject fields || Of(fields) is not { } directive || (directive is not "delete" && fields.Count > 1)) list.Add(Plain(item));
                return list;
            default:
                return node?.DeepClone();
        }
    }
}
