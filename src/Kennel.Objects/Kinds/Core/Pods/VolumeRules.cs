using System.Text.Json.Nodes;

namespace Kennel.Objects.Kinds.Core.Pods;

/// <summary>The volumes of a pod: named once, each with exactly one source.</summary>
static class VolumeRules
{
    const string BadMode = "must be a number between 0 and 0777 (octal), both inclusive";

    static readonly string[] s_downward = ["metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"];
    static readonly Dictionary<string, JsonObject> s_none = [];

    /// <summary>The volumes that containers may mount, by name.</summary>
    public static IReadOnlyDictionary<string, JsonObject> Check(JsonArray? volumes, At at, Errors errors, IReadOnlySet<string>? claims)
    {
        if (volumes is not { Count: > 0 } && claims is not { Count: > 0 }) return s_none;
        var found = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        for (var i = 0; i < volumes?.Count; i++)
        {
            if (volumes[i] is not JsonObject volume) continue;
            var name = volume.Text("name") ?? "";
            if (claims?.Contains(name) == true) continue;
            var before = errors.Count;
            Source(volume, name, at[i], errors);
            if (name.Length == 0) errors.Required(at[i]["name"]);
            else errors.Unless(Names.Label(name), at[i]["name"], name);
            if (found.ContainsKey(name)) errors.Duplicate(at[i]["name"], name);
            if (errors.Count == before) found[name] = volume;
        }
        if (claims is not null)
            foreach (var claim in claims) found[claim] = new JsonObject { ["persistentVolumeClaim"] = new JsonObject() };
        return found;
    }

    static void Source(JsonObject volume, string name, At at, Errors errors)
    {
        var given = 0;
        foreach (var (kind, source) in volume)
        {
            if (kind == "name" || source is not JsonObject s) continue;
            if (given++ > 0) errors.Forbidden(at[kind], "may not specify more than 1 volume type");
            else Source(kind, s, at[kind], errors);
        }
        if (given == 0) errors.Required(at, "must specify a volume type");
    }

    static void Source(string kind, JsonObject source, At at, Errors errors)
    {
        switch (kind)
        {
            case "emptyDir":
                if (source.Text("sizeLimit") is { } limit && Amounts.Sign(limit) < 0) errors.Forbidden(at["sizeLimit"], "SizeLimit field must be a valid resource quantity");
                break;
            case "hostPath": HostPath(source, at, errors); break;
            case "secret":
                if (source.Text("secretName") is null or "") errors.Required(at["secretName"]);
                Items(source, at, errors);
                break;
            case "configMap":
                if (source.Text("name") is null or "") errors.Required(at["name"]);
                Items(source, at, errors);
                break;
            case "persistentVolumeClaim":
                if (source.Text("claimName") is null or "") errors.Required(at["claimName"]);
                break;
            case "nfs": Nfs(source, at, errors); break;
            case "downwardAPI": Mode(source, "defaultMode", at, errors); Downward(source.List("items"), at, errors); break;
            case "projected": Projected(source, at, errors); break;
            case "ephemeral":
                if (source.Obj("volumeClaimTemplate") is not { } template) errors.Required(at["volumeClaimTemplate"]);
                else ClaimSpecRules.Check(template.Obj("spec"), at["volumeClaimTemplate"]["spec"], errors);
                break;
        }
    }

    public static void HostPath(JsonObject source, At at, Errors errors)
    {
        var path = source.Text("path") ?? "";
        if (path.Length == 0) errors.Required(at["path"]);
        else VolumePaths.CheckNoBackstep(path, at["path"], errors);
        if (source.Text("type") is { Length: > 0 } type && type is not ("DirectoryOrCreate" or "Directory" or "FileOrCreate" or "File" or "Socket" or "CharDevice" or "BlockDevice"))
            errors.NotSupported(at["type"], type, "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket");
    }

    public static void Nfs(JsonObject source, At at, Errors errors)
    {
        if (source.Text("server") is null or "") errors.Required(at["server"]);
        if (source.Text("path") is not { Length: > 0 } path) errors.Required(at["path"]);
        else if (!path.StartsWith('/')) errors.Invalid(at["path"], path, "must be an absolute path");
    }

    static void Items(JsonObject source, At at, Errors errors)
    {
        Mode(source, "defaultMode", at, errors);
        if (source.List("items") is not { } items) return;
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i].Text("key") is null or "") errors.Required(at["items"][i]["key"]);
            ItemPath(items[i], at["items"][i], errors);
        }
    }

    static void ItemPath(JsonNode? item, At at, Errors errors)
    {
        if (item.Text("path") is not { Length: > 0 } path) errors.Required(at["path"]);
        else
        {
            VolumePaths.CheckDescending(path, at["path"], errors);
            if (path.StartsWith("..", StringComparison.Ordinal) && !VolumePaths.HasBackstep(path)) errors.Invalid(at["path"], path, "must not start with '..'");
        }
        Mode(item, "mode", at, errors);
    }

    static void Mode(JsonNode? source, string field, At at, Errors errors)
    {
        if (source.Int(field) is < 0 or > 511) errors.Invalid(at[field], source.Int(field), BadMode);
    }

    static void Downward(JsonArray? items, At at, Errors errors)
    {
        for (var i = 0; i < items?.Count; i++)
        {
            var item = items[i];
            ItemPath(item, at, errors);
            if (item.Obj("fieldRef") is { } field)
            {
                EnvRules.CheckField(field, s_downward, at["fieldRef"], errors);
                if (item.Has("resourceFieldRef")) errors.Invalid(at, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously");
            }
            else if (item.Obj("resourceFieldRef") is { } resource) EnvRules.CheckResource(resource, at["resourceFieldRef"], errors, inVolume: true);
            else errors.Required(at, "one of fieldRef and resourceFieldRef is required");
        }
    }

    static void Projected(JsonObject source, At at, Errors errors)
    {
        Mode(source, "defaultMode", at, errors);
        if (source.List("sources") is not { } sources) return;
        for (var i = 0; i < sources.Count; i++)
        {
            var given = 0;
            foreach (var (kind, value) in sources[i] as JsonObject ?? [])
            {
                if (value is not JsonObject part) continue;
                if (given++ > 0) errors.Forbidden(at["sources"][i][kind], "may not specify more than 1 volume type");
                else Projection(kind, part, at["sources"][i][kind], errors);
            }
            if (given == 0) errors.Required(at["sources"][i], "no volume source specified");
        }
    }

    static void Projection(string kind, JsonObject part, At at, Errors errors)
    {
        if (kind is "secret" or "configMap")
        {
            if (part.Text("name") is null or "") errors.Required(at["name"]);
            Items(part, at, errors);
        }
        else if (kind == "downwardAPI") Downward(part.List("items"), at, errors);
        else if (kind == "serviceAccountToken")
        {
            if (part.Int("expirationSeconds") < 600) errors.Invalid(at["expirationSeconds"], part.Int("expirationSeconds"), "may not specify a duration less than 10 minutes");
            ItemPath(part, at, errors);
        }
    }
}
