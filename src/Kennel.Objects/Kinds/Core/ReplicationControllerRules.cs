using System.Text.Json.Nodes;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Kinds.Core;

sealed class ReplicationControllerRules(ResourceType type) : KindRules(type)
{
    protected override IReadOnlyList<(string Path, string Absent)> Selectable { get; } = [("status.replicas", "0")];

    public override DeletionPropagation DefaultPropagation => DeletionPropagation.Orphan;

    protected override JsonObject FirstStatus(JsonObject o, Occasion when) => new() { ["replicas"] = 0L };

    /// <summary>Selector and labels follow the template's labels when they are left out.</summary>
    protected override void DefaultMore(JsonObject o)
    {
        var spec = o.Obj("spec");
        if (spec.Obj("template").Obj("metadata").Obj("labels") is not { } labels) return;
        if (spec.Obj("selector") is not { Count: > 0 }) spec!["selector"] = labels.DeepClone();
        if (o.Obj("metadata").Obj("labels") is not { Count: > 0 }) o.Make("metadata")["labels"] = labels.DeepClone();
    }

    protected override void Check(JsonObject o, Errors errors)
    {
        At at = "spec";
        var spec = o.Obj("spec");
        errors.NotNegative(at["minReadySeconds"], spec.Int("minReadySeconds"));
        if (spec.Obj("selector") is not { Count: > 0 } selector) errors.Required(at["selector"]);
        else if (spec.Obj("template").Obj("metadata").Obj("labels") is var labels && !Labels.MatchAll(selector, labels))
            errors.Invalid(at["template"]["metadata"]["labels"], labels ?? [], TemplateRules.Mismatch);
        errors.NotNegative(at["replicas"], spec.Int("replicas"));
        if (spec.Obj("template") is not { } template)
        {
            errors.Required(at["template"]);
            return;
        }
        TemplateRules.Check(template, at["template"], errors);
        TemplateRules.CheckKeptRunning(template, at["template"], "ReplicationController", errors);
    }

    protected override void CheckUpdate(JsonObject o, JsonObject old, string? subresource, Errors errors)
    {
        if (subresource == "status") ReplicaCounts.Check(o.Obj("status"), errors, "fullyLabeledReplicas", "readyReplicas", "availableReplicas");
        else Check(o, errors);
    }

    public override IReadOnlyList<string> Warnings(JsonObject o) => TemplateRules.Warnings(o.Obj("spec").Obj("template"), "spec.template.spec");
}

/// <summary>Counts in the status of a workload.</summary>
static class ReplicaCounts
{
    public static void Check(JsonObject? status, Errors errors, params ReadOnlySpan<string> counts)
    {
        At at = "status";
        var all = status.Int("replicas") ?? 0;
        errors.NotNegative(at["replicas"], all);
        foreach (var count in counts) errors.NotNegative(at[count], status.Int(count));
        errors.NotNegative(at["observedGeneration"], status.Int("observedGeneration"));
        foreach (var count in counts)
            if (status.Int(count) > all) errors.Invalid(at[count], status.Int(count), "cannot be greater than status.replicas");
    }
}
