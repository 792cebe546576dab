using System.Text.Json.Nodes;

namespace Kennel.Objects.Versions;

/// <summary>One metric of an autoscaler in the shape of version 2, and in the flat one of version 1's annotations.</summary>
static class MetricShape
{
    static readonly string[] s_sources = ["resource", "containerResource", "pods", "object", "external"];

    public static JsonObject ToOld(JsonObject metric) => Each(metric, (source, m) => Flat(source, m, "target", ("value", "targetValue"), ("averageValue", source == "object" ? "averageValue" : "targetAverageValue"), ("averageUtilization", "targetAverageUtilization")));

    public static JsonObject ToOldStatus(JsonObject metric) => Each(metric, (source, m) => Flat(source, m, "current", ("value", "currentValue"), ("averageValue", source == "object" ? "averageValue" : "currentAverageValue"), ("averageUtilization", "currentAverageUtilization")));

    public static JsonObject ToNew(JsonObject metric) => Each(metric, (source, m) => Deep(source, m, "target", typed: true, ("targetValue", "value"), (source == "object" ? "averageValue" : "targetAverageValue", "averageValue"), ("targetAverageUtilization", "averageUtilization")));

    public static JsonObject ToNewStatus(JsonObject metric) => Each(metric, (source, m) => Deep(source, m, "current", typed: false, ("currentValue", "value"), (source == "object" ? "averageValue" : "currentAverageValue", "averageValue"), ("currentAverageUtilization", "averageUtilization")));

    static JsonObject Each(JsonObject metric, Func<string, JsonObject, JsonObject> change)
    {
        var made = metric.DeepClone().AsObject();
        foreach (var source in s_sources)
            if (made[source] is JsonObject inner) made[source] = change(source, inner.DeepClone().AsObject());
        return made;
    }

    static JsonObject Flat(string source, JsonObject m, string part, params ReadOnlySpan<(string From, string To)> names)
    {
        if (m.Remove(part, out var value) && value is JsonObject amounts)
            foreach (var (from, to) in names) if (amounts[from] is { } amount) m[to] = amount.DeepClone();
        if (m.Remove("metric", out var named) && named is JsonObject metric)
        {
            if (metric["name"] is { } name) m["metricName"] = name.DeepClone();
            if (metric["selector"] is { } selector) m[source == "external" ? "metricSelector" : "selector"] = selector.DeepClone();
        }
        if (source == "object" && m.Remove("describedObject", out var described) && described is not null) m["target"] = described;
        return m;
    }

    static JsonObject Deep(string source, JsonObject m, string part, bool typed, params ReadOnlySpan<(string From, string To)> names)
    {
        if (source == "object" && m.Remove("target", out var described) && described is not null) m["describedObject"] = described;
        var amounts = new JsonObject();
        foreach (var (from, to) in names) if (m.Remove(from, out var amount) && amount is not null) amounts[to] = amount;
        if (typed) amounts["type"] = amounts["averageUtilization"] is not null ? "Utilization" : amounts["averageValue"] is not null ? "AverageValue" : "Value";
        m[part] = amounts;
        if (m.Remove("metricName", out var name))
        {
            var metric = new JsonObject { ["name"] = name };
            if (m.Remove(source == "external" ? "metricSelector" : "selector", out var selector)) metric["selector"] = selector;
            m["metric"] = metric;
        }
        return m;
    }
}
