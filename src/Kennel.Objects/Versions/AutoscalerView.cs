using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kennel.Objects.Versions;

/// <summary>
/// Autoscalers of autoscaling/v1, which know the use of CPU only. What else version 2 says is kept in the annotations that upstream keeps it in.
/// </summary>
sealed class AutoscalerView : View
{
    public static readonly AutoscalerView Instance = new();

    const string Metrics = "autoscaling.alpha.kubernetes.io/metrics";
    const string CurrentMetrics = "autoscaling.alpha.kubernetes.io/current-metrics";
    const string Conditions = "autoscaling.alpha.kubernetes.io/conditions";
    const string Behavior = "autoscaling.alpha.kubernetes.io/behavior";

    public override (string Group, string Version) Stored => ("autoscaling", "v2");

    public override void ToStored(JsonObject o)
    {
        if (o["spec"] is JsonObject spec)
        {
            var metrics = new JsonArray();
            if (spec.Remove("targetCPUUtilizationPercentage", out var percent) && percent is not null) metrics.Add((JsonNode)Cpu("target", new() { ["type"] = "Utilization", ["averageUtilization"] = percent.DeepClone() }));
            Add(metrics, Taken(o, Metrics), MetricShape.ToNew);
            if (metrics.Count > 0) spec["metrics"] = metrics;
            if (Taken(o, Behavior) is JsonObject behavior) spec["behavior"] = behavior;
        }
        if (o["status"] is not JsonObject status) return;
        var current = new JsonArray();
        if (status.Remove("currentCPUUtilizationPercentage", out var now) && now is not null) current.Add((JsonNode)Cpu("current", new() { ["averageUtilization"] = now.DeepClone() }));
        Add(current, Taken(o, CurrentMetrics), MetricShape.ToNewStatus);
        if (current.Count > 0) status["currentMetrics"] = current;
        if (Taken(o, Conditions) is JsonArray conditions) status["conditions"] = conditions;
    }

    public override void FromStored(JsonObject o)
    {
        if (o["spec"] is JsonObject spec)
        {
            if (Split(spec, "metrics", "target", out var percent) is { } others) Keep(o, Metrics, new JsonArray([.. others.Select(m => (JsonNode)MetricShape.ToOld(m))]));
            if (percent is not null) spec["targetCPUUtilizationPercentage"] = percent;
            if (spec.Remove("behavior", out var behavior) && behavior is not null) Keep(o, Behavior, behavior);
        }
        if (o["status"] is not JsonObject status) return;
        if (Split(status, "currentMetrics", "current", out var now) is { } rest) Keep(o, CurrentMetrics, new JsonArray([.. rest.Select(m => (JsonNode)MetricShape.ToOldStatus(m))]));
        if (now is not null) status["currentCPUUtilizationPercentage"] = now;
        if (status.Remove("conditions", out var conditions) && conditions is JsonArray { Count: > 0 }) Keep(o, Conditions, conditions);
    }

    static JsonObject Cpu(string part, JsonObject value) => new() { ["type"] = "Resource", ["resource"] = new JsonObject { ["name"] = "cpu", [part] = value } };

    /// <summary>Takes the metrics away: the first that is the use of CPU as a percentage, and the others, null when there are none.</summary>
    static List<JsonObject>? Split(JsonObject owner, string field, string part, out JsonNode? percent)
    {
        percent = null;
        if (!owner.Remove(field, out var list) || list is not JsonArray metrics) return null;
        var others = new List<JsonObject>();
        foreach (var metric in metrics.OfType<JsonObject>())
        {
            if (percent is null && metric["resource"] is JsonObject resource && resource["name"]?.ToString() == "cpu" && resource[part]?["averageUtilization"] is { } use) percent = use.DeepClone();
            else others.Add(metric);
        }
        return others.Count == 0 ? null : others;
    }

    static void Add(JsonArray metrics, JsonNode? kept, Func<JsonObject, JsonObject> shape)
    {
        if (kept is JsonArray list) foreach (var metric in list.OfType<JsonObject>()) metrics.Add((JsonNode)shape(metric));
    }

    static void Keep(JsonObject o, string annotation, JsonNode value)
    {
        if (o["metadata"] is not JsonObject metadata) o["metadata"] = metadata = [];
        if (metadata["annotations"] is not JsonObject annotations) metadata["annotations"] = annotations = [];
        annotations[annotation] = value.ToJsonString();
    }

    /// <summary>What an annotation keeps, which is taken away; null when it isn't there or is no JSON.</summary>
    static JsonNode? Taken(JsonObject o, string annotation)
    {
        if (o["metadata"]?["annotations"] is not JsonObject annotations || !annotations.Remove(annotation, out var text) || text is null) return null;
        try
        {
            return JsonNode.Parse(text.ToString(), documentOptions: new JsonDocumentOptions { MaxDepth = Json.Depth });
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
