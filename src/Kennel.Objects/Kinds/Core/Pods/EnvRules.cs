using System.Text.Json.Nodes;

namespace Kennel.Objects.Kinds.Core.Pods;

static class EnvRules
{
    static readonly string[] s_fields =
    [
        "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName",
        "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs",
    ];

    static readonly string[] s_resources = ["limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory"];
    static readonly string[] s_sources = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"];

    public static void Check(JsonObject container, At at, Errors errors)
    {
        if (container.List("env") is { } vars)
        {
            for (var i = 0; i < vars.Count; i++) CheckVariable(vars[i] as JsonObject, at["env"][i], errors);
        }
        if (container.List("envFrom") is { } sources)
        {
            for (var i = 0; i < sources.Count; i++) CheckFrom(sources[i] as JsonObject, at["envFrom"], at["envFrom"][i], errors);
        }
    }

    static void CheckVariable(JsonObject? variable, At at, Errors errors)
    {
        if (variable.Text("name") is { Length: > 0 } name) errors.Unless(Names.EnvName(name), at["name"], name);
        else errors.Required(at["name"]);
        if (variable.Obj("valueFrom") is { } from) CheckSource(from, variable.Text("value") is { Length: > 0 }, at["valueFrom"], errors);
    }

    static void CheckSource(JsonObject from, bool hasValue, At at, Errors errors)
    {
        if (from.Obj("fieldRef") is { } field) CheckField(field, s_fields, at["fieldRef"], errors);
        if (from.Obj("resourceFieldRef") is { } resource) CheckResource(resource, at["resourceFieldRef"], errors, inVolume: false);
        if (from.Obj("configMapKeyRef") is { } map) CheckKey(map, at["configMapKeyRef"], errors);
        if (from.Obj("secretKeyRef") is { } secret) CheckKey(secret, at["secretKeyRef"], errors);
        var given = 0;
        foreach (var source in s_sources) given += from.Has(source) ? 1 : 0;
        if (given == 0) errors.Invalid(at, "", "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`");
        else if (hasValue) errors.Invalid(at, "", "may not be specified when `value` is not empty");
        else if (given > 1) errors.Invalid(at, "", "may not have more than one field specified at a time");
    }

    static void CheckKey(JsonObject selector, At at, Errors errors)
    {
        var name = selector.Text("name") ?? "";
        errors.Unless(Names.Subdomain(name), at["name"], name);
        if (selector.Text("key") is { Length: > 0 } key) errors.Unless(Names.DataKey(key), at["key"], key);
        else errors.Required(at["key"]);
    }

    public static void CheckField(JsonObject field, ReadOnlySpan<string> supported, At at, Errors errors)
    {
        if (field.Text("apiVersion") is null or "") errors.Required(at["apiVersion"]);
        else if (field.Text("fieldPath") is not { Length: > 0 } path) errors.Required(at["fieldPath"]);
        else if (Subscript(path) is var (map, key))
        {
            if (map is "metadata.annotations" or "metadata.labels") errors.Unless(Labels.KeyProblem(map == "metadata.labels" ? key : key.ToLowerInvariant()), at, key);
            else errors.Invalid(at, map, "does not support subscript");
        }
        else if (!supported.Contains(path)) NotAField(path, supported, at["fieldPath"], errors);
    }

    static void NotAField(string path, ReadOnlySpan<string> supported, At at, Errors errors)
    {
        if (path.StartsWith("metadata.", StringComparison.Ordinal) || path.StartsWith("spec.", StringComparison.Ordinal) || path.StartsWith("status.", StringComparison.Ordinal))
        {
            if (path is "metadata.annotations" or "metadata.labels" || supported.Contains(path) || Array.IndexOf(s_fields, path) >= 0)
            {
                errors.NotSupported(at, path, supported.ToArray());
                return;
            }
        }
        errors.Invalid(at, path, $"error converting fieldPath: field label not supported: {path}");
    }

    static (string Map, string Key)? Subscript(string path) =>
        path.EndsWith("']", StringComparison.Ordinal) && path.IndexOf("['", StringComparison.Ordinal) is var at and > 0 ? (path[..at], path[(at + 2)..^2]) : null;

    public static void CheckResource(JsonObject resource, At at, Errors errors, bool inVolume)
    {
        var name = resource.Text("resource") ?? "";
        if (inVolume && resource.Text("containerName") is null or "") errors.Required(at["containerName"]);
        else if (name.Length == 0) errors.Required(at["resource"]);
        else if (Array.IndexOf(s_resources, name) < 0 && !name.StartsWith("limits.hugepages-", StringComparison.Ordinal) && !name.StartsWith("requests.hugepages-", StringComparison.Ordinal))
            errors.NotSupported(at["resource"], name, s_resources);
    }

    static void CheckFrom(JsonObject? source, At all, At at, Errors errors)
    {
        if (source.Text("prefix") is { Length: > 0 } prefix) errors.Unless(Names.EnvName(prefix), at["prefix"], prefix);
        var given = 0;
        foreach (var kind in (ReadOnlySpan<string>)["configMapRef", "secretRef"])
        {
            if (source.Obj(kind) is not { } reference) continue;
            given++;
            if (reference.Text("name") is { Length: > 0 } name) errors.Unless(Names.Subdomain(name, prefix: true), at[kind]["name"], name);
            else errors.Required(at[kind]["name"]);
        }
        if (given == 0) errors.Invalid(all, "", "must specify one of: `configMapRef` or `secretRef`");
        else if (given > 1) errors.Invalid(all, "", "may not have more than one field specified at a time");
    }
}
