using System.Text.Json.Nodes;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Kinds.Core;

sealed class NamespaceRules(ResourceType type) : KindRules(type)
{
    const string NameLabel = "kubernetes.io/metadata.name";

    protected override IReadOnlyList<(string Path, string Absent)> Selectable { get; } = [("name", ""), ("status.phase", "")];

    public override string? Field(System.Text.Json.JsonElement o, string path) => path == "name" ? Walk.Text(o, "metadata.name") ?? "" : base.Field(o, path);

    public override bool HasGeneration => false;

    public override string? NameProblem(string name, bool prefix) => Names.Label(name, prefix);

    protected override void DefaultMore(JsonObject o)
    {
        if (o.Obj("metadata") is { } meta && meta.Text("name") is { Length: > 0 } name) meta.Make("labels")[NameLabel] = name;
    }

    protected override JsonObject FirstStatus(JsonObject o, Occasion when) => new() { ["phase"] = "Active" };

    /// <summary>The name may have been generated after the defaults, so the label is set here again.</summary>
    public override void PrepareForCreate(JsonObject o, Occasion when)
    {
        base.PrepareForCreate(o, when);
        DefaultMore(o);
        var spec = o.Make("spec");
        if (spec.List("finalizers") is not { } finalizers) spec["finalizers"] = finalizers = [];
        if (!finalizers.Any(f => f.AsText() == "kubernetes")) finalizers.Add("kubernetes");
    }

    public override void PrepareForUpdate(JsonObject o, JsonObject old, string? subresource, Occasion when = default)
    {
        base.PrepareForUpdate(o, old, subresource, when);
        if (subresource is null) Keep("finalizers", o.Make("spec"), old.Obj("spec") ?? []);
    }

    protected override void Check(JsonObject o, Errors errors)
    {
        var finalizers = o.Obj("spec").List("finalizers");
        for (var i = 0; i < finalizers?.Count; i++)
            if ((finalizers[i].AsText() ?? "") is var name && Labels.KeyProblem(name) is { } problem) errors.Unless(problem, "spec.finalizers", name);
    }

    protected override void CheckUpdate(JsonObject o, JsonObject old, string? subresource, Errors errors)
    {
        if (subresource == "finalize") Check(o, errors);
        if (subresource != "status") return;
        var terminating = o.Obj("metadata").Has("deletionTimestamp");
        var phase = o.Obj("status").Text("phase") ?? "";
        if (terminating && phase != "Terminating") errors.Invalid("status.Phase", phase, "may only be 'Terminating' if `deletionTimestamp` is not empty");
        if (!terminating && phase != "Active") errors.Invalid("status.Phase", phase, "may only be 'Active' if `deletionTimestamp` is empty");
    }
}
