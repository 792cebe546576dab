using Kennel.Objects.Refusals;

namespace Kennel.Server.Access;

/// <summary>Somebody acts as somebody else, as far as he may: <c>kubectl --as</c>.</summary>
/// <param name="User">Empty: only groups or the like were asked for, which doesn't do.</param>
public sealed record Impersonation(string User, IReadOnlyList<string> Groups, string Uid, IReadOnlyList<(string Key, IReadOnlyList<string> Values)> Extra)
{
    const string Account = "system:serviceaccount:";
    const string Authentication = "authentication.k8s.io";

    /// <summary>Who it is from here on, or why not.</summary>
    internal async ValueTask<Result<User>> Resolve(User asking, Authorizer authorizer, CancellationToken cancel)
    {
        if (User.Length == 0) return Refusal.Internal($"requested {Wanted()} without impersonating a user");
        foreach (var ask in Asks())
            if (!asking.In(Server.User.Masters) && await authorizer.Check(asking, ask, null, cancel) is { } refusal) return refusal;
        return new User(User, AllGroups()) { Uid = Uid, Extra = Extra };
    }

    IEnumerable<Ask> Asks()
    {
        yield return AccountOf(User) is { } account
            ? new("impersonate", "", "serviceaccounts", "", account.Namespace, account.Name)
            : new("impersonate", "", "users", "", "", User);
        foreach (var group in Groups) yield return new("impersonate", "", "groups", "", "", group);
        foreach (var (key, values) in Extra)
            foreach (var value in values) yield return new("impersonate", Authentication, "userextras", key, "", value);
        if (Uid.Length > 0) yield return new("impersonate", Authentication, "uids", "", "", Uid);
    }

    List<string> AllGroups()
    {
        List<string> groups = Groups.Count == 0 && AccountOf(User) is { } account ? [Server.User.ServiceAccounts, $"{Server.User.ServiceAccounts}:{account.Namespace}"] : [.. Groups];
        var known = User == Server.User.Anonymous.Name ? Server.User.Anonymous.Groups[0] : Server.User.Authenticated;
        if (!groups.Contains(Server.User.Authenticated) && !groups.Contains(Server.User.Anonymous.Groups[0])) groups.Add(known);
        return groups;
    }

    static (string Namespace, string Name)? AccountOf(string user) =>
        user.StartsWith(Account, StringComparison.Ordinal) && user[Account.Length..].Split(':') is [{ Length: > 0 } space, { Length: > 0 } name] ? (space, name) : null;

    string Wanted() => Groups.Count > 0 ? "groups" : Uid.Length > 0 ? "a uid" : "extra fields";
}
