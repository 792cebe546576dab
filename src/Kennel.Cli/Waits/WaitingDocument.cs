using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kennel.Cli.Waits;

/// <summary>Who waits for what, as the program serves it to its own <c>kennel status</c>.</summary>
static class WaitingDocument
{
    public static byte[] Of(IEnumerable<Wait> waits) => Encoding.UTF8.GetBytes(new JsonArray([.. waits.Select(w => (JsonNode)Of(w))]).ToJsonString());

    public static JsonObject Of(Wait w)
    {
        var json = new JsonObject
        {
            ["by"] = w.By, ["resource"] = w.Resource, ["namespace"] = w.Key.Namespace, ["name"] = w.Key.Name,
            ["for"] = w.For, ["since"] = Text(w.Since), ["failures"] = w.Failures,
        };
        if (w.RetryAt is { } at) json["retryAt"] = Text(at);
        return json;
    }

    public static ImmutableArray<Wait> Read(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateArray().Select(Read)];
    }

    static Wait Read(JsonElement w) => new(
        w.GetProperty("by").GetString()!, w.GetProperty("resource").GetString()!, new(w.GetProperty("namespace").GetString()!, w.GetProperty("name").GetString()!),
        w.GetProperty("for").GetString()!, w.GetProperty("failures").GetInt32(), w.GetProperty("since").GetDateTimeOffset(),
        w.TryGetProperty("retryAt", out var at) ? at.GetDateTimeOffset() : null);

    static string Text(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
