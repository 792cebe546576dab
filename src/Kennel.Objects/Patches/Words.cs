using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kennel.Objects.Patches;

/// <summary>How upstream's messages call JSON values.</summary>
public static class Words
{
    /// <summary>A document as Go prints a map: <c>map[spec:map[replicas:3]]</c>, sorted. Upstream shows strategic merge patches so.</summary>
    public static string GoMap(JsonNode? node) => node switch
    {
        null => "<nil>",
        JsonObject map => $"map[{string.Join(' ', map.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}:{GoMap(p.Value)}"))}]",
        JsonArray list => $"[{string.Join(' ', list.Select(GoMap))}]",
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        _ => node.ToJsonString(),
    };

    internal static string Go(JsonNode? node) => node?.GetValueKind() switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "bool",
        _ => "null",
    };
}
