using Kennel.Objects.Refusals;
using Kennel.Server.Routing;

namespace Kennel.Server.Access;

/// <summary>What somebody wants to do: with objects, or, where <paramref name="Path"/> says so, with a path that is no object's.</summary>
/// <param name="Namespace">Empty at the cluster scope.</param>
/// <param name="Name">Empty for a collection that isn't narrowed down to one name.</param>
readonly record struct Ask(string Verb, string Group, string Resource, string Subresource, string Namespace, string Name, string? Path = null)
{
    const string ByName = "metadata.name=";

    public static Ask Of(Route route, RequestQuery query)
    {
        var name = route.Name.Length == 0 && route.Verb is "list" or "watch" or "deletecollection" ? NameIn(query["fieldSelector"]) : route.Name;
        // A namespace is in itself: who may read it there, may.
        var space = route.Type is { Group: "", Plural: "namespaces" } ? name : route.Namespace;
        return new(route.Verb, route.Type.Group, route.Type.Plural, route.Subresource, space, name);
    }

    public static Ask Of(string method, string path) => new(method.ToLowerInvariant(), "", "", "", "", "", path);

    /// <summary>As rules name it: <c>pods/log</c>.</summary>
    public string Combined => Subresource.Length > 0 ? $"{Resource}/{Subresource}" : Resource;

    /// <summary>Upstream's words.</summary>
    /// <param name="why">What those who decide have to say about it; empty for nothing.</param>
    public Refusal Forbid(User user, string why)
    {
        var what = Path is not null ? $"User \"{user.Name}\" cannot {Verb} path \"{Path}\""
            : $"User \"{user.Name}\" cannot {Verb} resource \"{Combined}\" in API group \"{Group}\" {(Namespace.Length > 0 ? $"in the namespace \"{Namespace}\"" : "at the cluster scope")}";
        if (why.Length > 0) what += $": {why}";
        if (Path is not null) return new(403, "Forbidden", $"forbidden: {what}");
        var qualified = Group.Length == 0 ? Resource : $"{Resource}.{Group}";
        return new(403, "Forbidden", Name.Length > 0 ? $"{qualified} \"{Name}\" is forbidden: {what}" : $"{qualified} is forbidden: {what}")
        {
            Group = Group, Kind = Resource, Name = Name.Length > 0 ? Name : null,
        };
    }

    static string NameIn(string? selector)
    {
        foreach (var part in (selector ?? "").Split(','))
            if (part.StartsWith(ByName, StringComparison.Ordinal)) return part[ByName.Length..].TrimStart('=');
        return "";
    }
}
