using System.Text.Json.Nodes;

namespace Kennel.Objects.Kinds.Core;

/// <summary>What a claim asks for: in a claim, in a set's claim templates, in ephemeral volumes.</summary>
static class ClaimSpecRules
{
    static readonly string[] s_modes = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];

    public static void Check(JsonObject? spec, At at, Errors errors)
    {
        var modes = spec.List("accessModes");
        if (modes is not { Count: > 0 }) errors.Required(at["accessModes"], "at least 1 access mode is required");
        Labels.CheckSelector(spec.Obj("selector"), at["selector"], errors);
        AccessModes(modes, at["accessModes"], errors);
        Size(spec.Obj("resources").Obj("requests").Text("storage"), at["resources"].Key("storage"), errors);
        if (spec.Text("storageClassName") is { Length: > 0 } name) errors.Unless(Names.Subdomain(name), at["storageClassName"], name);
        VolumeMode(spec, at, errors);
        DataSource(spec.Obj("dataSource"), at["dataSource"], errors);
        DataSource(spec.Obj("dataSourceRef"), at["dataSourceRef"], errors);
        if (spec.Text("volumeAttributesClassName") is { Length: > 0 } attributes) errors.Unless(Names.Subdomain(attributes), at["volumeAttributesClassName"], attributes);
    }

    public static void AccessModes(JsonArray? modes, At at, Errors errors)
    {
        var (alone, others) = (false, false);
        for (var i = 0; i < modes?.Count; i++)
        {
            var mode = modes[i].AsText() ?? "";
            if (Array.IndexOf(s_modes, mode) < 0) errors.NotSupported(at, mode, s_modes);
            else if (mode == "ReadWriteOncePod") alone = true;
            else others = true;
        }
        if (alone && others) errors.Forbidden(at, "may not use ReadWriteOncePod with other access modes");
    }

    static void Size(string? size, At at, Errors errors)
    {
        if (size is null) errors.Required(at);
        else if (Amounts.Sign(size) <= 0) errors.Invalid(at, size, "must be greater than zero");
    }

    public static void VolumeMode(JsonObject? spec, At at, Errors errors)
    {
        if (spec.Text("volumeMode") is { } mode && mode is not ("Block" or "Filesystem")) errors.NotSupported(at["volumeMode"], mode, "Block", "Filesystem");
    }

    static void DataSource(JsonObject? source, At at, Errors errors)
    {
        if (source is null) return;
        if (source.Text("name") is null or "") errors.Required(at["name"]);
        if (source.Text("kind") is not { Length: > 0 } kind) errors.Required(at["kind"]);
        else if (source.Text("apiGroup") is null or "" && kind != "PersistentVolumeClaim") errors.Invalid(at, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup");
    }
}
