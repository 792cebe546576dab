using System.Text.Json.Nodes;
using Kennel.Objects.Kinds.Core;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Kinds.Batch;

sealed class JobRules(ResourceType type) : KindRules(type)
{
    const string UidLabel = "batch.kubernetes.io/controller-uid";

    public override DeletionPropagation DefaultPropagation => DeletionPropagation.Orphan;

    protected override IReadOnlyList<(string Path, string Absent)> Selectable { get; } = [("status.successful", "0")];

    public override string? Field(System.Text.Json.JsonElement o, string path) =>
        path == "status.successful" ? Walk.Text(o, "status.succeeded") ?? "0" : base.Field(o, path);

    public override void PrepareForCreate(JsonObject o, Occasion when)
    {
        base.PrepareForCreate(o, when);
        if (o.Obj("metadata").Text("uid") is { Length: > 0 } uid && o.Obj("spec") is { } spec && spec.Bool("manualSelector") != true && !spec.Has("selector"))
            OwnSelector(spec, uid, o.Obj("metadata").Text("name") ?? "");
    }

    /// <summary>A job selects its own pods by its uid, so that two jobs never share any.</summary>
    static void OwnSelector(JsonObject spec, string uid, string name)
    {
        var labels = spec.Make("template").Make("metadata").Make("labels");
        labels.Lack("controller-uid", uid);
        labels.Lack("job-name", name);
        labels.Lack("batch.kubernetes.io/job-name", name);
        labels[UidLabel] = uid;
        spec["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { [UidLabel] = uid } };
    }

    protected override void Check(JsonObject o, Errors errors)
    {
        CheckSpec(o.Obj("spec"), "spec", errors);
        if (o.Obj("spec").Obj("selector") is not { } selector) errors.Required("spec.selector");
        else if (o.Obj("spec").Obj("template").Obj("metadata").Obj("labels") is var labels && !Labels.Match(selector, labels))
            errors.Invalid("spec.template.metadata.labels", labels ?? [], TemplateRules.Mismatch);
    }

    public static void CheckSpec(JsonObject? spec, At at, Errors errors)
    {
        foreach (var count in (ReadOnlySpan<string>)["parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished"])
            errors.NotNegative(at[count], spec.Int(count));
        if (spec.Has("completionMode") && spec.Text("completionMode") is not ("NonIndexed" or "Indexed"))
            errors.NotSupported(at["completionMode"], spec.Text("completionMode") ?? "", "Indexed", "NonIndexed");
        TemplateRules.Check(spec.Obj("template"), at["template"], errors);
        if (spec.Obj("template").Obj("spec").Text("restartPolicy") is "Always")
            errors.NotSupported(at["template"]["spec"]["restartPolicy"], "Always", "OnFailure", "Never");
    }

    protected override void CheckUpdate(JsonObject o, JsonObject old, string? subresource, Errors errors)
    {
        if (subresource == "status") return;
        var (spec, was) = (o.Obj("spec"), old.Obj("spec"));
        Check(o, errors);
        errors.Unchanged("spec.selector", spec.Node("selector"), was.Node("selector"));
        errors.Unchanged("spec.template", spec.Node("template"), was.Node("template"));
        errors.Unchanged("spec.completionMode", spec.Node("completionMode"), was.Node("completionMode"));
        if (spec.Text("completionMode") != "Indexed") errors.Unchanged("spec.completions", spec.Node("completions"), was.Node("completions"));
    }

    public override IReadOnlyList<string> Warnings(JsonObject o) => TemplateRules.Warnings(o.Obj("spec").Obj("template"), "spec.template.spec");
}
