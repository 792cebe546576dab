using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Objects.Kinds.Core.Pods;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Kinds.Core;

sealed class PodRules(ResourceType type) : KindRules(type)
{
    protected override IReadOnlyList<(string Path, string Absent)> Selectable { get; } =
    [
        ("spec.nodeName", ""), ("spec.restartPolicy", ""), ("spec.schedulerName", ""), ("spec.serviceAccountName", ""), ("spec.hostNetwork", "false"),
        ("status.phase", ""), ("status.podIP", ""), ("status.nominatedNodeName", ""),
    ];

    protected override void DefaultMore(JsonObject o) => PodDefaults.Pod(o);

    protected override JsonObject FirstStatus(JsonObject o, Occasion when) => new() { ["phase"] = "Pending", ["qosClass"] = PodQuality.Of(o.Obj("spec")) };

    public override void PrepareForUpdate(JsonObject o, JsonObject old, string? subresource, Occasion when = default)
    {
        base.PrepareForUpdate(o, old, subresource, when);
        switch (subresource)
        {
            case "status":
                var meta = o.Make("metadata");
                Keep("ownerReferences", meta, old.Obj("metadata") ?? []);
                Keep("deletionTimestamp", meta, old.Obj("metadata") ?? []);
                break;
            case "ephemeralcontainers":
                EphemeralRules.Keep(o, old);
                break;
            case "resize":
                ResizeRules.Keep(o, old);
                break;
        }
    }

    protected override void Check(JsonObject o, Errors errors)
    {
        var spec = o.Obj("spec");
        PodSpecRules.Check(spec, "spec", errors, isPod: true);
        if (spec.List("ephemeralContainers") is { Count: > 0 }) errors.Forbidden("spec.ephemeralContainers", "cannot be set on create");
        if (spec.Text("nodeName") is { Length: > 0 } && spec.List("schedulingGates") is { Count: > 0 })
            errors.Forbidden("spec.nodeName", "cannot be set until all schedulingGates have been cleared");
    }

    protected override void CheckUpdate(JsonObject o, JsonObject old, string? subresource, Errors errors)
    {
        if (subresource == "status") PodStatusRules.Check(o, old, errors);
        else if (subresource == "ephemeralcontainers") EphemeralRules.Check(o, old, errors);
        else if (subresource == "resize") ResizeRules.Check(o, old, errors);
        else PodUpdateRules.Check(o, old, errors);
    }

    public override IReadOnlyList<string> Warnings(JsonObject o) => PodWarnings.Of(o.Obj("spec"), "spec");

    public override IReadOnlyList<string> ResetFieldsFor(string? subresource) =>
        subresource == "status" ? ["spec", "metadata.deletionTimestamp", "metadata.ownerReferences"] : base.ResetFieldsFor(subresource);

    /// <summary>A pod that no node has, or that has finished, needs no grace.</summary>
    public override long GraceSeconds(JsonElement o, long? asked)
    {
        if (Walk.Text(o, "spec.nodeName") is null or "" || Walk.Text(o, "status.phase") is "Succeeded" or "Failed") return 0;
        var seconds = asked ?? (long.TryParse(Walk.Text(o, "spec.terminationGracePeriodSeconds"), out var own) ? own : 30);
        return seconds < 0 ? 1 : seconds;
    }
}
