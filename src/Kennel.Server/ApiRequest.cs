namespace Kennel.Server;

/// <summary>One request, free of any transport: bytes in.</summary>
/// <param name="Method">GET, POST, PUT, PATCH or DELETE.</param>
/// <param name="Path">The path as sent, still percent-encoded.</param>
/// <param name="Query">What follows the <c>?</c>, still percent-encoded; empty for none.</param>
public sealed record ApiRequest(string Method, string Path, string Query, User User)
{
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Of the body; JSON when null.</summary>
    public string? ContentType { get; init; }

    /// <summary>What may be answered; JSON when null.</summary>
    public string? Accept { get; init; }

    public string? UserAgent { get; init; }

    /// <summary>As whom the user wants to act, if he may; null as himself.</summary>
    public Access.Impersonation? As { get; init; }

    /// <summary>The address that it came from; null for the parts of the same program.</summary>
    public string? Source { get; init; }

    /// <summary>The Etag of what the client already has.</summary>
    public string? IfNoneMatch { get; init; }

    /// <summary>Names the request in logs and in answers of unexpected failures.</summary>
    public string Id { get; init; } = "";

    /// <summary>Splits a path with query.</summary>
    public static ApiRequest To(string method, string pathAndQuery, User user)
    {
        var mark = pathAndQuery.IndexOf('?', StringComparison.Ordinal);
        return mark < 0 ? new(method, pathAndQuery, "", user) : new(method, pathAndQuery[..mark], pathAndQuery[(mark + 1)..], user);
    }
}
