using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Server.Writing;

namespace Kennel.Server.Access.Tokens;

/// <summary>What a token says: whose it is, for whom, for how long, and with which object it ends.</summary>
/// <param name="Expires">Seconds since 1970; null: never (the old kind, kept in a Secret).</param>
/// <param name="WarnAfter">Seconds since 1970 from which on the bearer should have fetched a new one; null: none.</param>
sealed record Claims(string Namespace, Bound Account, IReadOnlyList<string> Audiences, long IssuedAt, long? Expires, string Id)
{
    /// <summary>Who signs tokens that have no end, as upstream names itself in them.</summary>
    const string Old = "kubernetes/serviceaccount";
    const string OldPrefix = "kubernetes.io/serviceaccount/";

    public Bound? Pod { get; init; }

    public Bound? Secret { get; init; }

    public Bound? Node { get; init; }

    public long? WarnAfter { get; init; }

    public string UserName => $"system:serviceaccount:{Namespace}:{Account.Name}";

    public byte[] Write(string issuer) => JsonSerializer.SerializeToUtf8Bytes(Expires is null ? Lasting() : Passing(issuer));

    JsonObject Lasting() => new()
    {
        ["iss"] = Old,
        [OldPrefix + "namespace"] = Namespace,
        [OldPrefix + "secret.name"] = Secret!.Name,
        [OldPrefix + "service-account.name"] = Account.Name,
        [OldPrefix + "service-account.uid"] = Account.Uid,
        ["sub"] = UserName,
    };

    JsonObject Passing(string issuer)
    {
        var own = new JsonObject { ["namespace"] = Namespace };
        if (Node is not null) own["node"] = Node.ToJson();
        if (Pod is not null) own["pod"] = Pod.ToJson();
        if (Secret is not null) own["secret"] = Secret.ToJson();
        own["serviceaccount"] = Account.ToJson();
        if (WarnAfter is { } warn) own["warnafter"] = warn;
        return new()
        {
            ["aud"] = new JsonArray([.. Audiences.Select(a => (JsonNode)a)]),
            ["exp"] = Expires,
            ["iat"] = IssuedAt,
            ["iss"] = issuer,
            ["jti"] = Id,
            ["kubernetes.io"] = own,
            ["nbf"] = IssuedAt,
            ["sub"] = UserName,
        };
    }

    /// <summary>Null for claims that aren't ours.</summary>
    public static Claims? Read(byte[] json, string issuer, IReadOnlyList<string> ownAudiences)
    {
        var o = Stored.Parse(json);
        if (o.Text("iss") == Old)
            return new(o.Text(OldPrefix + "namespace"), new(o.Text(OldPrefix + "service-account.name"), o.Text(OldPrefix + "service-account.uid")), ownAudiences, 0, null, "")
            {
                Secret = new(o.Text(OldPrefix + "secret.name"), ""),
            };
        if (o.Text("iss") != issuer || o.Object("kubernetes.io") is not { } own || Bound.Of(own, "serviceaccount") is not { } account) return null;
        return new(own.Text("namespace"), account, [.. o.Texts("aud")], o.Number("nbf") ?? 0, o.Number("exp") ?? 0, o.Text("jti"))
        {
            Pod = Bound.Of(own, "pod"), Secret = Bound.Of(own, "secret"), Node = Bound.Of(own, "node"), WarnAfter = own.Number("warnafter"),
        };
    }
}

/// <summary>An object that a token speaks of; without a uid when it isn't known.</summary>
sealed record Bound(string Name, string Uid)
{
    public JsonObject ToJson() => Uid.Length > 0 ? new() { ["name"] = Name, ["uid"] = Uid } : new() { ["name"] = Name };

    public static Bound? Of(JsonObject claims, string name) => claims.Object(name) is { } o ? new(o.Text("name"), o.Text("uid")) : null;

    public static Bound To(JsonObject stored) => new(stored.Name(), stored.Object("metadata").Text("uid"));
}
