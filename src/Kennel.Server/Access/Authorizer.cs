using Kennel.Objects.Refusals;
using Kennel.Server.Routing;

namespace Kennel.Server.Access;

/// <summary>Who may do what. Masters may do everything, nodes too for now, everybody else nothing.</summary>
sealed class Authorizer
{
    /// <summary>Paths that are open to those who don't say who they are.</summary>
    public static bool IsPublic(string path) => path is "/healthz" or "/livez" or "/readyz" or "/version" or "/version/"
        || path.StartsWith("/healthz/", StringComparison.Ordinal) || path.StartsWith("/livez/", StringComparison.Ordinal) || path.StartsWith("/readyz/", StringComparison.Ordinal);

    /// <summary>Null when the user may.</summary>
    public Refusal? Check(User user, Route route) => Allows(user) ? null : Forbid(user, route);

    /// <summary>Null when the user may ask for a path that is no object's.</summary>
    public Refusal? Check(User user, string path, string method)
    {
        if (Allows(user) || IsPublic(path)) return null;
        return user == User.Anonymous ? Refusal.Unauthorized() : new Refusal(403, "Forbidden", $"forbidden: User \"{user.Name}\" cannot {method.ToLowerInvariant()} path \"{path}\"");
    }

    public static bool Allows(User user) => user.In(User.Masters) || user.In(User.Nodes);

    static Refusal Forbid(User user, Route route)
    {
        if (user == User.Anonymous) return Refusal.Unauthorized();
        var (type, name) = (route.Type, route.Name);
        var resource = route.Subresource.Length > 0 ? $"{type.Plural}/{route.Subresource}" : type.Plural;
        var where = route.Namespace.Length > 0 ? $"in the namespace \"{route.Namespace}\"" : "at the cluster scope";
        var why = $"User \"{user.Name}\" cannot {route.Verb} resource \"{resource}\" in API group \"{type.Group}\" {where}";
        return name.Length > 0
            ? Refusal.Forbidden(type, name, why)
            : new Refusal(403, "Forbidden", $"{type.QualifiedName} is forbidden: {why}") { Group = type.Group, Kind = type.Plural };
    }
}
