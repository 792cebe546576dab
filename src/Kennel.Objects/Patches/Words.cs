using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kennel.Objects.Patches;

/// <summary>How upstream's messages call JSON values.</summary>
static class Words
{
    public static string Go(JsonNode? node) => node?.GetValueKind() switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "bool",
        _ => "null",
    };
}
