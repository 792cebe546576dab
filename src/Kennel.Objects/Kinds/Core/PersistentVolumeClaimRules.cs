using System.Text.Json.Nodes;
using Kennel.Objects.Kinds.Core.Pods;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Kinds.Core;

sealed class PersistentVolumeClaimRules(ResourceType type) : KindRules(type)
{
    const string BetaClass = "volume.beta.kubernetes.io/storage-class";

    public override bool HasGeneration => false;

    protected override JsonObject FirstStatus(JsonObject o, Occasion when) => new() { ["phase"] = "Pending" };

    protected override void Check(JsonObject o, Errors errors) => ClaimSpecRules.Check(o.Obj("spec"), "spec", errors);

    protected override void CheckUpdate(JsonObject o, JsonObject old, string? subresource, Errors errors)
    {
        if (subresource == "status") return;
        Check(o, errors);
        var (spec, was) = (o.Obj("spec"), old.Obj("spec"));
        if (spec is null || was is null) return;
        errors.Unchanged(((At)"metadata")["annotations"][BetaClass], o.Obj("metadata").Obj("annotations").Node(BetaClass), old.Obj("metadata").Obj("annotations").Node(BetaClass));
        CheckOnlyAllowed(spec, was, o, old, errors);
        CheckSize(spec, was, old, errors);
        errors.Unchanged("volumeMode", spec.Node("volumeMode"), was.Node("volumeMode"));
        if (was.Has("volumeAttributesClassName") && !spec.Has("volumeAttributesClassName")) errors.Forbidden("spec.volumeAttributesClassName", "update from non-nil value to nil is forbidden");
    }

    /// <summary>The volume is named once; a class is given once to a claim without one; a bound claim may ask for more.</summary>
    static void CheckOnlyAllowed(JsonObject spec, JsonObject was, JsonObject o, JsonObject old, Errors errors)
    {
        var munged = (JsonObject)spec.DeepClone();
        if (was.Text("volumeName") is null or "") munged.Remove("volumeName");
        if (!was.Has("storageClassName") && (!old.Obj("metadata").Obj("annotations").Has(BetaClass) || old.Obj("metadata").Obj("annotations").Text(BetaClass) == spec.Text("storageClassName")))
            munged.Remove("storageClassName");
        munged.Remove("volumeAttributesClassName");
        if (old.Obj("status").Text("phase") == "Bound" && munged.Obj("resources").Obj("requests") is { } requests && was.Obj("resources").Obj("requests").Node("storage") is { } size)
            requests["storage"] = size.DeepClone();
        if (!Same.Fields(munged, was, "volumeAttributesClassName"))
            errors.Forbidden("spec", $"spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n{Same.Differences(munged, was)}");
    }

    static void CheckSize(JsonObject spec, JsonObject was, JsonObject old, Errors errors)
    {
        var (size, before) = (spec.Obj("resources").Obj("requests").Text("storage"), was.Obj("resources").Obj("requests").Text("storage"));
        if (Amounts.Compare(size, before) < 0 && Amounts.Compare(size, old.Obj("status").Obj("capacity").Text("storage")) <= 0)
            errors.Forbidden("spec.resources.requests.storage", "field can not be less than status.capacity");
    }

    public override IReadOnlyList<string> Warnings(JsonObject o)
    {
        var warnings = new List<string>();
        if (o.Obj("metadata").Obj("annotations").Has(BetaClass))
            warnings.Add($"metadata.annotations[{BetaClass}]: deprecated since v1.8; use \"storageClassName\" attribute instead");
        PodWarnings.Fractions(o.Obj("spec").Obj("resources").Obj("requests"), "spec.resources.requests", warnings);
        return warnings;
    }
}
