using System.Text.Json.Nodes;
using Kennel.Objects.Schemas;
using Kennel.Server.Routing;
using Kennel.Server.Writing;
using Kennel.Store;

namespace Kennel.Server.Access.Tokens;

/// <summary>Signs the tokens of service accounts and tells whose a token is, as long as the account and the object that it is bound to exist.</summary>
sealed class AccountTokens(IStore store, Catalog catalog, SigningKey key, TimeProvider time)
{
    public const string Issuer = "https://kubernetes.default.svc.cluster.local";

    /// <summary>For whom tokens are that don't say: this API.</summary>
    public static readonly IReadOnlyList<string> OwnAudiences = [Issuer];

    /// <summary>An object on its way out vouches for its tokens a while longer: pods say good-bye with them.</summary>
    static readonly TimeSpan s_leeway = TimeSpan.FromSeconds(60);

    readonly KnownTokens _known = new();

    public SigningKey Key => key;

    public string Sign(Claims claims) => key.Sign(claims.Write(Issuer));

    /// <summary>Whose a token is, for one of these audiences; null and why when it is nobody's.</summary>
    public async ValueTask<(User? User, IReadOnlyList<string> Audiences, string Why)> Check(string token, IReadOnlyList<string> audiences, CancellationToken cancel)
    {
        if (Read(token) is not { } seen) return (null, [], "invalid bearer token");
        var claims = seen.Claims;
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        if (claims.Expires <= now) return No("service account token has expired");
        if (claims.IssuedAt > now + s_leeway.TotalSeconds) return No("service account token is not valid yet");
        IReadOnlyList<string> shared = [.. audiences.Where(claims.Audiences.Contains)];
        if (shared.Count == 0) return No($"token audiences [{Quoted(claims.Audiences)}] is invalid for the target audiences [{Quoted(audiences)}]");
        return await Missing(token, seen, cancel) is { } missing ? No(missing) : (seen.User, shared, "");
    }

    KnownToken? Read(string token)
    {
        if (_known.Find(token) is { } known) return known;
        if (key.Verify(token) is not { } json || Claims.Read(json, Issuer, OwnAudiences) is not { } claims) return null;
        return _known.Add(token, new(claims, UserOf(claims)));
    }

    /// <summary>Null when everything that the token stands on is there.</summary>
    async ValueTask<string?> Missing(string token, KnownToken seen, CancellationToken cancel)
    {
        var (claims, space) = (seen.Claims, seen.Claims.Namespace);
        if (await Find("serviceaccounts", space, claims.Account.Name, cancel) is not { } account) return $"serviceaccounts \"{claims.Account.Name}\" not found";
        var secret = claims.Secret is null ? null : await Find("secrets", space, claims.Secret.Name, cancel);
        var pod = claims.Pod is null ? null : await Find("pods", space, claims.Pod.Name, cancel);
        var node = claims.Pod is not null || claims.Node is null ? null : await Find("nodes", "", claims.Node.Name, cancel);
        var standing = new Standing(account.Modified, secret?.Modified ?? 0, pod?.Modified ?? 0, node?.Modified ?? 0);
        if (seen.Good == standing) return null; // nothing of it has changed since it was looked at
        var why = Wrong(account, claims.Account) ? $"service account {space}/{claims.Account.Name} has been deleted"
            : claims.Secret is { } s && (claims.Expires is null ? !Holds(secret, token) : Wrong(secret, s)) ? "service account token has been invalidated"
            : claims.Pod is { } p && Wrong(pod, p) ? "service account token has been invalidated"
            : claims.Pod is null && claims.Node is { } n && Wrong(node, n) ? "service account token has been invalidated"
            : null;
        // What is being deleted is looked at each time: it is the clock that ends it.
        if (why is null && !Leaving(account) && !Leaving(secret) && !Leaving(pod) && !Leaving(node)) seen.Good = standing;
        return why;
    }

    ValueTask<Entry?> Find(string plural, string space, string name, CancellationToken cancel) => store.Get(Route.KeyOf(catalog.Find("", "v1", plural)!, space, name), cancel);

    bool Wrong(Entry? entry, Bound bound)
    {
        if (entry is null) return true;
        var metadata = Stored.Parse(entry.Value).Metadata();
        if (metadata.Text("uid") != bound.Uid) return true;
        return metadata.Text("deletionTimestamp") is { Length: > 0 } at && Objects.Wire.Time(at) < time.GetUtcNow() - s_leeway;
    }

    static bool Leaving(Entry? entry) => entry?.Value.Span.IndexOf("\"deletionTimestamp\""u8) >= 0;

    /// <summary>A token without an end is good for as long as its Secret holds it.</summary>
    static bool Holds(Entry? secret, string token)
    {
        if (secret is null || Stored.Parse(secret.Value) is not { } o || o.Deleting()) return false;
        return o.Object("data").Text("token") is { Length: > 0 } kept && kept == Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(token));
    }

    static User UserOf(Claims claims)
    {
        var extra = new List<(string, IReadOnlyList<string>)>();
        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value)) extra.Add(($"authentication.kubernetes.io/{name}", [value]));
        }
        if (claims.Id.Length > 0) Add("credential-id", $"JTI={claims.Id}");
        Add("node-name", claims.Node?.Name);
        Add("node-uid", claims.Node?.Uid);
        Add("pod-name", claims.Pod?.Name);
        Add("pod-uid", claims.Pod?.Uid);
        return new(claims.UserName, [User.ServiceAccounts, $"{User.ServiceAccounts}:{claims.Namespace}", User.Authenticated]) { Uid = claims.Account.Uid, Extra = extra };
    }

    static (User?, IReadOnlyList<string>, string) No(string why) => (null, [], why);

    static string Quoted(IEnumerable<string> texts) => string.Join(' ', texts.Select(t => $"\"{t}\""));
}
