using System.Text.Json.Nodes;

namespace Kennel.Objects.Kinds.Autoscaling;

/// <summary>What an autoscaler goes by.</summary>
static class MetricRules
{
    static readonly Dictionary<string, string> s_fields = new(StringComparer.Ordinal)
    {
        ["ContainerResource"] = "containerResource", ["External"] = "external", ["Object"] = "object", ["Pods"] = "pods", ["Resource"] = "resource",
    };

    public static void Check(JsonObject? metric, At at, Errors errors)
    {
        var type = metric.Text("type") ?? "";
        if (type.Length == 0) errors.Required(at["type"], "must specify a metric source type");
        else if (!s_fields.ContainsKey(type)) errors.NotSupported(at["type"], type, s_fields.Keys);
        var expected = s_fields.GetValueOrDefault(type);
        if (expected is not null && !metric.Has(expected)) errors.Required(at[expected], "must populate information for the given metric source");
        foreach (var field in s_fields.Values)
            if (field != expected && metric.Has(field) && expected is not null) errors.Forbidden(at[field], "must populate the given metric source only");
        if (expected is null || metric.Obj(expected) is not { } source) return;
        CheckSource(type, source, at[expected], errors);
    }

    static void CheckSource(string type, JsonObject source, At at, Errors errors)
    {
        var target = source.Obj("target");
        if (type is "Resource" or "ContainerResource")
        {
            if (source.Text("name") is null or "") errors.Required(at["name"], "must specify a resource name");
            if (type == "ContainerResource" && source.Text("container") is null or "") errors.Required(at["container"], "must specify a container");
        }
        else if (source.Obj("metric").Text("name") is not { Length: > 0 } name) errors.Required(at["metric"]["name"], "must specify a metric name");
        else errors.Unless(Names.PathSegment(name), at["metric"]["name"], name);
        if (type == "Object") AutoscalerRules.CheckTarget(source.Obj("describedObject"), at["describedObject"], errors);
        CheckTarget(target, at["target"], errors);
        switch (type)
        {
            case "Resource" or "ContainerResource":
                if (target.Has("averageUtilization") && target.Has("averageValue")) errors.Forbidden(at["target"]["averageValue"], "may not set both a target raw value and a target utilization");
                if (!target.Has("averageUtilization") && !target.Has("averageValue")) errors.Required(at["target"]["averageUtilization"], "must set either a target raw value or a target utilization");
                break;
            case "Pods":
                if (Amounts.Sign(target.Text("averageValue")) <= 0) errors.Required(at["target"]["averageValue"], "must specify a positive target averageValue");
                break;
            default:
                if (!target.Has("value") && !target.Has("averageValue")) errors.Required(at["target"]["averageValue"], "must set either a target value or averageValue");
                if (type == "External" && target.Has("value") && target.Has("averageValue")) errors.Forbidden(at["target"]["value"], "may not set both a target value for metric and a per-pod target");
                break;
        }
    }

    static void CheckTarget(JsonObject? target, At at, Errors errors)
    {
        if (target.Text("type") is null or "") errors.Required(at["type"], "must specify a metric target type");
        else if (target.Text("type") is not ("Utilization" or "Value" or "AverageValue")) errors.Invalid(at["type"], target.Text("type"), "must be either Utilization, Value, or AverageValue");
        if (target.Has("value") && Amounts.Sign(target.Text("value")) <= 0) errors.Invalid(at["value"], target.Text("value"), "must be positive");
        if (target.Int("averageUtilization") < 1) errors.Invalid(at["averageUtilization"], target.Int("averageUtilization"), "must be greater than 0");
        if (target.Has("averageValue") && Amounts.Sign(target.Text("averageValue")) <= 0) errors.Invalid(at["averageValue"], target.Text("averageValue"), "must be positive");
    }
}
