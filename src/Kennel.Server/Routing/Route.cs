using Kennel.Objects.Refusals;
using Kennel.Objects.Schemas;

namespace Kennel.Server.Routing;

/// <summary>What a path and a method mean.</summary>
/// <param name="Namespace">Empty for cluster-wide kinds and for lists over all namespaces.</param>
/// <param name="Name">Empty for a collection.</param>
/// <param name="Subresource">Empty for the object itself.</param>
/// <param name="Verb">As upstream names it: get, list, watch, create, update, patch, delete, deletecollection.</param>
public sealed record Route(ResourceType Type, string Namespace, string Name, string Subresource, string Verb)
{
    /// <summary>What follows <c>/proxy</c> in the path, still percent-encoded; empty for nothing, not even a slash.</summary>
    public string Tail { get; init; } = "";

    /// <summary>Store key of the object.</summary>
    public string Key => KeyOf(Type, Namespace, Name);

    /// <summary>Store prefix of the collection.</summary>
    public string Prefix => $"{Root(Type)}{(Namespace.Length == 0 ? "" : Namespace + "/")}";

    public static string KeyOf(ResourceType type, string space, string name) => type.Namespaced ? $"{Root(type)}{space}/{name}" : Root(type) + name;

    public static string Root(ResourceType type) => $"/registry/{(type.Group.Length == 0 ? "core" : type.Group)}/{type.Plural}/";

    /// <summary>Null when the path is no path of an object or a collection (discovery, health, documents).</summary>
    internal static Result<Route>? Find(Catalog catalog, string method, string path, RequestQuery query)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var start = parts is ["api", _, ..] ? 2 : parts is ["apis", _, _, ..] ? 3 : int.MaxValue;
        if (parts.Length <= start) return null;
        for (var i = 0; i < parts.Length; i++) parts[i] = Uri.UnescapeDataString(parts[i]);
        var (group, version) = start == 2 ? ("", parts[1]) : (parts[1], parts[2]);
        return Proxied(catalog, method, path, group, version, parts, start, query) ?? Resolve(catalog, method, group, version, parts.AsSpan(start), query);
    }

    /// <summary>Whatever follows <c>proxy</c> is the business of whom it leads to; null for every other path.</summary>
    static Result<Route>? Proxied(Catalog catalog, string method, string path, string group, string version, string[] parts, int start, RequestQuery query)
    {
        var own = start + (parts.Length > start + 3 && parts[start] == "namespaces" ? 5 : 3);
        if (parts.Length < own || parts[own - 1] != "proxy") return null;
        var found = Resolve(catalog, method, group, version, parts.AsSpan(start, own - start), query);
        return found.Refusal is null ? found.Value with { Tail = After(path, own) } : found;
    }

    /// <summary>The rest of a path behind so many of its parts.</summary>
    static string After(string path, int parts)
    {
        var at = 0;
        for (; parts > 0; parts--)
        {
            while (path[at] == '/') at++;
            while (at < path.Length && path[at] != '/') at++;
        }
        return path[at..];
    }

    static Result<Route> Resolve(Catalog catalog, string method, string group, string version, ReadOnlySpan<string> rest, RequestQuery query)
    {
        var space = "";
        if (rest is ["namespaces", _, _, ..] && !(rest.Length == 3 && rest[2] is "status" or "finalize"))
        {
            space = rest[1];
            rest = rest[2..];
        }
        if (rest.Length > 3 || catalog.Find(group, version, rest[0]) is not { } type || (space.Length > 0 && !type.Namespaced)) return Refusal.NoSuchPath();
        var name = rest.Length > 1 ? rest[1] : "";
        var subresource = rest.Length > 2 ? rest[2] : "";
        if (subresource.Length > 0 && type.Find(subresource) is null) return Refusal.NoSuchPath();
        if (type.Namespaced && space.Length == 0 && (name.Length > 0 || method is not ("GET" or "HEAD" or "POST"))) return Refusal.NoSuchPath();
        if (name.Contains('/') || space.Contains('/') || name is "." or ".." || name.Contains('%')) return Refusal.BadRequest($"invalid resource name \"{name}\": [may not contain '/']");
        return VerbOf(method, type, name, subresource, query) is { } verb ? new Route(type, space, name, subresource, verb) : Refusal.MethodNotAllowed();
    }

    static string? VerbOf(string method, ResourceType type, string name, string subresource, RequestQuery query)
    {
        var verb = (method, name.Length > 0) switch
        {
            ("GET" or "HEAD", _) when subresource.Length == 0 && query.Flag("watch") => "watch",
            ("GET" or "HEAD", true) => "get",
            ("GET" or "HEAD", false) => "list",
            ("POST", _) => "create",
            ("PUT", true) => "update",
            ("PATCH", true) => "patch",
            ("DELETE", true) => "delete",
            ("DELETE", false) => "deletecollection",
            _ => null,
        };
        if (verb == "create" && name.Length > 0 && subresource.Length == 0) return null;
        var allowed = subresource.Length == 0 ? type.Verbs : type.Find(subresource)!.Verbs;
        return verb is not null && allowed.Contains(verb) ? verb : null;
    }
}
