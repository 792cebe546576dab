using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Objects.Refusals;
using Kennel.Objects.Schemas;
using Kennel.Server.Answers;
using Kennel.Server.Reading;
using Kennel.Server.Routing;
using Kennel.Server.Subresources;
using Kennel.Server.Writing;

namespace Kennel.Server.Figuring;

/// <summary>
/// <c>metrics.k8s.io</c>: what nodes and pods use now, for <c>kubectl top</c> and autoscalers. Nothing of it is stored: the objects that are
/// meant are read, and their nodes are asked. A pod or node of which nobody knows anything is left out of a list.
/// </summary>
static class Figures
{
    public const string Group = "metrics.k8s.io";

    /// <summary>Nodes that are asked at a time.</summary>
    const int AtOnce = 16;

    public static async ValueTask<ApiResponse> Handle(Call call, CancellationToken cancel)
    {
        var type = call.Parts.Catalog.Find("", "v1", call.Type.Plural)!;
        var meant = call with { Route = call.Route with { Type = type } };
        var selection = Selection.Of(meant);
        if (selection.Refusal is { } bad) return bad;
        var objects = (await List.Now(meant, selection.Value, cancel)).Select(e => Stored.Parse(e.Value)).ToList();
        if (call.Route.Verb == "get" && objects.Count == 0) return Refusal.NotFound(call.Type, call.Route.Name);
        var ofNodes = call.Type.Plural == "nodes";
        var nodes = objects.Select(o => ofNodes ? o.Name() : o.Object("spec").Text("nodeName")).Where(n => n.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        var summaries = await Ask(meant, [.. nodes], cancel);
        var found = objects.Select(o => ofNodes ? OfNode(call, o, summaries) : OfPod(call, o, summaries)).OfType<JsonObject>().ToList();
        if (call.Route.Verb == "get") return found.Count > 0 ? Encode.Finish(call, JsonSerializer.SerializeToUtf8Bytes(found[0])) : Refusal.NotFound(call.Type, call.Route.Name);
        var list = new JsonObject
        {
            ["kind"] = call.Type.Kind + "List", ["apiVersion"] = call.Type.ApiVersion, ["metadata"] = new JsonObject(), ["items"] = new JsonArray([.. found]),
        };
        return Encode.Finish(call, JsonSerializer.SerializeToUtf8Bytes(list));
    }

    static async ValueTask<Dictionary<string, JsonObject>> Ask(Call call, List<string> nodes, CancellationToken cancel)
    {
        var answers = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        if (call.Parts.AskNode is not { } ask) return answers;
        foreach (var some in nodes.Chunk(AtOnce))
        {
            var asked = new List<(string Node, ValueTask<ReadOnlyMemory<byte>?> Answer)>();
            foreach (var node in some)
            {
                var address = await PodStreams.Address(call, node, cancel);
                if (address.Refusal is null) asked.Add((node, ask(address.Value, $"/stats/summary?node={Uri.EscapeDataString(node)}", cancel)));
            }
            foreach (var (node, answer) in asked)
                if (await answer is { } document && Read(document) is { } summary) answers[node] = summary;
        }
        return answers;
    }

    /// <summary>Null when the node doesn't speak our language.</summary>
    static JsonObject? Read(ReadOnlyMemory<byte> document)
    {
        try { return JsonNode.Parse(document.Span) as JsonObject; }
        catch (JsonException) { return null; }
    }

    static JsonObject? OfNode(Call call, JsonObject node, Dictionary<string, JsonObject> summaries)
    {
        if (!summaries.TryGetValue(node.Name(), out var summary) || summary.Object("node") is not { } figures || figures.Object("cpu") is null) return null;
        var metrics = Begin(call, node, figures.Object("cpu").Text("time"));
        metrics["usage"] = UsageOf(figures);
        return metrics;
    }

    static JsonObject? OfPod(Call call, JsonObject pod, Dictionary<string, JsonObject> summaries)
    {
        if (!summaries.TryGetValue(pod.Object("spec").Text("nodeName"), out var summary)) return null;
        var uid = pod.Metadata().Text("uid");
        if (summary.Objects("pods").FirstOrDefault(p => p.Object("podRef").Text("uid") == uid) is not { } figures) return null;
        var containers = figures.Objects("containers").ToList();
        if (containers.Count == 0) return null;
        var metrics = Begin(call, pod, containers[0].Object("cpu").Text("time"));
        metrics["containers"] = new JsonArray([.. containers.Select(c => new JsonObject { ["name"] = c.Text("name"), ["usage"] = UsageOf(c) })]);
        return metrics;
    }

    static JsonObject Begin(Call call, JsonObject o, string time)
    {
        var metadata = new JsonObject();
        foreach (var field in (string[])["name", "namespace", "creationTimestamp", "labels"]) metadata.Copy(field, o.Metadata());
        return new()
        {
            ["kind"] = call.Type.Kind, ["apiVersion"] = call.Type.ApiVersion, ["metadata"] = metadata,
            ["timestamp"] = DateTimeOffset.TryParse(time, System.Globalization.CultureInfo.InvariantCulture, out var at) ? Objects.Wire.Time(at) : call.Now, ["window"] = "15s",
        };
    }

    static JsonObject UsageOf(JsonObject figures) => new()
    {
        ["cpu"] = $"{figures.Object("cpu").Number("usageNanoCores") ?? 0}n",
        ["memory"] = $"{(figures.Object("memory").Number("workingSetBytes") ?? 0) / 1024}Ki",
    };
}
