using Kennel.Objects.Refusals;
using Kennel.Objects.Schemas;
using Kennel.Server.Access.Nodes;
using Kennel.Server.Access.Roles;
using Kennel.Server.Routing;
using Kennel.Store;

namespace Kennel.Server.Access;

/// <summary>Step 3, who may do what: masters everything, nodes what their pods need, and everybody what their roles say.</summary>
sealed class Authorizer(IStore store, Catalog catalog)
{
    readonly RoleBook _book = new(store);
    readonly NodeRights _nodes = new(store, catalog);

    /// <summary>Paths that are open to those who don't say who they are.</summary>
    public static bool IsPublic(string path) => path is "/healthz" or "/livez" or "/readyz" or "/version" or "/version/"
        || path.StartsWith("/healthz/", StringComparison.Ordinal) || path.StartsWith("/livez/", StringComparison.Ordinal) || path.StartsWith("/readyz/", StringComparison.Ordinal);

    /// <summary>Null when the user may.</summary>
    public ValueTask<Refusal?> Check(User user, Route route, RequestQuery query, CancellationToken cancel)
    {
        if (user.In(User.Masters)) return default;
        var ask = Ask.Of(route, query);
        return route.Subresource is "exec" or "attach" or "portforward" && ask.Verb == "get"
            ? Both(user, ask, ask with { Verb = "create" }, cancel) // an upgrade is a GET, and changes what runs all the same
            : Check(user, ask, query["fieldSelector"], cancel);
    }

    /// <summary>Null when the user may ask for a path that is no object's.</summary>
    public ValueTask<Refusal?> Check(User user, string path, string method, CancellationToken cancel) =>
        user.In(User.Masters) || IsPublic(path) ? default : Check(user, Ask.Of(method, path), null, cancel);

    /// <summary>Null when the user may.</summary>
    public async ValueTask<Refusal?> Check(User user, Ask ask, string? fieldSelector, CancellationToken cancel) =>
        await Judge(user, ask, fieldSelector, cancel) is { Allowed: false } opinion ? ask.Forbid(user, opinion.Why) : null;

    public async ValueTask<Opinion> Judge(User user, Ask ask, string? fieldSelector, CancellationToken cancel)
    {
        if (user.In(User.Masters)) return new(true);
        var asNode = user.Node is { } node ? await _nodes.Judge(node, ask, fieldSelector, cancel) : default;
        if (asNode.Allowed) return asNode;
        await _book.Begin(cancel);
        if (RoleCheck.Judge(_book, user, ask) is { Allowed: true } allowed) return allowed;
        await _book.CatchUp(cancel); // a role may have been given just now
        var opinion = RoleCheck.Judge(_book, user, ask);
        return opinion.Allowed || string.IsNullOrEmpty(asNode.Why) ? opinion : new(false, opinion.Why.Length > 0 ? $"{asNode.Why}, {opinion.Why}" : asNode.Why);
    }

    /// <summary>Everything that a user's roles allow in a namespace, and which of the roles are missing.</summary>
    public async ValueTask<(IReadOnlyList<Rule> Rules, IReadOnlyList<string> Missing)> RulesOf(User user, string space, CancellationToken cancel)
    {
        await _book.Begin(cancel);
        await _book.CatchUp(cancel);
        return RoleCheck.RulesOf(_book, user, space);
    }

    /// <summary>The rules of a role that a binding names; null when there is none.</summary>
    public async ValueTask<IReadOnlyList<Rule>?> RulesOf(string kind, string space, string role, CancellationToken cancel)
    {
        await _book.Begin(cancel);
        await _book.CatchUp(cancel);
        return _book.Find(kind, space, role);
    }

    async ValueTask<Refusal?> Both(User user, Ask one, Ask other, CancellationToken cancel) =>
        await Check(user, one, null, cancel) ?? await Check(user, other, null, cancel);
}
