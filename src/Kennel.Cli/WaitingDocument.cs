using System.Text;
using System.Text.Json.Nodes;
using Kennel.Client.Running;

namespace Kennel.Cli;

/// <summary>Who waits for what, as JSON: what <c>kennel status</c> shows.</summary>
static class WaitingDocument
{
    public static byte[] Of(IEnumerable<Waiting> waiting)
    {
        var all = new JsonArray();
        foreach (var w in waiting)
            all.Add((JsonNode)new JsonObject
            {
                ["controller"] = w.Controller, ["key"] = w.Key.ToString(), ["for"] = w.For ?? $"another try: {w.Problem}", ["failures"] = w.Failures,
            });
        return Encoding.UTF8.GetBytes(all.ToJsonString());
    }
}
