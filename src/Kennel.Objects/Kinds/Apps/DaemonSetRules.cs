using System.Text.Json.Nodes;
using Kennel.Objects.Kinds.Core;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Kinds.Apps;

sealed class DaemonSetRules(ResourceType type) : KindRules(type)
{
    protected override JsonObject FirstStatus(JsonObject o, Occasion when) =>
        new() { ["currentNumberScheduled"] = 0L, ["desiredNumberScheduled"] = 0L, ["numberMisscheduled"] = 0L, ["numberReady"] = 0L };

    public override void PrepareForCreate(JsonObject o, Occasion when)
    {
        base.PrepareForCreate(o, when);
        TemplateGeneration.Begin(o);
    }

    public override void PrepareForUpdate(JsonObject o, JsonObject old, string? subresource, Occasion when = default)
    {
        base.PrepareForUpdate(o, old, subresource, when);
        if (subresource != "status") TemplateGeneration.Follow(o, old);
    }

    protected override void Check(JsonObject o, Errors errors)
    {
        At at = "spec";
        var spec = o.Obj("spec");
        TemplateRules.CheckSelector(spec, "daemonset", unreadable: null, errors);
        TemplateRules.Check(spec.Obj("template"), at["template"], errors);
        TemplateRules.CheckKeptRunning(spec.Obj("template"), at["template"], "DaemonSet", errors);
        errors.NotNegative(at["minReadySeconds"], spec.Int("minReadySeconds"));
        Strategy(spec.Obj("updateStrategy"), at["updateStrategy"], errors);
        errors.NotNegative(at["revisionHistoryLimit"], spec.Int("revisionHistoryLimit"));
    }

    static void Strategy(JsonObject? strategy, At at, Errors errors)
    {
        if (strategy.Text("type") is not ("RollingUpdate" or "OnDelete")) errors.NotSupported(at["type"], strategy.Text("type") ?? "", "RollingUpdate", "OnDelete");
        if (strategy.Text("type") != "RollingUpdate") return;
        if (strategy.Obj("rollingUpdate") is not { } rolling)
        {
            errors.Required(at["rollingUpdate"]);
            return;
        }
        var (unavailable, surge) = (rolling.Node("maxUnavailable"), rolling.Node("maxSurge"));
        IntOrPercent.Check(unavailable, at["rollingUpdate"]["maxUnavailable"], errors);
        IntOrPercent.Check(surge, at["rollingUpdate"]["maxSurge"], errors);
        if (IntOrPercent.IsZero(unavailable) && IntOrPercent.IsZero(surge)) errors.Required(at["rollingUpdate"]["maxUnavailable"], "cannot be 0 when maxSurge is 0");
        else if (!IntOrPercent.IsZero(unavailable) && !IntOrPercent.IsZero(surge)) errors.Invalid(at["rollingUpdate"]["maxSurge"], surge, "may not be set when maxUnavailable is non-zero");
        IntOrPercent.AtMostAll(unavailable, at["rollingUpdate"]["maxUnavailable"], errors);
        IntOrPercent.AtMostAll(surge, at["rollingUpdate"]["maxSurge"], errors);
    }

    protected override void CheckUpdate(JsonObject o, JsonObject old, string? subresource, Errors errors)
    {
        if (subresource == "status")
        {
            foreach (var count in (ReadOnlySpan<string>)["currentNumberScheduled", "numberMisscheduled", "desiredNumberScheduled", "numberReady", "observedGeneration", "updatedNumberScheduled", "numberAvailable", "numberUnavailable", "collisionCount"])
                errors.NotNegative(((At)"status")[count], o.Obj("status").Int(count));
            return;
        }
        Check(o, errors);
        errors.Unchanged("spec.selector", o.Obj("spec").Node("selector"), old.Obj("spec").Node("selector"));
    }

    public override IReadOnlyList<string> Warnings(JsonObject o) => TemplateRules.Warnings(o.Obj("spec").Obj("template"), "spec.template.spec");
}
