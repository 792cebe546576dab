using System.Text.Json.Nodes;
using Kennel.Objects.Kinds.Core.Pods;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Kinds.Core;

sealed class PersistentVolumeRules(ResourceType type) : KindRules(type)
{
    static readonly string[] s_sources =
    [
        "hostPath", "gcePersistentDisk", "awsElasticBlockStore", "glusterfs", "flocker", "nfs", "rbd", "quobyte", "cephfs", "iscsi", "cinder", "fc", "flexVolume",
        "azureFile", "vsphereVolume", "photonPersistentDisk", "portworxVolume", "azureDisk", "scaleIO", "local", "storageos", "csi",
    ];

    public override bool HasGeneration => false;

    protected override JsonObject FirstStatus(JsonObject o, Occasion when) => new() { ["phase"] = "Pending", ["lastPhaseTransitionTime"] = Wire.Time(when.Now) };

    public override void PrepareForUpdate(JsonObject o, JsonObject old, string? subresource, Occasion when = default)
    {
        base.PrepareForUpdate(o, old, subresource, when);
        if (subresource == "status" && when != default && o.Obj("status") is { } status && status.Text("phase") != old.Obj("status").Text("phase"))
            status["lastPhaseTransitionTime"] = Wire.Time(when.Now);
    }

    protected override void Check(JsonObject o, Errors errors)
    {
        At at = "spec";
        var spec = o.Obj("spec");
        var modes = spec.List("accessModes");
        if (modes is not { Count: > 0 }) errors.Required(at["accessModes"]);
        ClaimSpecRules.AccessModes(modes, at["accessModes"], errors);
        Capacity(spec.Obj("capacity"), at["capacity"], errors);
        if (spec.Text("persistentVolumeReclaimPolicy") is { Length: > 0 } policy) errors.OneOf(at["persistentVolumeReclaimPolicy"], policy, "Delete", "Recycle", "Retain");
        if (spec.Obj("nodeAffinity").Obj("required") is { } node) AffinityRules.CheckNodeSelector(node, at["nodeAffinity"]["required"], errors);
        Source(spec, at, errors);
        if (spec.Text("storageClassName") is { Length: > 0 } name) errors.Unless(Names.Subdomain(name), at["storageClassName"], name);
        ClaimSpecRules.VolumeMode(spec, at, errors);
    }

    static void Capacity(JsonObject? capacity, At at, Errors errors)
    {
        if (capacity is not { Count: > 0 }) errors.Required(at);
        if (!capacity.Has("storage") || capacity!.Count > 1) errors.Add(Refusals.FieldError.NotSupported(at.ToString(), capacity?.DeepClone() ?? new JsonObject(), "storage"));
        foreach (var (name, amount) in capacity ?? [])
            if (Amounts.Sign(amount.AsText()) <= 0) errors.Invalid(at.Key(name), amount, "must be greater than zero");
    }

    static void Source(JsonObject? spec, At at, Errors errors)
    {
        var given = 0;
        foreach (var kind in s_sources)
        {
            if (spec.Obj(kind) is not { } source) continue;
            if (given++ > 0) errors.Forbidden(at[kind], "may not specify more than 1 volume type");
            else CheckSource(kind, source, spec, at, errors);
        }
        if (given == 0) errors.Required(at, "must specify a volume type");
    }

    static void CheckSource(string kind, JsonObject source, JsonObject? spec, At at, Errors errors)
    {
        switch (kind)
        {
            case "hostPath":
                VolumeRules.HostPath(source, at["hostPath"], errors);
                if (source.Text("path") is "/" && spec.Text("persistentVolumeReclaimPolicy") == "Recycle")
                    errors.Forbidden(at["persistentVolumeReclaimPolicy"], "may not be 'recycle' for a hostPath mount of '/'");
                break;
            case "nfs": VolumeRules.Nfs(source, at["nfs"], errors); break;
            case "local":
                if (source.Text("path") is not { Length: > 0 } path) errors.Required(at["local"]["path"]);
                else VolumePaths.CheckNoBackstep(path, at["local"]["path"], errors);
                if (!spec.Obj("nodeAffinity").Has("required")) errors.Required(at["nodeAffinity"], "Local volume requires node affinity");
                break;
            case "csi":
                foreach (var field in (ReadOnlySpan<string>)["driver", "volumeHandle"])
                    if (source.Text(field) is null or "") errors.Required(at["csi"][field]);
                break;
        }
    }

    protected override void CheckUpdate(JsonObject o, JsonObject old, string? subresource, Errors errors)
    {
        if (subresource == "status") return;
        Check(o, errors);
        var (spec, was) = (o.Obj("spec"), old.Obj("spec"));
        foreach (var kind in s_sources)
        {
            if (spec.Has(kind) == was.Has(kind) && Same.Values(spec.Node(kind), was.Node(kind))) continue;
            errors.Forbidden("spec.persistentvolumesource", $"spec.persistentvolumesource is immutable after creation\ndiffers: {kind}");
            break;
        }
        errors.Unchanged("volumeMode", spec.Node("volumeMode"), was.Node("volumeMode"));
        if (was.Has("nodeAffinity")) errors.Unchanged("nodeAffinity", spec.Node("nodeAffinity"), was.Node("nodeAffinity"));
    }

    public override IReadOnlyList<string> Warnings(JsonObject o) => o.Obj("spec").Text("persistentVolumeReclaimPolicy") != "Recycle" ? [] :
        ["spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning."];
}
