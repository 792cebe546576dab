using System.Text.Json.Nodes;
using Kennel.Objects.Kinds.Core;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Kinds.Apps;

sealed class DeploymentRules(ResourceType type) : KindRules(type)
{
    protected override void Check(JsonObject o, Errors errors)
    {
        At at = "spec";
        var spec = o.Obj("spec");
        errors.NotNegative(at["replicas"], spec.Int("replicas"));
        if (TemplateRules.CheckSelector(spec, "deployment", "invalid label selector", errors))
            TemplateRules.Check(spec.Obj("template"), at["template"], errors);
        TemplateRules.CheckKeptRunning(spec.Obj("template"), at["template"], "ReplicaSet", errors);
        Strategy(spec.Obj("strategy"), at["strategy"], errors);
        errors.NotNegative(at["minReadySeconds"], spec.Int("minReadySeconds"));
        errors.NotNegative(at["revisionHistoryLimit"], spec.Int("revisionHistoryLimit"));
        if (spec.Int("progressDeadlineSeconds") is not { } deadline) return;
        errors.NotNegative(at["progressDeadlineSeconds"], deadline);
        if (deadline <= (spec.Int("minReadySeconds") ?? 0)) errors.Invalid(at["progressDeadlineSeconds"], deadline, "must be greater than minReadySeconds");
    }

    static void Strategy(JsonObject? strategy, At at, Errors errors)
    {
        var rolling = strategy.Obj("rollingUpdate");
        switch (strategy.Text("type"))
        {
            case "Recreate":
                if (rolling is not null) errors.Forbidden(at["rollingUpdate"], "may not be specified when strategy `type` is 'Recreate'");
                break;
            case "RollingUpdate":
                if (rolling is null) errors.Required(at["rollingUpdate"], "this should be defaulted and never be nil");
                else Rolling(rolling, at["rollingUpdate"], errors);
                break;
            default:
                errors.NotSupported(at["type"], strategy.Text("type") ?? "", "Recreate", "RollingUpdate");
                break;
        }
    }

    static void Rolling(JsonObject rolling, At at, Errors errors)
    {
        var (unavailable, surge) = (rolling.Node("maxUnavailable"), rolling.Node("maxSurge"));
        IntOrPercent.Check(unavailable, at["maxUnavailable"], errors);
        IntOrPercent.Check(surge, at["maxSurge"], errors);
        if (IntOrPercent.IsZero(unavailable) && IntOrPercent.IsZero(surge)) errors.Invalid(at["maxUnavailable"], unavailable, "may not be 0 when `maxSurge` is 0");
        IntOrPercent.AtMostAll(unavailable, at["maxUnavailable"], errors);
    }

    protected override void CheckUpdate(JsonObject o, JsonObject old, string? subresource, Errors errors)
    {
        if (subresource == "status")
        {
            ReplicaCounts.Check(o.Obj("status"), errors, "updatedReplicas", "readyReplicas", "availableReplicas", "unavailableReplicas");
            return;
        }
        Check(o, errors);
        errors.Unchanged("spec.selector", o.Obj("spec").Node("selector"), old.Obj("spec").Node("selector"));
    }

    /// <summary>Annotations count too: what a rollout is called travels in them.</summary>
    public override bool SpecChanged(JsonObject o, JsonObject old) =>
        base.SpecChanged(o, old) || !Same.Values(o.Obj("metadata").Node("annotations"), old.Obj("metadata").Node("annotations"));

    public override IReadOnlyList<string> Warnings(JsonObject o) => TemplateRules.Warnings(o.Obj("spec").Obj("template"), "spec.template.spec");
}
