using System.Text.Json.Nodes;
using Kennel.Objects.Schemas;

namespace Kennel.Objects.Kinds.Networking;

sealed class IngressRules(ResourceType type) : KindRules(type)
{
    static readonly string[] s_sequences = ["//", "/./", "/../", "%2f", "%2F"];
    static readonly string[] s_endings = ["/..", "/."];

    protected override void Check(JsonObject o, Errors errors)
    {
        At at = "spec";
        var spec = o.Obj("spec");
        if (spec.List("rules") is not { Count: > 0 } && !spec.Has("defaultBackend")) errors.Invalid(at, new JsonArray(), "either `defaultBackend` or `rules` must be specified");
        if (spec.Obj("defaultBackend") is { } backend) CheckBackend(backend, at["defaultBackend"], errors);
        var rules = spec.List("rules");
        for (var i = 0; i < rules?.Count; i++) CheckRule(rules[i] as JsonObject, at["rules"][i], errors);
        var tls = spec.List("tls");
        for (var i = 0; i < tls?.Count; i++)
            for (var j = 0; j < tls[i].List("hosts")?.Count; j++) CheckHost(tls[i].List("hosts")![j].AsText() ?? "", at["tls"][i]["hosts"][j], errors);
        if (spec.Text("ingressClassName") is { } name) errors.Unless(Names.Subdomain(name), at["ingressClassName"], name);
    }

    static void CheckRule(JsonObject? rule, At at, Errors errors)
    {
        if (rule.Text("host") is { Length: > 0 } host)
        {
            if (System.Net.IPAddress.TryParse(host, out _)) errors.Invalid(at["host"], host, "must be a DNS name, not an IP address");
            CheckHost(host, at["host"], errors);
        }
        if (rule.Obj("http") is not { } http) return;
        var paths = http.List("paths");
        if (paths is not { Count: > 0 }) errors.Required(at["http"]["paths"]);
        for (var i = 0; i < paths?.Count; i++) CheckPath(paths[i] as JsonObject, at["http"]["paths"][i], errors);
    }

    static void CheckHost(string host, At at, Errors errors)
    {
        if (host.Length == 0) return;
        if (!host.StartsWith("*.", StringComparison.Ordinal)) errors.Unless(Names.Subdomain(host), at, host);
        else if (Names.Subdomain(host[2..]) is not null)
            errors.Invalid(at, host, "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')");
    }

    static void CheckPath(JsonObject? one, At at, Errors errors)
    {
        var path = one.Text("path") ?? "";
        switch (one.Text("pathType"))
        {
            case null or "":
                errors.Required(at["pathType"], "pathType must be specified");
                break;
            case "Exact" or "Prefix":
                if (!path.StartsWith('/')) errors.Invalid(at["path"], path, "must be an absolute path");
                foreach (var sequence in s_sequences.Where(s => path.Contains(s, StringComparison.Ordinal))) errors.Invalid(at["path"], path, $"must not contain '{sequence}'");
                foreach (var ending in s_endings.Where(s => path.EndsWith(s, StringComparison.Ordinal))) errors.Invalid(at["path"], path, $"cannot end with '{ending}'");
                break;
            case "ImplementationSpecific":
                if (path.Length > 0 && !path.StartsWith('/')) errors.Invalid(at["path"], path, "must be an absolute path");
                break;
            case var other:
                errors.NotSupported(at["pathType"], other, "Exact", "ImplementationSpecific", "Prefix");
                break;
        }
        CheckBackend(one.Obj("backend"), at["backend"], errors);
    }

    static void CheckBackend(JsonObject? backend, At at, Errors errors)
    {
        var (service, resource) = (backend.Obj("service"), backend.Obj("resource"));
        if (service is not null && resource is not null) errors.Invalid(at, "", "cannot set both resource and service backends");
        else if (resource is not null)
        {
            if (resource.Text("kind") is null or "") errors.Required(at["resource"]["kind"]);
            if (resource.Text("name") is null or "") errors.Required(at["resource"]["name"]);
        }
        else if (service is not null) CheckService(service, at["service"], errors);
        else errors.Invalid(at, "", "resource or service backend is required");
    }

    static void CheckService(JsonObject service, At at, Errors errors)
    {
        if (service.Text("name") is not { Length: > 0 } name) errors.Required(at["name"]);
        else errors.Unless(Names.Label1035(name), at["name"], name);
        var (number, named) = (service.Obj("port").Int("number") ?? 0, service.Obj("port").Text("name") ?? "");
        if (number != 0 && named.Length > 0) errors.Invalid(at, "", "cannot set both port name & port number");
        else if (named.Length > 0) errors.Unless(Names.PortName(named), at["port"]["name"], named);
        else if (number != 0) errors.Unless(Names.Port(number), at["port"]["number"], number);
        else errors.Required(at, "port name or number is required");
    }
}

sealed class IngressClassRules(ResourceType type) : KindRules(type)
{
    const int Longest = 250;

    protected override void Check(JsonObject o, Errors errors)
    {
        At at = "spec";
        var controller = o.Obj("spec").Text("controller") ?? "";
        if (controller.Length > Longest) errors.TooLong(at["controller"], Longest);
        if (controller.IndexOf('/') is <= 0 || controller.EndsWith('/')) errors.Invalid(at["controller"], controller, "must be a domain-prefixed path (such as \"acme.io/foo\")");
        if (o.Obj("spec").Obj("parameters") is not { } parameters) return;
        foreach (var field in (ReadOnlySpan<string>)["kind", "name"])
            if (parameters.Text(field) is null or "") errors.Required(at["parameters"][field], $"{field} is required");
        if (parameters.Text("scope") is { Length: > 0 } scope and not ("Cluster" or "Namespace")) errors.NotSupported(at["parameters"]["scope"], scope, "Cluster", "Namespace");
        if (parameters.Text("scope") == "Namespace" && parameters.Text("namespace") is null or "") errors.Required(at["parameters"]["namespace"], "`parameters.scope` is set to 'Namespace'");
        if (parameters.Text("scope") is not "Namespace" && parameters.Has("namespace")) errors.Forbidden(at["parameters"]["namespace"], "`parameters.scope` is set to 'Cluster'");
    }

    protected override void CheckUpdate(JsonObject o, JsonObject old, string? subresource, Errors errors)
    {
        Check(o, errors);
        errors.Unchanged("spec.controller", o.Obj("spec").Node("controller"), old.Obj("spec").Node("controller"));
    }
}
