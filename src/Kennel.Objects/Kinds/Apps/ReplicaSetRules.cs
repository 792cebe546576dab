using System.Text.Json.Nodes;
using Kennel.Objects.Kinds.Core;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Kinds.Apps;

sealed class ReplicaSetRules(ResourceType type) : KindRules(type)
{
    protected override IReadOnlyList<(string Path, string Absent)> Selectable { get; } = [("status.replicas", "0")];

    protected override JsonObject FirstStatus(JsonObject o, Occasion when) => new() { ["replicas"] = 0L };

    protected override void Check(JsonObject o, Errors errors)
    {
        At at = "spec";
        var spec = o.Obj("spec");
        errors.NotNegative(at["replicas"], spec.Int("replicas"));
        errors.NotNegative(at["minReadySeconds"], spec.Int("minReadySeconds"));
        if (TemplateRules.CheckSelector(spec, "deployment", "invalid label selector", errors)) // upstream's word, for replica sets too
            TemplateRules.Check(spec.Obj("template"), at["template"], errors);
        TemplateRules.CheckKeptRunning(spec.Obj("template"), at["template"], "ReplicaSet", errors);
    }

    protected override void CheckUpdate(JsonObject o, JsonObject old, string? subresource, Errors errors)
    {
        if (subresource == "status")
        {
            ReplicaCounts.Check(o.Obj("status"), errors, "fullyLabeledReplicas", "readyReplicas", "availableReplicas");
            return;
        }
        Check(o, errors);
        errors.Unchanged("spec.selector", o.Obj("spec").Node("selector"), old.Obj("spec").Node("selector"));
    }

    public override IReadOnlyList<string> Warnings(JsonObject o) => TemplateRules.Warnings(o.Obj("spec").Obj("template"), "spec.template.spec");
}
