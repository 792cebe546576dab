using System.Text.Json.Nodes;

namespace Kennel.Objects.Kinds.Core.Pods;

/// <summary>Where a container sees the pod's volumes.</summary>
static class MountRules
{
    public static void Check(JsonObject container, PodContext pod, At at, Errors errors)
    {
        var (mounts, devices) = (container.List("volumeMounts"), container.List("volumeDevices"));
        if (mounts is not null) CheckMounts(container, mounts, devices, pod, at["volumeMounts"], errors);
        if (devices is not null) CheckDevices(devices, mounts, pod, at["volumeDevices"], errors);
    }

    static void CheckMounts(JsonObject container, JsonArray mounts, JsonArray? devices, PodContext pod, At at, Errors errors)
    {
        var paths = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < mounts.Count; i++)
        {
            var mount = mounts[i];
            var (name, path) = (mount.Text("name") ?? "", mount.Text("mountPath") ?? "");
            if (name.Length == 0) errors.Required(at[i]["name"]);
            if (!pod.Volumes.ContainsKey(name)) errors.NotFound(at[i]["name"], name);
            if (path.Length == 0) errors.Required(at[i]["mountPath"]);
            if (!paths.Add(path)) errors.Invalid(at[i]["mountPath"], path, "must be unique");
            if (Any(devices, "name", name)) errors.Invalid(at[i]["name"], name, "must not already exist in volumeDevices");
            if (Any(devices, "devicePath", path)) errors.Invalid(at[i]["mountPath"], path, "must not already exist as a path in volumeDevices");
            CheckSubPaths(mount, at, at[i], errors);
            if (mount.Text("mountPropagation") is { Length: > 0 } propagation) CheckPropagation(propagation, container, at["mountPropagation"], errors);
        }
    }

    static void CheckSubPaths(JsonNode? mount, At all, At at, Errors errors)
    {
        if (mount.Text("subPath") is { Length: > 0 } sub) VolumePaths.CheckDescending(sub, all["subPath"], errors);
        if (mount.Text("subPathExpr") is not { Length: > 0 } expression) return;
        if (mount.Text("subPath") is { Length: > 0 }) errors.Invalid(at["subPathExpr"], expression, "subPathExpr and subPath are mutually exclusive");
        VolumePaths.CheckDescending(expression, all["subPathExpr"], errors);
    }

    static void CheckPropagation(string propagation, JsonObject container, At at, Errors errors)
    {
        errors.OneOf(at, propagation, "Bidirectional", "HostToContainer", "None");
        if (propagation == "Bidirectional" && container.Obj("securityContext").Bool("privileged") != true)
            errors.Forbidden(at, "Bidirectional mount propagation is available only to privileged containers");
    }

    static void CheckDevices(JsonArray devices, JsonArray? mounts, PodContext pod, At at, Errors errors)
    {
        var (names, paths) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        for (var i = 0; i < devices.Count; i++)
        {
            var (name, path) = (devices[i].Text("name") ?? "", devices[i].Text("devicePath") ?? "");
            if (name.Length == 0) errors.Required(at[i]["name"]);
            else if (!names.Add(name)) errors.Invalid(at[i]["name"], name, "must be unique");
            if (!pod.Volumes.TryGetValue(name, out var volume)) errors.NotFound(at[i]["name"], name);
            else if (!volume.Has("persistentVolumeClaim") && !volume.Has("ephemeral"))
                errors.Invalid(at[i]["name"], name, "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode");
            if (path.Length == 0) errors.Required(at[i]["devicePath"]);
            else if (VolumePaths.HasBackstep(path)) errors.Invalid(at[i]["devicePath"], path, "can not contain backsteps ('..')");
            else if (!paths.Add(path)) errors.Invalid(at[i]["devicePath"], path, "must be unique");
            if (Any(mounts, "name", name)) errors.Invalid(at[i]["name"], name, "must not already exist in volumeMounts");
            if (Any(mounts, "mountPath", path)) errors.Invalid(at[i]["devicePath"], path, "must not already exist as a path in volumeMounts");
        }
    }

    static bool Any(JsonArray? items, string field, string value)
    {
        for (var i = 0; i < items?.Count; i++)
            if (items[i].Text(field) == value) return true;
        return false;
    }
}

/// <summary>Paths inside volumes and on the machine.</summary>
static class VolumePaths
{
    public static bool HasBackstep(string path)
    {
        foreach (var part in path.AsSpan().Split('/'))
            if (path.AsSpan(part) is "..") return true;
        return false;
    }

    public static void CheckNoBackstep(string path, At at, Errors errors)
    {
        if (HasBackstep(path)) errors.Invalid(at, path, "must not contain '..'");
    }

    public static void CheckDescending(string path, At at, Errors errors)
    {
        if (path.StartsWith('/')) errors.Invalid(at, path, "must be a relative path");
        CheckNoBackstep(path, at, errors);
    }
}
